// The folder field's list of completions, as a combobox: arrows choose, Tab or Enter takes, Esc closes.
// The list itself comes from the server as one types.

import { announceInput } from "./lib/forms.js";

const field = (element) => element.closest?.("[data-complete]")?.querySelector("[role=combobox]");
const list = (input) => document.getElementById(input.getAttribute("aria-controls"));

const close = (input) => {
  list(input).replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
};

const choose = (input, option) => {
  for (const other of list(input).children) other.setAttribute("aria-selected", String(other === option));
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};

const take = (input, option) => {
  input.value = option.dataset.value;
  close(input);
  input.focus();
  announceInput(input);
};

document.addEventListener("keydown", (event) => {
  const input = event.target.matches?.("[role=combobox]") ? event.target : null;
  if (!input || !list(input).children.length) return;
  const options = [...list(input).children];
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(input, options[(at + step + options.length) % options.length]);
  else if (event.key === "Escape") close(input);
  else if (event.key === "Tab" && !event.shiftKey) take(input, options[Math.max(at, 0)]);
  else if (event.key === "Enter" && at >= 0) take(input, options[at]);
  else return;
  event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[data-complete] [role=option]");
  if (option) { event.preventDefault(); take(field(option), option); }
});
document.addEventListener("focusout", (event) => { if (event.target.matches?.("[role=combobox]")) close(event.target); });
document.addEventListener("htmx:after:swap", () => {
  for (const input of document.querySelectorAll("[role=combobox]")) input.setAttribute("aria-expanded", String(list(input).children.length > 0));
});
