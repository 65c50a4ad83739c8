// Sends requests that redraw a form one at a time. A button pressed meanwhile waits for the answer and is then pressed
// in the new form, so that no answer undoes another and no press is lost.

import { postsForm } from "./lib/forms.js";

let busy = null;
let waiting = [];

const redraws = (context) => context.sourceElement?.matches("form, button") && postsForm(context);

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
