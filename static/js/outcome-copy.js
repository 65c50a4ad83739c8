// <button data-copy-url="..."> fetches a text of the workbench and copies it.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy-url]");
  if (!button) return;
  button.dataset.label ??= button.textContent;
  try {
    const answer = await fetch(button.dataset.copyUrl);
    if (!answer.ok) throw new Error(answer.status);
    await navigator.clipboard.writeText(await answer.text());
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => { button.textContent = button.dataset.label; }, 1600);
});
