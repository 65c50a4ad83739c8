// Follows the run that #outcome shows: server-sent events (data-events) bring the HTML of the open view, drawn only while
// that view is open. A browser has six connections to a host, so three visible pages hold a stream at a time; the others,
// and one whose stream is rejected, fetch the same HTML (data-part) every two seconds.

import { inSlot } from "./lib/slots.js";
import { changed } from "./lib/text-changes.js";

const OFTEN = 2000, SELDOM = 15000, GRACE = 1000;
let followed = "", left = new AbortController(), last = Promise.resolve();

const pane = () => document.getElementById("outcome");
const wait = (time, signal) => new Promise((done) => { setTimeout(done, time); signal.addEventListener("abort", done); });
const draw = (text) => htmx.swap({ sourceElement: pane(), target: "#outcome", swap: "outerMorph", text });
const tell = (what) => {
  if (what === "gone") pane().dataset.state = what;
  document.querySelectorAll("[data-follow-note]").forEach((note) => { note.hidden = note.dataset.followNote !== what; });
};

const listen = (address, signal) => new Promise((done) => { // the browser reconnects by itself, from the last event on
  if (signal.aborted) return done();
  const source = new EventSource(address);
  let latest = "", due = false, worry = 0;
  const end = () => { clearTimeout(worry); source.close(); done(); };
  const show = () => { due = false; if (!signal.aborted && pane()?.dataset.events === address) draw(latest); };
  const take = (text) => { latest = text; if (!due) requestAnimationFrame(show); due = true; };
  source.onopen = () => { clearTimeout(worry); worry = 0; tell(""); };
  source.onmessage = ({ data }) => take(data);
  source.addEventListener("changes", ({ data }) => take(changed(latest, JSON.parse(data))));
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) end(); else worry ||= setTimeout(tell, GRACE, "lost"); };
  signal.addEventListener("abort", end);
});

const look = async (address, signal) => { // what to tell: "", "lost" or "gone"
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
  const text = await answer.text();
  if (answer.ok && !signal.aborted && pane()?.dataset.part === address) draw(text);
  return answer.ok ? "" : [401, 404].includes(answer.status) ? "gone" : "lost";
};

const keepOn = async ({ events, part }, signal) => {
  for (let pause = OFTEN, told = ""; !signal.aborted && told !== "gone"; pause = told ? Math.min(2 * pause, SELDOM) : OFTEN) {
    await inSlot(() => listen(events, signal));
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
