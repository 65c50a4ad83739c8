// Brings the marked node of a tree and the chosen row of the exchanges into view, within their own scrolling box. Who
// has scrolled away from the newest exchange stays there as more of them come. The first match of a search in the bodies of an
// exchange comes into view, too, once for the words that are searched for.
// A console that was scrolled to its end stays at its end as lines are added.

const shown = new WeakMap();

const isIn = (mark, box) => {
  const at = mark.getBoundingClientRect(), view = box.getBoundingClientRect();
  return at.bottom > view.top && at.top < view.bottom;
};

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
const row = () => document.querySelector('.net [aria-current="true"]');
let atEnd = false, left = null;

const note = () => {
  const box = pane(), chosen = row(), list = chosen?.closest(".scroll");
  atEnd = Boolean(box?.scrollTop) && box.scrollTop + box.clientHeight > box.scrollHeight - 8;
  left = chosen && !isIn(chosen, list) ? list : null;
};

let words = "";
const bringMatch = () => {
  const now = document.getElementById("body-find")?.getAttribute("value") ?? "";
  if (now && now !== words) document.querySelector(".exchange :is(mark, [data-hit])")?.scrollIntoView({ block: "nearest" });
  words = now;
};

const look = () => {
  if (atEnd) pane()?.scrollTo(0, pane().scrollHeight);
  document.querySelectorAll(".tree [data-hit]").forEach((mark) => bring(mark, mark.closest(".tree")));
  bringMatch();
  const chosen = row(), list = chosen?.closest(".scroll");
  if (list?.dataset.scrolled !== undefined && !shown.has(list)) { // an address that shows another part of the list
    const rows = list.querySelectorAll("tbody .url > a");
    bring(rows[rows.length >> 1], list);
    shown.set(list, chosen.id);
  } else if (chosen && list !== left) bring(chosen, list);
};

look();
document.addEventListener("htmx:before:swap", note);
document.addEventListener("htmx:after:swap", look);
