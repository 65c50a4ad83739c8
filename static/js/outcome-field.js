// The "field" link of an error goes to its form field. One that does not exist yet is added to what will contain it, its name
// filled in. A page that is opened for a field (by its fragment) begins there.

import { announceInput } from "./lib/forms.js";

let named = "";

const goTo = (place, within = true) => {
  place.scrollIntoView({ block: within ? "center" : "start" });
  const control = within && (document.getElementById(`${place.id}-c`) ?? place.querySelector("input:not([type=hidden]), select, textarea"));
  if (!control) place.tabIndex = -1;
  (control || place).focus({ preventScroll: true });
};

const adder = (place) => {
  const node = place.id.slice(place.id.indexOf("-") + 1);
  return place.querySelector(`button[name$=".op"][value^="add:${node}:"]`);
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-field]");
  if (!link) return;
  const ids = link.dataset.field.split(" "), at = ids.findIndex((id) => document.getElementById(id));
  if (at < 0) return;
  event.preventDefault();
  const place = document.getElementById(ids[at]);
  const exists = at < Number(link.dataset.own), add = !exists && link.dataset.name && adder(place);
  if (!add) return goTo(place, exists);
  const unnamed = [...place.querySelectorAll(".row-key input")].find((key) => key.value === link.dataset.name);
  if (unnamed) return unnamed.focus();
  named = link.dataset.name;
  add.click();
});

document.addEventListener("htmx:after:swap", () => {
  const key = named && document.activeElement;
  if (!key?.matches?.("input") || key.value) return;
  key.value = named;
  named = "";
  announceInput(key);
  key.scrollIntoView({ block: "center" });
});

addEventListener("load", () => requestAnimationFrame(() => { // later than the browser's own way to the fragment
  const place = /^#(inputs|auth)-/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (place) goTo(place);
}));
