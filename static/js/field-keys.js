// Tab goes from field to field. What else a field has (what it means while it is empty, its menu, the tools of its row)
// is reached with Alt+Enter, once more for the next one; Esc goes back. In a menu the arrow keys walk.

const MORE = ".form-menu > summary, select.when-blank, .row-tools .tool, .reveal";

const ownerOf = (element) => {
  let owner = element.closest(".form .row, .form .field");
  while (owner?.matches(".bare")) owner = owner.parentElement.closest(".row, .field");
  return owner;
};
const stopsOf = (owner) => [...owner.querySelectorAll(MORE)]
  .filter((stop) => ownerOf(stop) === owner && !stop.disabled && stop.checkVisibility() && !stop.matches(".switch *"));

const walk = (menu, step) => {
  menu.open = true;
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
};

let from = null; // the control that Alt+Enter was pressed in

const next = (target) => {
  const owner = ownerOf(target), stops = owner ? stopsOf(owner) : [];
  const at = stops.indexOf(target);
  if (!stops.length) return false;
  if (at < 0) from = target;
  stops[(at + 1) % stops.length].focus();
  return true;
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event, menu = target.closest?.(".form-menu");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (key === "Enter" && event.altKey) {
    if (next(target)) event.preventDefault();
  } else if (menu && ["ArrowDown", "ArrowUp"].includes(key)) {
    walk(menu, key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  } else if (key === "Escape" && from?.isConnected && target.matches?.(MORE)) {
    from.focus();
    event.preventDefault();
  }
});

const leaveOut = () => {
  for (const stop of document.querySelectorAll(MORE)) if (stop.closest(".form") && !stop.matches(".switch *")) stop.tabIndex = -1;
};
document.addEventListener("htmx:after:swap", leaveOut);
leaveOut();
