// A chosen file fills the fields beside it: its name, its media type, its bytes in base64. Without this script the
// browser posts the file itself, and the server does the same.
"use strict";

(() => {
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
    const fields = ids.map((id) => document.getElementById(id));
    if (!file || fields.length !== 3 || fields.includes(null)) return;
    const values = [file.name, file.type || "application/octet-stream", await base64(file)];
    const group = picker.closest("fieldset");
    group?.querySelector(':scope > .control > .switch input[value="in"]')?.click();
    fields.forEach((field, index) => {
      field.value = values[index];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    picker.value = "";
  });
})();
