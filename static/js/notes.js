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
document.addEventListener("htmx:before:response", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status < 400 || headers.get("content-type")?.startsWith("text/html")) return; // a page of ours says it in its own words
  event.preventDefault();
  if (status === 413) show("Request too large", "Send less data, or a smaller file. Nothing was changed.");
  else show("No response", `The workbench cannot answer now (HTTP ${status}). Try again.`);
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-dismiss]")) event.target.closest(".notice").remove();
});
