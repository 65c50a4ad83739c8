// Requests that draw a form anew go one at a time. A button that is pressed meanwhile waits for the answer before it
// and is then pressed in the form as it stands, so no answer undoes another and no press is lost.
"use strict";

(() => {
  let busy = null;
  let waiting = [];

  const redraws = ({ sourceElement, request }) =>
    sourceElement?.matches("form, button") && request?.form?.querySelector(".form[data-edit]");

  const again = ({ sourceElement, request }) => {
    if (sourceElement.matches("form")) return () => request.form.isConnected && request.form.requestSubmit(request.submitter);
    const { name, value } = sourceElement;
    return () => document.querySelector(`button[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.click();
  };

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (!redraws(ctx)) return;
    if (busy) {
      event.preventDefault();
      waiting.push(again(ctx));
    } else busy = ctx;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (ctx !== busy) return;
    busy = null;
    if (ctx.status.startsWith("error")) waiting = [];
    while (!busy && waiting.length) waiting.shift()();
  });
})();
