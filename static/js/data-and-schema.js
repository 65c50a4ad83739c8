// Data and schema side by side: a node's link moves the other side in place, and the focus goes to what is marked then.

let back = null; // where the focus belongs once the answer is drawn

const move = (link) => {
  const split = link.closest(".split"), asked = new URL(link.href).searchParams;
  const part = new URL(split.dataset.part, location.href);
  for (const name of ["where", "at", "rule"]) if (asked.has(name)) part.searchParams.set(name, asked.get(name));
  back = { side: link.closest("[data-side]").dataset.side, left: split.id };
  history.replaceState(history.state, "", link.href);
  htmx.ajax("GET", part.pathname + part.search, { target: "#outcome", swap: "outerMorph" });
};

const plain = (event) => !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;

document.addEventListener("click", (event) => {
  const link = plain(event) && event.target.closest?.("#outcome a");
  if (link && link.matches(".split a.go")) {
    event.preventDefault();
    move(link);
  } else if (link && link.matches("[data-leads]")) {
    back = { side: "data", asked: link.getAttribute("hx-get"), shown: true };
  } else if (link && link.matches(".split a.gap")) {
    back = { members: link.parentElement, at: [...link.parentElement.children].indexOf(link) };
  }
});

const marked = () => {
  const side = document.querySelector(`[data-side="${back.side}"]`), mark = side?.querySelector("[data-hit]");
  return mark?.querySelector("a.go") ?? mark?.querySelector("summary") ?? side?.querySelector(".tree");
};

document.addEventListener("htmx:after:swap", (event) => {
  if (!back || document.getElementById(back.left)) return; // another swap, as of a run that has just ended
  if (back.asked && event.detail?.ctx?.request?.action !== back.asked) return;
  const place = back.members ? back.members.children[back.at]?.querySelector("a.go") : marked();
  place?.focus({ preventScroll: Boolean(back.shown) });
  if (back.shown) document.getElementById("outcome-data-and-schema")?.scrollIntoView({ block: "nearest" });
  back = null;
});
