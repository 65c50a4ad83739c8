// A fault's "field" link goes to its form field, or to what will contain it where it does not exist yet.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-field]");
  if (!link) return;
  const place = link.dataset.field.split(" ").map((id) => document.getElementById(id)).find(Boolean);
  if (!place) return;
  event.preventDefault();
  place.scrollIntoView({ block: "center" });
  const control = document.getElementById(`${place.id}-c`) ?? place.querySelector("input:not([type=hidden]), select, textarea");
  control?.focus({ preventScroll: true });
});
