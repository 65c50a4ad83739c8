// Where the caret stands in a JSON text, as a pointer, and what the schema offers there.

import { syntaxTree } from "@codemirror/language";

const PLACES = ["Property", "Object", "Array"];
const VALUES = ["Object", "Array", "String", "Number", "True", "False", "Null"];

const nameOf = (property, state) => {
  const name = property.getChild("PropertyName");
  try { return JSON.parse(state.sliceDoc(name.from, name.to)); } catch { return null; }
};
const itemsOf = (array) => {
  const items = [];
  for (let child = array.firstChild; child; child = child.nextSibling) if (VALUES.includes(child.name)) items.push(child);
  return items;
};
const escaped = (part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1");

/** The pointer of a node that is a value, or of the value that belongs to a property. */
const pointerOf = (node, state) => {
  const parts = [];
  for (let at = node; at; at = at.parent) {
    if (at.name === "Property") parts.unshift(escaped(nameOf(at, state) ?? ""));
    else if (at.parent?.name === "Array") parts.unshift(itemsOf(at.parent).findIndex((item) => item.from === at.from));
  }
  return parts.map((part) => `/${part}`).join("");
};

/** Where the word that is being typed begins: at its quote where it is not closed yet. */
const wordStart = (state, pos) => {
  const line = state.doc.lineAt(pos), before = line.text.slice(0, pos - line.from);
  const open = /^(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*("(?:[^"\\]|\\.)*)$/.exec(before)?.[1];
  return pos - (open ?? /[\w.+-]*$/.exec(before)[0]).length;
};

/** What is asked for at `pos`: { pointer, names, from, to, object }, or null. */
const placeAt = (state, pos) => {
  const tree = syntaxTree(state), inside = tree.resolveInner(pos, -1);
  const around = { from: inside.from, to: inside.to };
  if (inside.name === "PropertyName") return { ...around, names: true, object: inside.parent.parent, pointer: pointerOf(inside.parent.parent, state) };
  if (VALUES.slice(2).includes(inside.name)) return { ...around, pointer: pointerOf(inside, state) };
  const from = wordStart(state, pos);
  let node = tree.resolveInner(from, -1);
  while (node.parent && !PLACES.includes(node.name)) node = node.parent;
  const typed = { from, to: pos };
  if (node.name === "Property") return { ...typed, pointer: pointerOf(node, state) };
  if (node.name === "Object") return { ...typed, names: true, object: node, pointer: pointerOf(node, state) };
  if (node.name === "Array") return { ...typed, pointer: `${pointerOf(node, state)}/${itemsOf(node).filter((item) => item.to <= from).length}` };
  return node.name === "JsonText" ? { ...typed, pointer: "" } : null;
};

const nameOptions = (names, place, state) => {
  const taken = place.object.getChildren("Property").filter((one) => one.from !== place.from).map((one) => nameOf(one, state));
  const end = /^\s*:/.test(state.sliceDoc(place.to, place.to + 20)) ? "" : ": ";
  return names.filter(({ name }) => !taken.includes(name)).map(({ name, type, help, required }) => ({
    label: JSON.stringify(name), displayLabel: name, apply: JSON.stringify(name) + end, type: "property",
    detail: required ? `${type}, required` : type, info: help || undefined,
  }));
};

/** A source of completions; `complete(pointer)` resolves to { names, values } of the schema there. */
export const completionSource = (complete) => async (context) => {
  const { state, pos, explicit } = context, place = placeAt(state, pos);
  if (!place || (!explicit && place.from === pos)) return null;
  const { names, values } = await complete(place.pointer);
  const options = place.names ? nameOptions(names, place, state) : values.map(({ text, note }) => ({ label: text, detail: note, type: "constant" }));
  const typed = state.sliceDoc(place.from, pos).replace(/^"/, "").toLowerCase();
  const at = ({ label }) => label.replace(/^"/, "").toLowerCase().indexOf(typed);
  const fitting = options.filter((option) => at(option) >= 0).sort((one, other) => Math.min(at(one), 1) - Math.min(at(other), 1));
  return context.aborted || !fitting.length ? null : { from: place.from, to: place.to, options: fitting, filter: false };
};
