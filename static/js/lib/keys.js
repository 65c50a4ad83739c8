// What several scripts ask about a key that was pressed.

/** Whether a key goes into a text: the target in an editor's shadow counts, too. */
export const isTyping = (event) => {
  const [target] = event.composedPath();
  return target instanceof Element && (target.isContentEditable || target.matches("input, textarea, select"));
};

/** Whether keys without Ctrl or Alt are on; a person can turn them off. */
export const singleKeys = () => { try { return localStorage.getItem("single-keys") !== "off"; } catch { return true; } };
