// In a long navigation the page that is open is scrolled into sight.

addEventListener("DOMContentLoaded", () => {
  document.querySelector("#nav li a[aria-current]")?.scrollIntoView({ block: "nearest" });
});
