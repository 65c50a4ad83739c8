// A menu closes when something else is pressed, on Escape, and after its own buttons. It opens where the answer to a press
// on Run says that something in it is wrong.

const MENU = ".form-menu, details.menu";
const OPEN = ".form-menu[open], details.menu[open]";

const close = (except) => {
  for (const menu of document.querySelectorAll(OPEN)) if (menu !== except) menu.open = false;
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest(MENU);
  close(event.target.closest(".form-menu-item") ? null : menu);
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.response?.status !== 422) return;
  const wrong = document.querySelectorAll("details.menu[data-wrong]");
  if (wrong.length) close();
  for (const menu of wrong) menu.open = true;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest(OPEN);
  if (!menu) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
}, true);
