// The list of exchanges of the HTTP tab: a click opens an exchange in place, the arrow keys, Home and End walk the rows and open
// the one on which they rest, and the part that is shown follows the scroll bar: rows that are not there take their room, so that
// their number is known.

const SHOWN = 40, PAUSE = 60, REST = 150;
const box = () => document.getElementById("outcome-exchanges");
const plain = (event) => !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;

let under = null; // the parameters of the request under way, which the next one replaces
const show = async (page) => {
  const part = new URL(box().dataset.part, location.href), mine = new URL(page).searchParams;
  for (const [name, value] of mine) part.searchParams.set(name, value);
  under = mine;
  try {
    await htmx.ajax("GET", part.pathname + part.search, { source: box(), target: "#outcome", swap: "outerMorph" });
  } finally {
    if (under === mine) under = null;
  }
};

document.addEventListener("click", (event) => {
  const link = plain(event) && (event.target.closest?.(".net tbody .url > a, .hidden-rows a")
    ?? event.target.closest?.(".net td.timing")?.parentElement.querySelector(".url > a")); // above the link, for its tooltip
  if (!link) return;
  event.preventDefault();
  show(link.href);
});

let resting = 0;
const links = () => [...box().querySelectorAll("tbody .url > a")];
const rest = (link) => {
  link.focus({ preventScroll: true });
  link.closest("tr").scrollIntoView({ block: "nearest" });
  clearTimeout(resting);
  resting = setTimeout(() => link.matches(":focus") && show(link.href), REST);
};
const restAtEnd = async (last) => { // rows that are not there are loaded first
  const { firstElementChild, lastElementChild } = box().querySelector("tbody"), row = last ? lastElementChild : firstElementChild;
  if (row.matches(".hidden-rows")) {
    const page = new URL(row.querySelector("a").href), { start, count } = row.dataset;
    page.searchParams.set("from", last ? Math.max(0, Number(start) + Number(count) - SHOWN) : 0);
    await show(page.href);
  }
  rest(links().at(last ? -1 : 0));
};

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".net tbody .url > a") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const all = links(), at = all.indexOf(event.target);
  const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1] }[event.key];
  const isEnd = event.key === "Home" || event.key === "End";
  if (!to && !isEnd) return;
  event.preventDefault();
  isEnd ? restAtEnd(event.key === "End") : rest(to);
});

const inView = (gap, view) => {
  const { top, bottom } = gap.getBoundingClientRect();
  return bottom > view.top - view.height / 2 && top < view.bottom + view.height / 2;
};

let due = 0;
const look = () => { // the rows around the middle of what is in view
  due = 0;
  if (!box()) return;
  const view = box().getBoundingClientRect(), gap = [...box().querySelectorAll(".hidden-rows")].find((each) => inView(each, view));
  if (!gap) return;
  const { top, height } = gap.getBoundingClientRect(), { start, count } = gap.dataset;
  const middle = Number(start) + Math.round((view.top + view.height / 2 - top) / (height / Number(count)));
  const from = String(Math.max(0, middle - SHOWN / 2)), page = new URL(gap.querySelector("a").href);
  if (from === box().dataset.start) return;
  page.searchParams.set("from", from);
  if (under?.has("exchange")) page.searchParams.set("exchange", under.get("exchange")); // a row that was just pressed
  show(page.href);
};
document.addEventListener("scroll", (event) => {
  if (event.target.id === "outcome-exchanges") due ||= setTimeout(look, PAUSE);
}, { capture: true, passive: true });
