// Brings the marked node of a tree and the chosen row of the exchanges into view, within their own scrolling box.
"use strict";

(() => {
  const shown = new WeakMap();

  const bring = (mark, box) => {
    if (!box || box.scrollHeight <= box.clientHeight) return;
    const key = mark.id || mark.textContent;
    if (shown.get(box) === key) return;
    shown.set(box, key);
    const offset = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (offset < 0 || offset > box.clientHeight - 40) box.scrollTop += offset - box.clientHeight / 3;
  };

  const look = () => {
    document.querySelectorAll(".tree [data-hit]").forEach((mark) => bring(mark, mark.closest(".tree")));
    document.querySelectorAll('.net [aria-current="true"]').forEach((mark) => bring(mark, mark.closest(".scroll")));
  };

  look();
  document.addEventListener("htmx:after:swap", look);
})();
