// In a narrow window the outcome lies below the form: beside Run stands how it went, as a link to it.

const say = () => {
  const note = document.querySelector("[data-run-note]"), pill = document.querySelector("#outcome .pill");
  if (!note) return;
  note.hidden = !pill;
  if (pill) note.querySelector("[data-run-word]").textContent = pill.textContent.trim();
};

document.addEventListener("htmx:after:swap", say);
say();
