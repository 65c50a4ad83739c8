// While a run goes on: the clock ticks, and a connection that broke is said.
"use strict";

(() => {
  const seen = new WeakMap();

  const tick = (place) => {
    const told = place.dataset.elapsed;
    let mark = seen.get(place);
    if (mark?.told !== told) seen.set(place, (mark = { told, at: performance.now() }));
    const seconds = Number(told) + (performance.now() - mark.at) / 1000;
    if (place instanceof HTMLProgressElement) place.value = Math.min(seconds, place.max);
    else place.textContent = seconds.toFixed(1);
  };

  setInterval(() => document.querySelectorAll("[data-elapsed]").forEach(tick), 100);

  document.addEventListener("htmx:sse:error", () => {
    document.querySelectorAll("[data-stream-lost]").forEach((note) => { note.hidden = false; });
  });
})();
