// A form with data-once is sent once: a second press before the next page arrives would do its work again.

const unlock = () => {
  for (const form of document.querySelectorAll("[data-once][data-sent]")) delete form.dataset.sent;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  setTimeout(() => event.defaultPrevented && unlock()); // by a listener after this one
});

// A person who stopped the page may press again; in a browser that does not say so, after a reload.
window.navigation?.addEventListener("navigateerror", unlock);
addEventListener("pageshow", unlock);
