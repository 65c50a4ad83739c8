// The clock of a run that goes on ticks between two pages.

const seen = new WeakMap();

const tick = (place) => {
  const elapsed = place.dataset.elapsed;
  let mark = seen.get(place);
  if (mark?.elapsed !== elapsed) seen.set(place, (mark = { elapsed, at: performance.now() }));
  const seconds = Number(elapsed) + (performance.now() - mark.at) / 1000;
  if (place instanceof HTMLProgressElement) place.value = Math.min(seconds, place.max);
  else place.textContent = seconds.toFixed(1);
};

setInterval(() => document.querySelectorAll('[data-state="live"] [data-elapsed]').forEach(tick), 200);
