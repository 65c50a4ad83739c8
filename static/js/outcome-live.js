// Follows the run that #outcome shows: server-sent events (data-events) bring pictures of the view that is open, and
// each is drawn only while that view is. A browser has six connections to a host: few of its pages hold a stream at a
// time, none that nobody sees; the others, and one whose stream is refused, ask for the picture (data-part) instead.
"use strict";

(() => {
  const PLACES = 3, OFTEN = 2000, SELDOM = 15000, PATIENCE = 1000;
  let followed = "", left = new AbortController(), last = Promise.resolve();

  const pane = () => document.getElementById("outcome");
  const wait = (time, signal) => new Promise((done) => { setTimeout(done, time); signal.addEventListener("abort", done); });
  const draw = (text) => htmx.swap({ sourceElement: pane(), target: "#outcome", swap: "outerMorph", text });
  const tell = (what) => {
    if (what === "gone") pane().dataset.state = what;
    document.querySelectorAll("[data-follow-note]").forEach((note) => { note.hidden = note.dataset.followNote !== what; });
  };

  const inPlace = async (work) => { // holds one of the browser's places while the work goes on; none free, no work
    if (!navigator.locks) return work();
    for (let n = 0, had = false; n < PLACES && !had; n++) {
      await navigator.locks.request(`stream-${n}`, { ifAvailable: true }, (lock) => { had = Boolean(lock); return lock && work(); });
    }
  };

  const listen = (address, signal) => new Promise((done) => { // the browser mends what broke, from the last event on
    if (signal.aborted) return done();
    const source = new EventSource(address);
    let latest = "", worry = 0;
    const end = () => { clearTimeout(worry); source.close(); done(); };
    const show = () => { if (!signal.aborted && pane()?.dataset.events === address) draw(latest); latest = ""; };
    source.onopen = () => { clearTimeout(worry); worry = 0; tell(""); };
    source.onmessage = ({ data }) => { if (!latest) requestAnimationFrame(show); latest = data; };
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) end(); else worry ||= setTimeout(tell, PATIENCE, "lost"); };
    signal.addEventListener("abort", end);
  });

  const look = async (address, signal) => { // gives what there is to tell of it
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
    const text = await answer.text();
    if (answer.ok && !signal.aborted && pane()?.dataset.part === address) draw(text);
    return answer.ok ? "" : [401, 404].includes(answer.status) ? "gone" : "lost";
  };

  const keepOn = async ({ events, part }, signal) => {
    for (let pause = OFTEN, told = ""; !signal.aborted && told !== "gone"; pause = told ? Math.min(2 * pause, SELDOM) : OFTEN) {
      await inPlace(() => listen(events, signal));
      if (!signal.aborted) told = await look(part, signal).catch(() => "lost");
      if (!signal.aborted) { tell(told); await wait(pause, signal); }
    }
  };

  const follow = () => {
    const wanted = document.hidden ? {} : { ...pane()?.dataset };
    if ((wanted.events ?? "") === followed) return;
    if (wanted.state === "finished") document.dispatchEvent(new Event("run-ended"));
    followed = wanted.events ?? "";
    left.abort();
    const { signal } = (left = new AbortController());
    if (followed) last = last.then(() => keepOn(wanted, signal));
  };

  follow();
  document.addEventListener("htmx:after:swap", follow);
  document.addEventListener("visibilitychange", follow);
})();
