// What is typed while the form is being drawn anew stays: the answer knows only what was there when it was asked for.
// Everything else becomes what the answer says, secrets excepted, which no answer holds.
"use strict";

(() => {
  const touched = new Set();
  const formOf = (element) => element?.form?.querySelector(".form[data-edit]") ? element.form : null;
  const posts = ({ sourceElement, request }) => request?.form?.querySelector(".form[data-edit]") && !sourceElement.matches(".form");

  const note = (event) => { if (formOf(event.target)) touched.add(event.target); };
  document.addEventListener("input", note, true);
  document.addEventListener("change", note, true);

  const follow = (control, anew) => {
    if (control.type === "radio" || control.type === "checkbox") control.checked = control.defaultChecked;
    else if (control.matches("select")) {
      const chosen = [...control.options].findIndex((option) => option.defaultSelected);
      control.selectedIndex = Math.max(chosen, 0);
    } else if (control.matches("input:not([type=hidden], [type=file]), textarea")) {
      const kept = !anew && control.closest(".secret");
      if (!kept && control.value !== control.defaultValue) control.value = control.defaultValue;
    }
  };

  const restore = (form, { name, value, radio }) => {
    const other = name.endsWith(".lines") ? name.slice(0, -6) : `${name}.lines`;
    const named = (one) => [...form.elements].filter((control) => control.name === one && control.type !== "file");
    const found = [...named(name), ...named(other)].find((control) => !radio || control.value === value);
    if (!found) return;
    if (radio) found.checked = true;
    else if (found.value !== value) found.value = value;
    found.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("htmx:before:request", (event) => { if (posts(event.detail.ctx)) touched.clear(); });
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (!posts(ctx)) return;
    const typed = [...touched].filter((control) => control.isConnected && control.name)
      .map(({ name, value, type, checked }) => ({ name, value, radio: type === "radio", off: type === "radio" && !checked }));
    ctx.kept = { tasks, typed };
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!ctx.kept) return;
    const { tasks, typed } = ctx.kept;
    const anew = /^(reset|clear)/.test(ctx.request.submitter?.value ?? ctx.sourceElement?.value ?? "");
    for (const { target } of tasks) {
      const drawn = target instanceof Element && target.isConnected ? target : null;
      for (const control of drawn?.querySelectorAll("input, select, textarea") ?? []) if (formOf(control) && !touched.has(control)) follow(control, anew);
    }
    const form = document.querySelector(".form[data-edit]")?.closest("form");
    for (const one of typed) if (form && !one.off) restore(form, one);
  });
})();
