// Choosing another kind of value shows its form at once; without this script a button beside it does.

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-switch]")) return;
  event.target.closest(".kind").querySelector(".switcher")?.click();
});
