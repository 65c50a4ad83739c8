// JSON text gets an editor: line numbers, matching brackets, the place of an error, names and values from the schema. The
// textarea stays what is posted, and is all there is without this script. What you type goes into it at once.

import { announceInput } from "./lib/forms.js";

const editors = new Map(); // textarea id → { host, editor }
const answers = new Map(); // what the schema has, by URL

const complete = (area) => async (pointer) => {
  const url = area.closest("[data-completions]")?.dataset.completions;
  const full = url && `${url}?pointer=${encodeURIComponent(area.dataset.json + pointer)}`;
  if (full && !answers.has(full)) answers.set(full, fetch(full).then((answer) => (answer.ok ? answer.json() : Promise.reject())));
  return (full && (await answers.get(full).catch(() => answers.delete(full) && null))) || { names: [], values: [] };
};

const attributesOf = (area) => {
  const named = ["aria-describedby", "aria-invalid"].filter((name) => area.hasAttribute(name));
  return { "aria-label": area.labels[0]?.textContent ?? "JSON", ...Object.fromEntries(named.map((name) => [name, area.getAttribute(name)])) };
};

const edit = (area, host, mount) => {
  const had = document.activeElement === area || area.autofocus;
  const write = (text) => { if (area.value !== text) { area.value = text; announceInput(area); } };
  const editor = mount(host, { text: area.value, attributes: attributesOf(area), changed: (text) => write(text), complete: complete(area) });
  editors.set(area.id, { host, editor });
  if (had) editor.focus();
};

const prepare = async () => {
  const areas = [...document.querySelectorAll("textarea[data-json]")];
  const module = areas.length && (await import(document.body.dataset.editor));
  for (const area of areas) {
    const host = document.getElementById(`${area.id}-editor`), known = editors.get(area.id);
    if (!area.isConnected || !host) continue;
    area.tabIndex = -1;
    area.ariaHidden = "true";
    if (known?.host !== host) edit(area, host, module.mount);
    else known.editor.describe(attributesOf(area));
    if (known?.host === host && known.editor.text() !== area.value) known.editor.replace(area.value);
  }
};

document.addEventListener("focusin", ({ target }) => { if (target.matches("textarea[data-json]")) editors.get(target.id)?.editor.focus(); });
document.addEventListener("htmx:after:swap", () => { answers.clear(); prepare(); });
prepare();
