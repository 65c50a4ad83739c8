// Where one is in a form stays while it is drawn anew: whoever has gone on to another control keeps the focus and the
// caret. After a press on a button the focus goes where the answer says, and after a refusal to what is wrong.
"use strict";

(() => {
  const formOf = (element) => element?.form?.querySelector(".form[data-edit]") ? element.form : null;

  const caretOf = (element) => {
    try { return [element.selectionStart, element.selectionEnd]; } catch { return [null, null]; }
  };

  const first = (tasks) => tasks.filter(({ target }) => target.isConnected && target.closest?.("form"))
    .flatMap(({ target }) => [...target.querySelectorAll("input, select, textarea, button")])
    .find((control) => control.checkVisibility() && !control.disabled);

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (!ctx.request?.form?.querySelector(".form[data-edit]") || ctx.sourceElement.matches(".form")) return;
    const held = document.activeElement;
    const elsewhere = held.id && formOf(held) && held !== ctx.sourceElement && held !== ctx.request.submitter;
    ctx.place = { tasks, pressed: ctx.sourceElement.matches("button"), held: elsewhere ? held.id : "", caret: elsewhere ? caretOf(held) : [] };
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!ctx.place) return;
    const { tasks, pressed, held, caret } = ctx.place;
    const holder = held && document.getElementById(held);
    const refusal = ctx.response?.status === 422 && document.querySelector(".form .problems");
    refusal?.scrollIntoView?.({ block: "nearest" });
    if (holder && holder !== document.activeElement) {
      holder.focus({ preventScroll: true });
      if (caret[0] !== null) holder.setSelectionRange?.(...caret);
    } else if (refusal && !holder) {
      refusal.querySelector("a")?.focus();
    } else if (pressed && document.activeElement === document.body) {
      first(tasks)?.focus({ preventScroll: true });
    }
  });
})();
