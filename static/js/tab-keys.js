// Tabs are one stop of the Tab key; the arrow keys, Home and End walk them. The links to the parts of an outcome are tabs
// where this script runs, and links where it does not.

const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")];
const isSelected = (tab) => tab.getAttribute("aria-selected") === "true";

const prepare = () => {
  for (const strip of document.querySelectorAll("nav.tabs.strip")) {
    strip.setAttribute("role", "tablist");
    for (const link of strip.querySelectorAll(":scope > a[id]")) {
      link.setAttribute("role", "tab");
      link.setAttribute("aria-selected", String(link.hasAttribute("aria-current")));
    }
  }
  for (const list of document.querySelectorAll("[role=tablist]")) {
    const tabs = tabsOf(list), at = tabs.includes(document.activeElement) ? document.activeElement : tabs.find(isSelected) ?? tabs[0];
    for (const tab of tabs) tab.tabIndex = tab === at ? 0 : -1;
  }
};

document.addEventListener("keydown", (event) => {
  const list = event.target.matches?.("[role=tab]") && event.target.closest("[role=tablist]");
  if (!list || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tabs = tabsOf(list), at = tabs.indexOf(event.target), last = tabs.length - 1;
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
  if (event.key === " ") event.target.click();
  else if (to === undefined) return;
  else tabs[to].focus();
  event.preventDefault();
});
document.addEventListener("focusin", (event) => { if (event.target.matches("[role=tab]")) prepare(); });
document.addEventListener("htmx:after:swap", prepare);
prepare();
