// Enter in a field with data-enter presses the button that it names, and not the first one of the form.

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-enter]");
  if (!field || event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.querySelector(field.dataset.enter)?.click();
});
