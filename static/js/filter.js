// <input data-filter="#list"> hides the items of that list whose text lacks one of the typed words.
// An item is marked by data-item; its data-item may hold more words than it shows. A [data-none] shows where
// nothing is left, its [data-none-text] what was typed. Enter opens the first item, or the first link of
// data-filter-next="#other", which the server fills; while there is neither, it submits the field's form.

const apply = (input) => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const list of document.querySelectorAll(input.dataset.filter)) {
    let left = 0;
    for (const item of list.querySelectorAll("[data-item]")) {
      const text = `${item.dataset.item} ${item.textContent}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) left += 1;
    }
    for (const group of list.querySelectorAll("[data-group]")) {
      group.hidden = words.length > 0 && !group.querySelector("[data-item]:not([hidden])");
    }
    for (const none of list.querySelectorAll("[data-none]")) {
      none.hidden = left > 0 || words.length === 0;
      none.querySelector("[data-none-text]").textContent = input.value.trim();
    }
  }
};

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-filter]")) apply(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-filter]")) return;
  const { filter, filterNext } = event.target.dataset;
  const first = document.querySelector(filter)?.querySelector("[data-item]:not([hidden])");
  const next = filterNext && document.querySelector(filterNext)?.querySelector("a");
  if (filterNext && !first && !next) return;
  event.preventDefault();
  ((first?.matches("a") ? first : first?.querySelector("a")) ?? next)?.click();
});
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-filter]").forEach(apply));
addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-filter]").forEach(apply));
