// Tells a form that the server has drawn a part of it anew, so that its preview follows. The preview's own answer does not count.
"use strict";

document.addEventListener("htmx:after:swap", (event) => {
  const action = event.detail?.ctx?.request?.action;
  for (const form of document.querySelectorAll(".form[data-edit]")) {
    if (action === form.dataset.edit) form.dispatchEvent(new Event("form:drawn"));
  }
});
