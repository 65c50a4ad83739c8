// Says at once that a field was typed in, or is blank now; the server says the same when it draws the form again.

const blank = (control) => {
  if (control.type === "radio") return control.value === "";
  const side = control.parentElement.querySelector(".when-blank");
  return control.value === "" && (!side || side.value === "" || side === control);
};

document.addEventListener("input", (event) => {
  const control = event.target;
  if (!control.matches(".form .input, .form .seg input, .form .when-blank")) return;
  if (control.matches("[data-switch], .row-key *, .switch *")) return;
  const main = control.matches(".when-blank") ? control.previousElementSibling : control;
  if (main?.type === "date") main.toggleAttribute("data-filled", main.value !== "");
  let field = control.closest(".field");
  while (field?.classList.contains("bare")) field = field.parentElement.closest(".field");
  const note = field?.querySelector(":scope > .field-head .origin");
  if (!note) return;
  const origin = main && blank(main) ? "absent" : "typed";
  note.textContent = origin;
  note.dataset.origin = origin;
});
