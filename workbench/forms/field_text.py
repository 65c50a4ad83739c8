"""The text of a field: its label, its type in a line, its help with links, a warning about its format."""

import re
from datetime import date

from markupsafe import Markup, escape

from workbench.domain import JSON
from workbench.forms.jsontext import dumps, is_plain
from workbench.forms.keyword_values import text_of
from workbench.forms.merged_schema import DEFINITION, Schema
from workbench.forms.options import NULL, value_label
from workbench.forms.shapes import ControlKind, Shape
from workbench.schema import diagnose, matches_format
from workbench.schema.messages import at_field

_LINK = re.compile(r"https?://[^\s<>\"'`\\^{|}]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]*_"
_BOUNDS = {
    "string": ("minLength", "maxLength", "character", "characters"),
    "array": ("minItems", "maxItems", "item", "items"),
    "object": ("minProperties", "maxProperties", "property", "properties"),
}


_WORDS_OF_KINDS = {ControlKind.OBJECT: "object", ControlKind.ARRAY: "array", ControlKind.SET: "array"}


def label_of(schema: Schema, name: str) -> str:
    """The label of the field: its ``label``, else its title, else its name."""
    written = text_of(schema, "label").strip() or text_of(schema, "title").strip() or name
    return written if written.strip() and is_plain(written) else dumps(written if written.strip() else name)


def help_of(schema: Schema) -> Markup:
    """The help text, else the description; ``http(s)`` addresses in it are links and nothing else is."""
    text = text_of(schema, "help_text") or text_of(schema, "description")
    return link_urls(text)


def link_urls(text: str) -> Markup:
    """``text`` escaped, its ``http(s)`` addresses as links."""
    parts: list[str] = []
    last = 0
    for hit in _LINK.finditer(text):
        url = hit.group().rstrip(_TRAILING)
        if "(" in url and hit.group()[len(url) :].startswith(")"):
            url += ")"
        parts += [escape(text[last : hit.start()]), _anchor(url)]
        last = hit.start() + len(url)
    return Markup("").join([*parts, escape(text[last:])])


def _anchor(url: str) -> Markup:
    return Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(url)


def type_line(shape: Shape) -> str:
    """The type and its bounds in a line: ``integer 1–100``, ``string · uri``, ``array of string · 1–5 items``."""
    schema = shape.schema
    if shape.kind is ControlKind.CHOICE:
        names = [branch.label for branch in shape.branches]
        return "any value" if shape.any else f"one of {len(names)}" if not shape.types else " or ".join(shape.types)
    if shape.kind is ControlKind.OPTION and not shape.segmented:
        return _picked(shape)
    if shape.kind is ControlKind.OPAQUE:
        return "JSON"
    base = _type_word(shape)
    details = [_with_bounds(base, schema)]
    if shape.kind is ControlKind.OBJECT and text_of(schema, DEFINITION):
        details.append(text_of(schema, DEFINITION))
    if shape.format and shape.format not in ("text",):
        details.append(shape.format)
    for name, (least, most, unit, units) in _BOUNDS.items():
        low, high = schema.get(least), schema.get(most)
        if name == base.split(" ")[0] and (span := _span(low, high)):
            last = high if _is_number(high) else low
            details.append(f"{span} {unit if last == 1 else units}")
    if shape.kind is ControlKind.SET:
        details.append(f"any of {len(shape.options)}")
    elif schema.get("uniqueItems") is True:
        details.append("all different")
    if "pattern" in schema and shape.kind is ControlKind.TEXT:
        details.append(f"like {text_of(schema, 'pattern')}")
    return " · ".join(details) + (" or null" if shape.nullable or _has_null(shape) else "")


def _has_null(shape: Shape) -> bool:
    return len(shape.options) > 1 and any(option.key == NULL for option in shape.options)


def _type_word(shape: Shape) -> str:
    named = [name for name in shape.types if name != "null"]
    word = named[0] if named else _WORDS_OF_KINDS.get(shape.kind, "value")
    if shape.segmented and not named:
        return "null"
    if shape.kind in (ControlKind.ARRAY, ControlKind.SET):
        items = shape.schema.get("items")
        inner = text_of(items, "type") if isinstance(items, dict) else ""
        return f"{word} of {inner}" if inner else word
    return word


def _picked(shape: Shape) -> str:
    """The line of one option among several: ``string · one of 3``, ``one of 4``."""
    if len(shape.options) < 2:
        return "constant"
    values = [option for option in shape.options if option.key != NULL]
    number = f"one of {len(values)}" if len(values) > 1 else "constant"
    line = f"{_type_word(shape)} · {number}" if shape.types else number
    return line if len(values) == len(shape.options) else f"{line} or null"


def _with_bounds(word: str, schema: Schema) -> str:
    """``integer 1–100``, ``number, above 0, up to 5 · in steps of 0.5``."""
    low, high = schema.get("minimum"), schema.get("maximum")
    over, combine_branch = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    bounds = [f"above {over}"] if _is_number(over) else []
    bounds += [_span(low, high)] if _span(low, high) else []
    bounds += [f"below {combine_branch}"] if _is_number(combine_branch) else []
    closed = len(bounds) == 1 and _is_number(low) and _is_number(high)
    line = f"{word} {bounds[0]}" if closed else ", ".join([word, *bounds])
    step = schema.get("multipleOf")
    return line + (f" · in steps of {step}" if _is_number(step) else "")


def _span(low: JSON, high: JSON) -> str:
    if _is_number(low) and _is_number(high):
        return f"{low}" if low == high else f"{low}–{high}"
    if _is_number(low):
        return f"at least {low}"
    return f"up to {high}" if _is_number(high) else ""


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def examples_of(schema: Schema) -> tuple[str, ...]:
    """The first examples, as text."""
    examples = schema.get("examples")
    return tuple(value_label(value) for value in examples[:3]) if isinstance(examples, list) else ()


def type_mismatch(shape: Shape, value: JSON) -> str:
    """Why ``value`` is of a wrong type for ``shape``, in a sentence; empty where it only needs another control."""
    if shape.kind is ControlKind.OPTION and shape.options and not shape.segmented:
        rule: JSON = {"enum": [option.value for option in shape.options]}
    else:
        rule = {"type": list(shape.types)} if shape.types else True
    error = diagnose(rule, value).headline
    if error is None:
        return ""
    return error.message if error.pointer else at_field(error)


def format_warning(name: str, text: str) -> str:
    """The warning that ``text`` is not of the format ``name``; empty where it is, or the format is unknown."""
    if not text or matches_format(name, text):
        return ""
    return f"This is not a valid {name}{_LIKE.get(name, '')}. The SDK does not check formats: it is sent as typed."


_LIKE = {
    "date": ", which looks like 2026-11-01",
    "date-time": ", which has an offset, like 2026-11-01T09:30:00+01:00",
    "time": ", which looks like 09:30:00+01:00",
    "email": ", which looks like ada@example.com",
    "uri": ", which begins with a scheme, like https://example.com",
}


def is_date(text: str) -> bool:
    """Whether a browser's date control keeps ``text`` as it is."""
    try:
        return len(text) == 10 and text.isascii() and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
