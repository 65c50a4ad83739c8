// Says so when a request gets no answer at all, and takes a note away when it is dismissed.

const show = (title, message) => {
  const template = document.getElementById("note");
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector("strong").textContent = title;
  note.querySelector("p").textContent = message;
  document.getElementById("notes").replaceChildren(note);
};

document.addEventListener("htmx:error", (event) => {
  const request = event.detail?.ctx?.request;
  if (!request || document.hidden) return;
  show("No response", "The workbench does not respond. Check in its terminal that it is running, then try again.");
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-dismiss]")) event.target.closest(".notice").remove();
});
