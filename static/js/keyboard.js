// "/" goes to the filter, Ctrl/Cmd+Enter runs, Esc cancels the run that goes on (or leaves the filter).
// A page takes part by data-filter, data-run and data-cancel on its own controls.

import { announceInput } from "./lib/forms.js";
import { isTyping, singleKeys } from "./lib/keys.js";

const visible = (selector) => [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());

const run = () => {
  const button = visible("button[data-run]");
  if (button && !button.disabled) button.form ? button.form.requestSubmit(button) : button.click();
  return button;
};

const escape = (target) => {
  if (target.matches('[data-filter], [type="search"]')) {
    target.value = "";
    announceInput(target);
    target.blur();
    return true;
  }
  const cancel = visible("[data-cancel]");
  if (!cancel || target.matches('[aria-expanded="true"]') || document.querySelector("dialog[open], :popover-open")) return false;
  cancel.click();
  return true;
};

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (run()) event.preventDefault();
  } else if (event.key === "Escape") {
    if (escape(target)) event.preventDefault();
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event) && singleKeys()) {
    const filter = visible("[data-filter]");
    if (!filter) return;
    event.preventDefault();
    filter.focus();
    filter.select();
  }
});
