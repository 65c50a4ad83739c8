// The menu of a field closes when something else is pressed, on Escape, and after its own buttons.

const close = (except) => {
  for (const menu of document.querySelectorAll(".form-menu[open]")) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".form-menu");
  close(event.target.closest(".form-menu-item") ? null : menu);
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest(".form-menu[open]");
  if (!menu) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
}, true);
