// "?" and the button in the bar show the keys. Keys without Ctrl or Alt can be turned off there, for this browser.

import { isTyping, singleKeys } from "./lib/keys.js";

const dialog = document.getElementById("keys");
const choice = dialog.querySelector("input");

const show = () => {
  choice.checked = singleKeys();
  dialog.showModal();
};

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-keys]")) show(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || isTyping(event) || !singleKeys() || dialog.open) return;
  event.preventDefault();
  show();
});
choice.addEventListener("change", () => { try { localStorage.setItem("single-keys", choice.checked ? "on" : "off"); } catch { /* for this page only */ } });
