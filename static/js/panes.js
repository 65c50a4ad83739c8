// The separators between the panes: drag, arrow keys, Home and End set a width; double click and Enter collapse. The
// choice is stored in this browser; js/early/panes.js applies it before a page is painted.

const root = document.documentElement, shell = document.querySelector(".shell");
const LEAST = { nav: 160, request: 340, credentials: 360 }, STEP = 16;
const collapsed = () => (root.dataset.collapsed ?? "").split(" ").filter(Boolean);
const stored = () => { try { return JSON.parse(localStorage.getItem("panes")) ?? {}; } catch { return {}; } };
const store = (change) => { try { localStorage.setItem("panes", JSON.stringify({ ...stored(), ...change })); } catch { /* for this page only */ } };

const most = (pane) => pane.id === "nav" ? 480 : innerWidth - pane.getBoundingClientRect().left - 400;
const describe = (bar) => {
  const pane = document.getElementById(bar.getAttribute("aria-controls"));
  const width = collapsed().includes(bar.dataset.pane) ? 0 : Math.round(pane.getBoundingClientRect().width);
  bar.setAttribute("aria-valuenow", String(width));
  bar.setAttribute("aria-valuemax", String(Math.round(most(pane))));
  bar.setAttribute("aria-valuetext", width ? `${width} pixels` : "collapsed");
};
const setCollapsed = (bar, shut) => {
  const others = collapsed().filter((name) => name !== bar.dataset.pane);
  root.dataset.collapsed = (shut ? [...others, bar.dataset.pane] : others).join(" ");
  store({ collapsed: collapsed() });
};
const resize = (bar, width) => {
  const pane = document.getElementById(bar.getAttribute("aria-controls")), name = bar.dataset.pane;
  if (width < LEAST[name] / 2) return setCollapsed(bar, true);
  const held = Math.round(Math.max(LEAST[name], Math.min(width, most(pane))));
  root.style.setProperty(`--pane-${name}`, `${held}px`);
  store({ widths: { ...stored().widths, [name]: held } });
  setCollapsed(bar, false);
};

const bars = document.createElement("section"); // a landmark, as all on a page stands in one
bars.className = "separators";
bars.ariaLabel = "Pane separators";
shell?.append(bars);
const separator = (pane, name, label) => {
  const bar = document.createElement("div");
  for (const [key, value] of Object.entries({ role: "separator", tabindex: 0, class: "separator", "data-pane": name, "aria-orientation": "vertical",
    "aria-label": label, "aria-controls": pane.id, "aria-valuemin": 0, title: "Drag to resize. Double-click to collapse." })) bar.setAttribute(key, value);
  const left = () => pane.getBoundingClientRect().left, now = () => Number(bar.getAttribute("aria-valuenow"));
  const drag = (on) => { bar.toggleAttribute("data-drag", on); root.toggleAttribute("data-drag", on); };
  bar.addEventListener("pointerdown", (event) => { if (event.button === 0) { bar.setPointerCapture(event.pointerId); drag(true); } });
  bar.addEventListener("pointermove", (event) => { if (bar.hasAttribute("data-drag")) resize(bar, event.clientX - left()); });
  bar.addEventListener("lostpointercapture", () => drag(false));
  bar.addEventListener("dblclick", () => setCollapsed(bar, !collapsed().includes(name)));
  bar.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: now() - STEP, ArrowRight: Math.max(now() + STEP, LEAST[name]), Home: LEAST[name], End: most(pane) }[event.key];
    if (event.key === "Enter") setCollapsed(bar, !collapsed().includes(name));
    else if (to !== undefined) resize(bar, Math.max(to, LEAST[name]));
    else return;
    event.preventDefault();
  });
  bars.append(bar);
  new ResizeObserver(() => describe(bar)).observe(pane);
};

const nav = shell?.querySelector(".side"), request = shell?.querySelector(".request-pane");
if (nav) separator(nav, "nav", "Width of the list");
if (request && !shell.matches(".wide")) separator(request, shell.matches(".form-wide") ? "credentials" : "request", "Width of the form");
