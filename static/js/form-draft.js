// What is typed and not run yet is kept in this tab, secrets excepted: it comes back after a reload and on the way back
// to the page, and is offered after "Start anew" or when the inputs of a run were asked for.
"use strict";

(() => {
  const KEPT = 3;
  const key = `draft ${location.pathname}`;
  const form = () => document.querySelector("#request:has(.form[data-edit])");
  const read = () => { try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; } };
  const write = (drafts) => {
    try { drafts.length ? sessionStorage.setItem(key, JSON.stringify(drafts.slice(0, KEPT))) : sessionStorage.removeItem(key); } catch { /* too long for the browser */ }
  };

  let id = `${Date.now()}`;
  let dirty = false;

  const pairs = () => {
    const secret = new Set([...form().querySelectorAll(".secret .input")].map((control) => control.name));
    return [...new FormData(form())].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && !secret.has(name));
  };
  const keep = () => {
    if (dirty && form()) write([{ id, query: location.search, pairs: pairs() }, ...read().filter((draft) => draft.id !== id)]);
  };

  const bring = (draft) => {
    keep();
    const data = new FormData();
    for (const [name, value] of draft.pairs) data.append(name, value);
    [id, dirty] = [draft.id, true];
    htmx.ajax("POST", form().querySelector(".form").dataset.edit, { source: form(), target: "#request", swap: "outerMorph", draft: data });
  };
  const offer = () => {
    const place = document.getElementById("draft-offer");
    if (place) place.hidden = !read().some((draft) => draft.id !== id);
  };

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { if (ctx.draft) ctx.request.body = ctx.draft; });
  document.addEventListener("input", (event) => { if (form()?.contains(event.target)) dirty = true; });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const { action } = ctx.request ?? {};
    if (action?.endsWith("/form")) dirty = true;
    if (action?.endsWith("/runs") && ctx.response?.status === 200) {
      dirty = ctx.kept?.typed.length > 0;
      write(read().filter((draft) => draft.id !== id));
      id = `${Date.now()}`;
    }
    offer();
  });
  document.addEventListener("click", (event) => {
    const draft = event.target.closest?.("[data-draft]") && read().find((one) => one.id !== id);
    if (draft) bring(draft);
  });
  addEventListener("pagehide", keep);

  const [last] = form() ? read() : [];
  const back = performance.getEntriesByType("navigation")[0]?.type !== "navigate" && last?.query === location.search;
  if (last && (back || !location.search)) bring(last);
  else offer();
})();
