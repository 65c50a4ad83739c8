// The drafts of this page in this browser tab, the newest first: { id, at, query, pairs }.

const MOST = 3;
const key = `draft ${location.pathname}`;

export const readDrafts = () => { try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; } };
export const writeDrafts = (drafts) => {
  try { drafts.length ? sessionStorage.setItem(key, JSON.stringify(drafts.slice(0, MOST))) : sessionStorage.removeItem(key); } catch { /* too long for the browser */ }
};
