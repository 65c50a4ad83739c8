// <button data-copy="#element"> copies that element's text (or value), <button data-copy-text="..."> the text itself.
"use strict";

(() => {
  const textOf = (button) => {
    if (button.dataset.copyText !== undefined) return button.dataset.copyText;
    const source = document.querySelector(button.dataset.copy);
    return source ? (source.value ?? source.textContent) : null;
  };

  const say = (button, text) => {
    const kept = button.kept ??= [...button.childNodes];
    button.replaceChildren(text);
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { button.replaceChildren(...kept); button.kept = undefined; }, 1600);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-copy-text]");
    const text = button && textOf(button);
    if (text === null || text === undefined) return;
    try {
      await navigator.clipboard.writeText(text);
      say(button, "Copied");
    } catch {
      say(button, "Not allowed to copy");
    }
  });
})();
