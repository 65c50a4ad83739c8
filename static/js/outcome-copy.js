// Copy buttons: data-copy-from names an element whose text is copied, data-copy-url a text to fetch and copy.
document.documentElement.classList.add("scripted");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-from], [data-copy-url]");
  if (!button) return;
  const label = button.textContent;
  try {
    const text = button.dataset.copyUrl
      ? await (await fetch(button.dataset.copyUrl)).text()
      : document.querySelector(button.dataset.copyFrom).textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
});
