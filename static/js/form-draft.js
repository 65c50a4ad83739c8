// Stores what you typed and have not run, except secrets, in this browser tab. On a page that is opened, the newer one of
// draft and last run fills the form; the other is offered, and the offer can be dismissed.

import { readDrafts, writeDrafts } from "./lib/drafts.js";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const form = () => document.querySelector("#request:has(.form[data-edit])");
const drop = (gone) => writeDrafts(readDrafts().filter((draft) => draft.id !== gone));

let id = `${Date.now()}`, edited = Date.now();
let dirty = false, restored = false;

const touch = () => { [dirty, edited] = [true, Date.now()]; };
const pairs = () => {
  const secret = new Set([...form().querySelectorAll(":is(.secret, .unstored) .input")].map((control) => control.name));
  return [...new FormData(form())].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && !secret.has(name));
};
const save = () => {
  if (dirty && form()) writeDrafts([{ id, at: edited, query: location.search, pairs: pairs() }, ...readDrafts().filter((draft) => draft.id !== id)]);
};

const restore = (draft) => {
  save();
  const data = new FormData();
  for (const [name, value] of draft.pairs) data.append(name, value);
  [id, dirty, restored, edited] = [draft.id, true, true, draft.at];
  htmx.ajax("POST", form().querySelector(".form").dataset.edit, { source: form(), target: "#request", swap: "outerMorph", draft: data });
};
const show = (name, at) => {
  const place = document.getElementById(name);
  if (!place) return;
  place.hidden = !at;
  if (at) place.querySelector("time").textContent = TIME.format(at);
};
const ranAt = () => Number(document.getElementById("run-offer")?.dataset.at ?? 0);
const offer = () => {
  show("draft-offer", readDrafts().find((one) => one.id !== id)?.at);
  show("run-offer", restored && ranAt());
};

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { if (ctx.draft) ctx.request.body = ctx.draft; });
document.addEventListener("input", (event) => { if (form()?.contains(event.target)) touch(); });
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const { action } = ctx.request ?? {};
  if (action?.endsWith("/form") && !ctx.draft) touch();
  if (action?.endsWith("/runs") && ctx.response?.status === 200) {
    [dirty, restored] = [ctx.merge?.typed.length > 0, false];
    drop(id);
    id = `${Date.now()}`;
  }
  offer();
});
document.addEventListener("click", ({ target }) => {
  const draft = target.closest?.("[data-draft], [data-draft-discard]") && readDrafts().find((one) => one.id !== id);
  if (draft && target.closest("[data-draft]")) return restore(draft);
  if (draft) drop(draft.id);
  if (target.closest?.("[data-run-dismiss]")) restored = false;
  if (target.closest?.("#drafts")) offer();
});
addEventListener("pagehide", save);

const [last] = form() ? readDrafts() : [];
const back = performance.getEntriesByType("navigation")[0]?.type !== "navigate" && last?.query === location.search;
if (last && (back || (!location.search && last.at > ranAt()))) restore(last);
else offer();
