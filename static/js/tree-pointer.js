// In a tree of JSON a click on the name of a value copies the way to it as Python has it, ["items"][0]["id"], and Alt with
// a click on a fold unfolds or folds all within it.

const NAME = ".tree .node:not(:has(> .fold)) > :is(.key, .index):not(a)";

const wayTo = (name) => {
  const steps = [];
  for (let node = name.parentElement; node; ) {
    const label = node.querySelector(":scope > :is(.key, .index)");
    if (label) steps.unshift(`[${label.textContent}]`);
    node = node.closest(".members")?.parentElement.querySelector(":scope > .node");
  }
  return steps.join("");
};

document.addEventListener("click", async (event) => {
  const name = event.target.closest?.(NAME);
  if (!name || getSelection().toString()) return;
  try {
    await navigator.clipboard.writeText(wayTo(name));
    name.classList.add("done");
    setTimeout(() => name.classList.remove("done"), 900);
  } catch {
    // without the right to write to it, nothing is shown as copied
  }
});

document.addEventListener("click", (event) => {
  const summary = event.altKey && event.target.closest?.(".tree .fold > summary");
  if (!summary) return;
  event.preventDefault();
  const open = !summary.parentElement.open;
  for (const fold of summary.closest(".fork").querySelectorAll(".fold")) fold.open = open;
});

document.addEventListener("pointerover", (event) => {
  const name = event.target.closest?.(NAME);
  if (name && !name.title) name.title = "Copy the path";
});
