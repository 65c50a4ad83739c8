// <button data-set="#field" data-value="..."> writes that value into the field; data-now="-3600" writes the time now, that many seconds off.

import { announceInput } from "./lib/forms.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-set]");
  const field = button && document.querySelector(button.dataset.set);
  if (!field) return;
  const now = button.dataset.now;
  field.value = now === undefined ? button.dataset.value : String(Math.floor(Date.now() / 1000) + Number(now));
  announceInput(field);
  field.focus();
});
