// Updates the preview of a form after the server has redrawn a part of it. The preview's own answer does not count.

import { editableParts } from "./lib/forms.js";

document.addEventListener("htmx:after:swap", (event) => {
  const action = event.detail?.ctx?.request?.action;
  for (const form of editableParts()) if (action === form.dataset.edit) form.dispatchEvent(new Event("form:update"));
});
