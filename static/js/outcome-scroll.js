// Brings the marked node of a tree and the chosen row of the exchanges into view, within their own scrolling box.
"use strict";

(() => {
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

  const look = () => {
    document.querySelectorAll(".tree [data-hit]").forEach((mark) => bring(mark, mark.closest(".tree")));
    document.querySelectorAll('.net [aria-current="true"]').forEach((mark) => bring(mark, mark.closest(".scroll")));
  };

  look();
  document.addEventListener("htmx:after:swap", look);
})();
