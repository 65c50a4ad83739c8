// While a run goes on: the clock ticks, Escape cancels, folds stay as the reader left them, a lost line is said.
const started = new WeakMap();

setInterval(() => {
  for (const place of document.querySelectorAll("[data-elapsed]")) {
    const told = place.dataset.elapsed;
    let mark = started.get(place);
    if (!mark || mark.told !== told) started.set(place, (mark = { told, at: performance.now() }));
    const seconds = Number(told) + (performance.now() - mark.at) / 1000;
    if (place instanceof HTMLProgressElement) place.value = Math.min(seconds, place.max);
    else place.textContent = seconds.toFixed(1);
  }
}, 100);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
  document.querySelector("[data-cancel]")?.click();
});

document.addEventListener("htmx:before:morph:attr", (event) => {
  const { attrName } = event.detail;
  if (attrName === "open" && event.target.closest?.("#outcome")) event.preventDefault();
});

document.addEventListener("htmx:sse:error", () => {
  for (const note of document.querySelectorAll("[data-stream-lost]")) note.hidden = false;
});
