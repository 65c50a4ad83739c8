// Copy buttons: data-copy="#element" copies that element's text or value, data-copy-text="..." the text itself, and
// data-copy-url="..." what that address of the workbench gives, data-copy-beside the value beside a name. data-copied is
// what the button then says.

const textOf = async (button) => {
  const { copy, copyText, copyUrl, copyBeside } = button.dataset;
  if (copyBeside !== undefined) {
    const value = button.parentElement.nextElementSibling.firstElementChild.cloneNode(true);
    for (const mask of value.querySelectorAll(".masked")) mask.replaceWith(`‹${mask.textContent}›`);
    return value.textContent;
  }
  if (copyText !== undefined) return copyText;
  if (copyUrl !== undefined) {
    const answer = await fetch(copyUrl);
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  }
  const source = document.querySelector(copy);
  return source.value ?? source.textContent;
};

const labels = new WeakMap();

const flash = (button, text) => {
  const place = button.querySelector(":scope > .tip") ?? button;
  button.classList.add("done");
  const label = labels.get(button) ?? { nodes: [...place.childNodes] };
  clearTimeout(label.timer);
  place.replaceChildren(text);
  label.timer = setTimeout(() => {
    place.replaceChildren(...label.nodes);
    button.classList.remove("done");
    labels.delete(button);
  }, 1600);
  labels.set(button, label);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-text], [data-copy-url], [data-copy-beside]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(await textOf(button));
    flash(button, button.dataset.copied ?? "Copied");
  } catch {
    flash(button, "Copy failed");
  }
});
