// In a narrow window the list of handlers takes one line; its button unfolds it.

const show = (open) => {
  document.documentElement.toggleAttribute("data-list", open);
  document.querySelectorAll("[data-unfold]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
};

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-unfold]")) show(!document.documentElement.hasAttribute("data-list"));
});
document.addEventListener("htmx:after:swap", () => show(document.documentElement.hasAttribute("data-list")));
show(false);
