// The list of exchanges is one stop of the Tab key: the row that is open, or the one on which the arrow keys rest. A row that
// had the focus has it again where an update took it out of the list and the next one brings it back.

const rows = () => document.querySelectorAll(".net tbody .url > a");

const settle = (chosen = document.querySelector('.net tbody .url > a[aria-current="true"]')) => {
  if (!chosen) return;
  for (const each of rows()) each.tabIndex = each === chosen ? 0 : -1;
};

let last = "";
document.addEventListener("focusin", (event) => {
  const isRow = event.target.matches?.(".net tbody .url > a");
  last = isRow ? event.target.id : "";
  if (isRow) settle(event.target);
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.(".net tbody")) last = "";
});
document.addEventListener("htmx:after:swap", () => {
  if (last && document.activeElement === document.body) document.getElementById(last)?.focus({ preventScroll: true });
  const focused = document.activeElement;
  settle(focused?.matches?.(".net tbody .url > a") ? focused : undefined);
});
addEventListener("DOMContentLoaded", () => settle());
