// <button data-set="#field" data-value="..."> writes that value into the field; data-now="-3600" writes the time now, that
// many seconds off; data-line="..." adds the value as a line.

import { announceInput } from "./lib/forms.js";

const withLine = (text, line) => `${text}${text && !text.endsWith("\n") ? "\n" : ""}${line}\n`;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-set]");
  const field = button && document.querySelector(button.dataset.set);
  if (!field) return;
  const { now, line, value } = button.dataset;
  if (line !== undefined) field.value = withLine(field.value, line);
  else field.value = now === undefined ? value : String(Math.floor(Date.now() / 1000) + Number(now));
  announceInput(field);
  field.focus();
});
