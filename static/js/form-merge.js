// Keeps what you type while the server redraws the form: its answer knows only what the form held at the request.
// Every other control gets the value of the answer, except secrets, which no answer contains.

import { announceInput, editableFormOf, editableParts, redrawsForm } from "./lib/forms.js";

const touched = new Set();
  
const note = (event) => { if (editableFormOf(event.target)) touched.add(event.target); };
document.addEventListener("input", note, true);
document.addEventListener("change", note, true);

const follow = (control, reset) => {
  if (control.type === "radio" || control.type === "checkbox") control.checked = control.defaultChecked;
  else if (control.matches("select")) {
    const chosen = [...control.options].findIndex((option) => option.defaultSelected);
    control.selectedIndex = Math.max(chosen, 0);
  } else if (control.matches("input:not([type=hidden], [type=file]), textarea")) {
    const secret = !reset && control.closest(".secret");
    if (!secret && control.value !== control.defaultValue) control.value = control.defaultValue;
  }
};

const restore = (form, { name, value, radio, checked }) => {
  const other = name.endsWith(".lines") ? name.slice(0, -6) : `${name}.lines`;
  const named = (one) => [...form.elements].filter((control) => control.name === one && control.type !== "file");
  const found = [...named(name), ...named(other)].find((control) => !radio || control.value === value);
  if (!found) return;
  if (radio) found.checked = checked;
  else if (found.value !== value) found.value = value;
  announceInput(found);
};

document.addEventListener("htmx:before:request", (event) => { if (redrawsForm(event.detail.ctx)) touched.clear(); });
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  if (!redrawsForm(ctx)) return;
  const typed = [...touched].filter((control) => control.isConnected && control.name)
    .map(({ name, value, type, checked }) => ({ name, value, checked, radio: type === "radio" || type === "checkbox", off: type === "radio" && !checked }));
  ctx.merge = { tasks, typed };
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.merge) return;
  const { tasks, typed } = ctx.merge;
  const reset = /^(reset|clear)/.test(ctx.request.submitter?.value ?? ctx.sourceElement?.value ?? "");
  for (const { target } of tasks) {
    const drawn = target instanceof Element && target.isConnected ? target : null;
    for (const control of drawn?.querySelectorAll("input, select, textarea") ?? []) if (editableFormOf(control) && !touched.has(control)) follow(control, reset);
  }
  const form = editableParts()[0]?.closest("form");
  for (const one of typed) if (form && !one.off) restore(form, one);
});
