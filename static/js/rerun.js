// "Rerun on save": while the switch is on, the page is visible and its run has ended, a request waits for a file to be
// saved; it brings the outcome of the new run. The choice is remembered for the handler as long as the tab is open.

import { inSlot } from "./lib/slots.js";

const PAUSE = 300, LATER = 5000;
const box = () => document.getElementById("rerun");
const toggle = () => document.getElementById("rerun-on");
const outcome = () => document.getElementById("outcome");
const key = () => `rerun:${box().dataset.rerunUrl}`;
const isReady = () => toggle()?.checked && !document.hidden && outcome()?.dataset.run && outcome().dataset.state === "finished";

const show = (text) => {
  box().querySelector("[data-rerun-state]").textContent = toggle().checked ? ": on" : "";
  if (text) box().querySelector("[data-rerun-note]").textContent = text;
};

const restore = () => { // the switch is drawn again with the form
  if (!box()) return;
  const [on, answers] = (sessionStorage.getItem(key()) ?? "off:").split(":");
  box().hidden = false;
  toggle().checked = on === "on";
  box().querySelector("select").value = answers;
  show();
};

const ask = (run, signal) => {
  const body = new FormData();
  body.set("csrf_token", document.querySelector('#request [name="csrf_token"]').value);
  body.set("rerun_answers", box().querySelector("select").value);
  body.set("run", run);
  return fetch(box().dataset.rerunUrl, { method: "POST", body, headers: { "HX-Request": "true" }, signal });
};

const once = async () => {
  const { run } = outcome().dataset, left = new AbortController(), { signal } = left;
  const leave = () => { if (!isReady() || outcome().dataset.run !== run) left.abort(); };
  for (const name of ["change", "visibilitychange", "htmx:after:swap"]) document.addEventListener(name, leave, { signal });
  const answer = await ask(run, signal), text = await answer.text();
  left.abort(); // and with it the listeners
  if (answer.status === 200 && outcome()?.dataset.run === run) {
    htmx.swap({ sourceElement: outcome(), target: "#outcome", swap: "outerMorph", text });
    history.replaceState(history.state, "", answer.headers.get("X-Page"));
  } else if (!answer.ok) throw show(`Not run again: the workbench answered ${answer.status}. Run once by hand.`);
};

const follow = async () => {
  let pause = PAUSE;
  if (isReady()) await inSlot(once).catch(() => { pause = isReady() ? LATER : PAUSE; });
  setTimeout(follow, pause);
};

document.addEventListener("change", ({ target }) => {
  if (!target.closest("#rerun")) return;
  sessionStorage.setItem(key(), `${toggle().checked ? "on" : "off"}:${box().querySelector("select").value}`);
  show();
});
document.addEventListener("htmx:after:swap", restore);
restore();
if (box()) follow();
