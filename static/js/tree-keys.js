// A tree of data or schema is one stop of the Tab key: arrows, Home and End walk its names, right and left unfold and fold.

const STOPS = ".tree > .fork > .node > .fold > summary, a.go, a.gap";

const stops = (tree) => [...tree.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());

const rove = (tree, to) => {
  tree.tabIndex = to ? -1 : 0;
  for (const each of tree.querySelectorAll("summary, a")) each.tabIndex = each === to ? 0 : -1;
};

const settle = () => {
  for (const tree of document.querySelectorAll(".split .tree")) {
    if (tree.contains(document.activeElement) && tree !== document.activeElement) rove(tree, document.activeElement);
    else rove(tree, tree.querySelector("[data-hit] a.go") ?? stops(tree)[0]);
  }
};

const nameIn = (node) => node?.querySelector("a.go") ?? node?.querySelector("summary");
const foldOf = (stop) => stop.closest(".node")?.querySelector(":scope > .fold");
const parentOf = (stop) => nameIn(stop.closest(".members")?.parentElement.querySelector(":scope > .node"));

const step = (key, tree, at) => {
  const all = stops(tree), here = all.indexOf(at), fold = foldOf(at);
  if (key === "ArrowDown") return all[here + 1];
  if (key === "ArrowUp") return all[Math.max(0, here - 1)];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (fold && fold.open === (key === "ArrowLeft")) {
    fold.open = !fold.open;
    return at;
  }
  return key === "ArrowLeft" ? parentOf(at) : fold && all[here + 1];
};

document.addEventListener("keydown", (event) => {
  const at = document.activeElement, tree = at?.closest?.(".split .tree");
  if (!tree || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) return;
  step(event.key, tree, at)?.focus();
  event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  const tree = event.target.closest?.(".split .tree");
  if (tree && tree !== event.target) rove(tree, event.target);
});
document.addEventListener("htmx:after:swap", settle);
addEventListener("DOMContentLoaded", settle);
