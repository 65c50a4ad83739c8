// A form with data-once is sent once: a second press before the next page arrives would do its work again.

const LONGEST_WAIT = 3000; // milliseconds; a person who stopped the page may press again

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, LONGEST_WAIT);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once][data-sent]")) delete form.dataset.sent;
});
