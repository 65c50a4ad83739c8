// Stores what you typed and have not run, except secrets, in this browser tab: it comes back after a reload and with the
// Back button, and a button offers it after "Reset form" or on a page that shows the inputs of a run.

const MOST = 3;
const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const key = `draft ${location.pathname}`;
const form = () => document.querySelector("#request:has(.form[data-edit])");
const read = () => { try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; } };
const write = (drafts) => {
  try { drafts.length ? sessionStorage.setItem(key, JSON.stringify(drafts.slice(0, MOST))) : sessionStorage.removeItem(key); } catch { /* too long for the browser */ }
};

let id = `${Date.now()}`;
let dirty = false;

const pairs = () => {
  const secret = new Set([...form().querySelectorAll(".secret .input")].map((control) => control.name));
  return [...new FormData(form())].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && !secret.has(name));
};
const save = () => {
  if (dirty && form()) write([{ id, at: Date.now(), query: location.search, pairs: pairs() }, ...read().filter((draft) => draft.id !== id)]);
};

const restore = (draft) => {
  save();
  const data = new FormData();
  for (const [name, value] of draft.pairs) data.append(name, value);
  [id, dirty] = [draft.id, true];
  htmx.ajax("POST", form().querySelector(".form").dataset.edit, { source: form(), target: "#request", swap: "outerMorph", draft: data });
};
const offer = () => {
  const place = document.getElementById("draft-offer"), draft = read().find((one) => one.id !== id);
  if (!place) return;
  place.hidden = !draft;
  if (draft) place.querySelector("[data-draft-time]").textContent = TIME.format(draft.at);
};

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { if (ctx.draft) ctx.request.body = ctx.draft; });
document.addEventListener("input", (event) => { if (form()?.contains(event.target)) dirty = true; });
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const { action } = ctx.request ?? {};
  if (action?.endsWith("/form")) dirty = true;
  if (action?.endsWith("/runs") && ctx.response?.status === 200) {
    dirty = ctx.merge?.typed.length > 0;
    write(read().filter((draft) => draft.id !== id));
    id = `${Date.now()}`;
  }
  offer();
});
document.addEventListener("click", (event) => {
  const draft = event.target.closest?.("[data-draft]") && read().find((one) => one.id !== id);
  if (draft) restore(draft);
});
addEventListener("pagehide", save);

const [last] = form() ? read() : [];
const back = performance.getEntriesByType("navigation")[0]?.type !== "navigate" && last?.query === location.search;
if (last && (back || !location.search)) restore(last);
else offer();
