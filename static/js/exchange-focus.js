// The list of exchanges is one stop of the Tab key: the row that is open, or the one on which the arrow keys rest.

const rows = () => document.querySelectorAll(".net tbody .url > a");

const settle = (chosen = document.querySelector('.net tbody .url > a[aria-current="true"]')) => {
  if (!chosen) return;
  for (const each of rows()) each.tabIndex = each === chosen ? 0 : -1;
};

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".net tbody .url > a")) settle(event.target);
});
document.addEventListener("htmx:after:swap", () => {
  const focused = document.activeElement;
  settle(focused?.matches?.(".net tbody .url > a") ? focused : undefined);
});
addEventListener("DOMContentLoaded", () => settle());
