// Focus over a redraw of the form: a control that you moved on to keeps focus and caret. After a press on a button the
// focus goes where the answer says, and after a validation error to the list of errors.

import { editableFormOf, redrawsForm } from "./lib/forms.js";

  const caretOf = (element) => {
  try { return [element.selectionStart, element.selectionEnd]; } catch { return [null, null]; }
};

const first = (tasks) => tasks.filter(({ target }) => target.isConnected && target.closest?.("form"))
  .flatMap(({ target }) => [...target.querySelectorAll("input, select, textarea, button")])
  .find((control) => control.checkVisibility() && !control.disabled);

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  if (!redrawsForm(ctx)) return;
  const held = document.activeElement;
  const elsewhere = held.id && editableFormOf(held) && held !== ctx.sourceElement && held !== ctx.request.submitter;
  ctx.place = { tasks, pressed: ctx.sourceElement.matches("button"), held: elsewhere ? held.id : "", caret: elsewhere ? caretOf(held) : [] };
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.place) return;
  const { tasks, pressed, held, caret } = ctx.place;
  const holder = held && document.getElementById(held);
  const errors = ctx.response?.status === 422 && document.querySelector(".form .errors");
  errors?.scrollIntoView?.({ block: "nearest" });
  if (holder && holder !== document.activeElement) {
    holder.focus({ preventScroll: true });
    if (caret[0] !== null) holder.setSelectionRange?.(...caret);
  } else if (errors && !holder) {
    errors.querySelector("a")?.focus();
  } else if (pressed && document.activeElement === document.body) {
    first(tasks)?.focus({ preventScroll: true });
  }
});
