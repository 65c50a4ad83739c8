// A menu closes when something else is pressed, on Escape, and after its own buttons.

const MENU = ".form-menu, details.menu";
const OPEN = ".form-menu[open], details.menu[open]";

const close = (except) => {
  for (const menu of document.querySelectorAll(OPEN)) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest(MENU);
  close(event.target.closest(".form-menu-item") ? null : menu);
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest(OPEN);
  if (!menu) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
}, true);
