// "Compare selected runs" is on while two runs of the list are selected; it says how many are.

const follow = () => {
  const button = document.querySelector("[data-compare]");
  if (!button) return;
  const chosen = document.querySelectorAll('input[name="run"]:checked').length;
  button.disabled = chosen !== 2;
  button.title = chosen === 2 ? "" : `Select two runs: ${chosen || "none"} selected`;
};

document.addEventListener("change", follow);
document.addEventListener("htmx:after:swap", follow);
follow();
