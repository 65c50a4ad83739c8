// The state of config.json (data-config-url), asked for every two seconds while the page is visible: a file that was
// saved and cannot be read is said at once, and the notice goes when it is fixed. Announces `config-changed`.
const PAUSE = 2000;

async function look() {
  const shown = document.querySelector("[data-config-url]");
  if (!shown || document.hidden) return;
  const response = await fetch(shown.dataset.configUrl, { headers: { "HX-Request": "true" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-config-url]");
  if (!fresh || fresh.dataset.configDigest === shown.dataset.configDigest) return;
  if (document.querySelector("[data-config-reload]")) return location.reload();
  shown.replaceWith(fresh);
  document.dispatchEvent(new CustomEvent("config-changed"));
}

async function watch() {
  await look().catch(() => {});
  setTimeout(watch, PAUSE);
}

if (document.querySelector("[data-config-url]")) setTimeout(watch, PAUSE);
