// Before the first paint: the widths and the collapsed panes that were chosen in this browser. js/panes.js writes them.
try {
  const { widths = {}, collapsed = [] } = JSON.parse(localStorage.getItem("panes")) ?? {};
  for (const name of ["nav", "request", "credentials"]) {
    if (widths[name] > 0) document.documentElement.style.setProperty(`--pane-${name}`, `${widths[name]}px`);
  }
  document.documentElement.dataset.collapsed = collapsed.join(" ");
} catch { /* nothing was chosen, or the browser stores nothing */ }
