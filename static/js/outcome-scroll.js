// Brings the marked node of a tree and the chosen row of the exchanges into view, within their own scrolling box.
// A console that was scrolled to its end stays at its end as lines are added.

const shown = new WeakMap();

const bring = (mark, box) => {
  if (!box) return;
  const key = mark.id || mark.textContent;
  if (shown.get(box) === key) return;
  shown.set(box, key);
  const at = mark.getBoundingClientRect(), view = box.getBoundingClientRect();
  if (at.top < view.top || at.bottom > view.bottom - 20) box.scrollTop += at.top - view.top - box.clientHeight / 3;
  if (at.left > view.left + box.clientWidth * 0.6) box.scrollLeft += at.left - view.left - box.clientWidth / 4;
};

const pane = () => document.querySelector(".outcome:has(.console)");
let atEnd = false;

const note = () => {
  const box = pane();
  atEnd = Boolean(box?.scrollTop) && box.scrollTop + box.clientHeight > box.scrollHeight - 8;
};

const look = () => {
  if (atEnd) pane()?.scrollTo(0, pane().scrollHeight);
  document.querySelectorAll(".tree [data-hit]").forEach((mark) => bring(mark, mark.closest(".tree")));
  document.querySelectorAll('.net [aria-current="true"]').forEach((mark) => bring(mark, mark.closest(".scroll")));
};

look();
document.addEventListener("htmx:before:swap", note);
document.addEventListener("htmx:after:swap", look);
