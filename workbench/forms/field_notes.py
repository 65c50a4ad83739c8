"""What stands beside a field's label and type: notes, its default, warnings, a closed value in short."""

from typing import Final

from workbench.domain import ABSENT
from workbench.forms import field_text
from workbench.forms.builder import is_too_long
from workbench.forms.collector import Collector
from workbench.forms.draft import JsonNode, Node, Origin, TextNode
from workbench.forms.jsontext import dumps
from workbench.forms.keyword_values import text_of
from workbench.forms.shapes import Shape, Shapes
from workbench.jsondoc.strict import JsonError, loads
from workbench.schema.words import count

_TOO_LONG: Final = "There is more in it than one page of form can carry, so it is edited as JSON."


def notes_of(node: Node, *, serves_files: bool = False) -> list[str]:
    """What the schema adds in words: a condition, its examples, what the platform does with the field."""
    schema = node.info.shape.schema
    notes = [f"Applies {node.info.condition}."] if node.info.condition else []
    examples = field_text.examples_of(schema)
    if examples:
        notes.append(f"For example {', '.join(examples)}.")
    if is_public_file(node.info.shape):
        notes.append(_SERVED if serves_files else _NOT_SERVED)
    return notes


def is_public_file(shape: Shape) -> bool:
    """Whether the platform lets a person pick a file here, and gives the handler a public URL of it."""
    return text_of(shape.schema, "x-autohive-input") == "file-public-url"


_ON_THE_PLATFORM = "On the platform a person picks a file here, and the handler gets a public URL of it."
_SERVED = (
    f"{_ON_THE_PLATFORM} Here, give any URL, or choose a file: the echo server serves it to this machine until the"
    " workbench stops."
)
_NOT_SERVED = (
    f"{_ON_THE_PLATFORM} Here, give the URL of any file that the other side can fetch. To choose a file of this machine"
    " instead, start the workbench with --echo."
)


def default_of(node: Node, shapes: Shapes) -> tuple[str, bool]:
    """The declared default in short, and whether the field says the same, so that it needs no words."""
    schema = node.info.shape.schema
    if "default" not in schema or node.info.shape.is_secret:
        return "", False
    declared, value = dumps(schema["default"]), Collector().collect(node)
    if not shapes.accepts_default(node.info.shape):
        return f"{_short(declared)}, not filled in because its own schema rejects it", False
    return _short(declared), value is not ABSENT and dumps(value) == declared


def remarks_of(node: Node, *, has_error: bool) -> list[str]:
    """Warnings: of the schema, of the value's format, of a value that the field cannot show.

    Where the value ``has_error`` anyway, the error says why.
    """
    remarks = list(node.info.shape.warnings)
    if isinstance(node, TextNode):
        if node.info.shape.is_secret and node.text and node.info.origin is not Origin.DEFAULT:
            remarks.append("Type it again: what is typed here is never sent back to the page.")
        remark = field_text.format_warning(node.info.shape.format, node.text)
        remarks += [remark] if remark else []
    elif isinstance(node, JsonNode) and node.text.strip():
        remarks += _json_remarks(node, has_error)
    return remarks


def _json_remarks(node: JsonNode, has_error: bool) -> list[str]:
    """Why a value is shown as JSON, where it has to be."""
    try:
        value = loads(node.text)
    except JsonError:
        return []
    remark = "" if has_error else field_text.type_mismatch(node.info.shape, value)
    long = _TOO_LONG if is_too_long(node.info.shape, value) else ""
    return [one for one in (remark, long) if one]


def summary_of(text: str) -> str:
    """A closed value in a few words."""
    value = loads(text)
    if isinstance(value, dict):
        return f"{count(len(value), 'property', 'properties')}: {_short(text)}"
    return f"{count(len(value), 'item')}: {_short(text)}" if isinstance(value, list) else _short(text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
