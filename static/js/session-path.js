// Remembers the secret path of the pages, so that an address typed without it leads there. Other ports cannot read it.

const root = document.body.dataset.root;
if (root) localStorage.setItem("session path", root);
