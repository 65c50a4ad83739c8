// The JSON editor of the forms: CodeMirror 6 with line numbers, bracket matching, the place of an error, and completion.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { linter, lintGutter } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completionSource } from "./completion.js";

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--key)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
]);

const THEME = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", maxHeight: "60vh", fontSize: "var(--fs-code)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", minHeight: "8lh" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "6px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--accent)" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal", marginLeft: "1em" },
  ".cm-completionInfo": { maxWidth: "36ch", padding: "6px 10px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lint-marker": { width: "10px", height: "auto" },
  ".cm-lint-marker-error": { content: "none", color: "var(--bad)" },
  ".cm-lint-marker-error::before": { content: "'✕'" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
});

const KEYS = [...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap].filter(({ key }) => key !== "Mod-Enter");

const firstError = (state) => {
  let at = null;
  syntaxTree(state).iterate({ enter: (node) => { if (node.type.isError && at === null) at = node.from; } });
  return at ?? state.doc.length;
};

const lint = (view) => {
  const text = view.state.doc.toString();
  if (!text.trim()) return [];
  try { JSON.parse(text); } catch (error) {
    const from = Math.min(firstError(view.state), text.trimEnd().length), line = view.state.doc.lineAt(from);
    const reason = error.message.replace(/,? (in JSON )?at (position|line) .*$/, "");
    return [{ from, to: Math.min(from + 1, line.to), severity: "error", message: `Line ${line.number}, column ${from - line.from + 1}: ${reason}` }];
  }
  return [];
};

// Chromium writes a style attribute where it replaces selected text itself; the content security policy forbids that.
const replaceSelected = (event, view) => {
  const text = event.data?.replace(/\r\n?/g, "\n"), range = view.root.getSelection();
  if (event.inputType !== "insertText" || event.isComposing || !text || range.isCollapsed || !view.contentDOM.contains(range.anchorNode)) return false;
  const ends = [view.posAtDOM(range.anchorNode, range.anchorOffset), view.posAtDOM(range.focusNode, range.focusOffset)];
  const from = Math.min(...ends), to = Math.max(...ends);
  const insert = () => view.state.update({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.type", scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
};

/** An editor in `parent`. `complete(pointer)` gives what the schema has there, `changed(text)` hears each edit. */
export const mount = (parent, { text, attributes, changed, complete }) => {
  const described = new Compartment(), as = (values) => EditorView.contentAttributes.of(values);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), bracketMatching(), closeBrackets(), indentOnInput(), indentUnit.of("  "), json(),
        highlightActiveLine(), EditorView.lineWrapping, lintGutter(), linter(lint, { delay: 300 }), THEME, syntaxHighlighting(COLOURS),
        autocompletion({ override: [completionSource(complete)], icons: false }), keymap.of(KEYS),
        described.of(as(attributes)), EditorView.domEventHandlers({ beforeinput: replaceSelected }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    describe: (values) => view.dispatch({ effects: described.reconfigure(as(values)) }),
    replace: (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }),
  };
};
