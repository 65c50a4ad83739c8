// Data and schema side by side: a node's link moves the other side in place; arrows walk and fold a tree.
"use strict";

(() => {
  let back = null;

  const move = (link) => {
    const split = link.closest(".split"), asked = new URL(link.href).searchParams;
    const part = new URL(split.dataset.part, location.href);
    for (const name of ["where", "at", "rule"]) if (asked.has(name)) part.searchParams.set(name, asked.get(name));
    back = { side: link.closest("[data-side]").dataset.side, left: split.id };
    history.replaceState(history.state, "", link.href);
    htmx.ajax("GET", part.pathname + part.search, { target: "#outcome", swap: "outerMorph" });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".split a.go");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    move(link);
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!back || document.getElementById(back.left)) return; // another swap, as of a run that has just ended
    const mark = document.querySelector(`[data-side="${back.side}"] [data-hit]`);
    back = null;
    (mark?.querySelector("a.go") ?? mark?.closest(".tree"))?.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    const at = document.activeElement, tree = at?.closest?.(".split .tree");
    if (!tree || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], fold = { ArrowRight: true, ArrowLeft: false }[event.key];
    if (step) {
      const nodes = [...tree.querySelectorAll("a.go, a.gap")].filter((node) => node.checkVisibility());
      nodes[Math.max(0, nodes.indexOf(at) + step)]?.focus();
    } else if (fold !== undefined && at.closest("summary")) {
      at.closest("details").open = fold;
    } else return;
    event.preventDefault();
  });
})();
