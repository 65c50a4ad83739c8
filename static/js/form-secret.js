// Shows what is being typed into a secret's field, and hides it again. A stored secret is never in the page.

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reveal]");
  const input = button && document.getElementById(button.getAttribute("aria-controls"));
  if (!input) return;
  const shown = button.getAttribute("aria-pressed") !== "true";
  if (input.matches("textarea")) input.toggleAttribute("data-shown", shown);
  else input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.firstChild.textContent = shown ? "Hide" : "Reveal";
});
