// A chosen file fills the fields beside it: its name, its media type, its bytes in base64. Or, beside a field that asks
// for a URL, it is sent to be served. Without this script the browser posts the file itself, and the server does the same.

import { announceInput } from "./lib/forms.js";

const base64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onerror = () => reject(reader.error);
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.readAsDataURL(file);
});

document.addEventListener("change", async (event) => {
  const picker = event.target.closest("[data-file]");
  const file = picker?.files[0];
  const ids = picker?.dataset.file.split(" ") ?? [];
  if (!file || ids.length !== 3) return;
  const values = [file.name, file.type || "application/octet-stream", await base64(file)];
  const fields = ids.map((id) => document.getElementById(id)); // as they are by now
  if (fields.includes(null)) return;
  const group = picker.closest("fieldset");
  group?.querySelector(':scope > .control > .switch input[value="in"]')?.click();
  fields.forEach((field, index) => {
    field.value = values[index];
    announceInput(field);
  });
  picker.value = "";
});

const say = (picker, kind, role, text) => {
  picker.parentElement.querySelector(":scope > .file-note")?.remove();
  picker.parentElement.append(Object.assign(document.createElement("p"), { className: `${kind} file-note`, role, textContent: text }));
};
const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

document.addEventListener("change", (event) => { // before the others: a file that is too large is not sent
  const picker = event.target, [file] = picker.files ?? [], most = Number(picker.dataset?.most);
  picker.parentElement.querySelector(":scope > .file-note")?.remove();
  if (!file || !most || file.size <= most) return;
  event.stopImmediatePropagation();
  picker.value = "";
  say(picker, "error", "alert", `${file.name} has ${size(file.size)}. Choose a file of at most ${size(most)}.`);
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-share]") && event.target.files.length) event.target.parentElement.querySelector(".sharer").click();
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const picker = ctx.sourceElement.matches?.(".sharer") && ctx.sourceElement.parentElement.querySelector("[data-share]");
  if (!picker || !picker.files.length) return;
  say(picker, "muted", "status", `Opening ${picker.files[0].name}…`);
  picker.value = "";
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches?.(".sharer")) document.querySelector('.file-note[role="status"]')?.remove();
});
