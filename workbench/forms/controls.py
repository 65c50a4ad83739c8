"""The controls of a draft: what each node puts into a form, by name. The reader of posted pairs uses the same names."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.forms.draft import (
    ArrayNode,
    Blank,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Node,
    NodeInfo,
    ObjectNode,
    OptionNode,
    Origin,
    Position,
    RowNode,
    SetNode,
    State,
    TextNode,
    children,
    sends_when_filled,
)
from workbench.forms.field_text import is_date
from workbench.forms.member_ranges import MemberRange, find_ranges
from workbench.forms.shapes import ADDITIONAL, ControlKind

BLANK: Final = ".blank"
LINES: Final = ".lines"
STATE: Final = ".in"
ORDER: Final = ".order"
ROW: Final = ".row"
BRANCH: Final = ".branch"
DRAFTS: Final = ".drafts"
JSON_TEXT: Final = ".json"
BASE: Final = ".base"
CLOSED: Final = ".held"
RANGE: Final = ".rest"
STORED: Final = ".kept"
KEY: Final = ".key"
KEY_BLANK: Final = ".keyblank"
KEY_JSON: Final = ".keyjson"
SLOT: Final = ".slot"
ORIGINS: Final = ".origins"
FILE: Final = ".file"
PUBLIC: Final = ".public"
FLAGS: Final = ".flags"
SECRET: Final = ".secret"  # noqa: S105 -- the name of a control
"""Beside the control of a secret, so that its text is known as one where the schema is no longer known."""


class Widget(StrEnum):
    """How a control is rendered."""

    TEXT = "text"
    AREA = "area"
    PASSWORD = "password"  # noqa: S105 -- the name of a widget
    DATE = "date"
    HIDDEN = "hidden"
    SELECT = "select"
    SEGMENTS = "segments"
    FLAGS = "flags"


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its name within the form, its value, how it is rendered, and the choices where it has some."""

    name: str
    value: str
    widget: Widget = Widget.HIDDEN
    choices: tuple[tuple[str, str], ...] = ()


def own_controls(node: Node) -> Iterator[Control]:
    """The controls of ``node`` itself, without those of the nodes inside it."""
    match node:
        case TextNode():
            yield from _text(node)
        case OptionNode(info=info, key=key):
            choices = (("", _nothing(info)), *((option.key, option.label) for option in info.shape.options))
            widget = Widget.SEGMENTS if info.shape.segmented else Widget.SELECT
            yield Control(info.id, key, widget, choices)
        case ObjectNode(info=info, state=state, rows=rows, order=order):
            yield from _container(info, state, rows)
            if order:
                yield Control(info.id + ORDER, " ".join(order))
            yield from _origins(node)
        case ArrayNode(info=info, state=state, rows=rows):
            yield from _container(info, state, rows)
            yield from _origins(node)
        case SetNode(info=info, state=state, keys=keys):
            yield from _container(info, state, ())
            yield from _flags(info, keys)
        case ChoiceNode(info=info, chosen=chosen, drafts=drafts):
            branches = tuple((str(index), branch.label) for index, branch in enumerate(info.shape.branches))
            yield Control(info.id + BRANCH, str(chosen), Widget.SELECT, branches)
            yield Control(info.id + DRAFTS, " ".join(str(index) for index, _ in drafts))
        case JsonNode():
            yield from _json(node)
        case ClosedNode(info=info, has_secret=True):
            yield Control(info.id + STORED, "yes")
        case ClosedNode(info=info, text=text):
            if text or info.position is not Position.MEMBER:
                yield Control(info.id + CLOSED, text)


def all_controls(node: Node) -> Iterator[Control]:
    """The controls of ``node`` and of everything inside it: what a browser would post for it."""
    yield from own_controls(node)
    for row in getattr(node, "rows", ()):
        yield from key_controls(row)
    carried: set[str] = set()
    for found in find_ranges(node):
        yield from range_controls(found)
        carried.update(member.info.id for member in found.members)
    for child in children(node):
        if child.info.id not in carried:
            yield from all_controls(child)


def visible_controls(node: Node) -> Iterator[Control]:
    """The controls that are visible: not the hidden ones, not those of branches and forms that are not shown."""
    yield from (control for control in own_controls(node) if control.widget is not Widget.HIDDEN)
    for row in getattr(node, "rows", ()):
        yield from (control for control in key_controls(row) if control.widget is not Widget.HIDDEN)
    inner = [node.current] if isinstance(node, ChoiceNode) else () if isinstance(node, JsonNode) else children(node)
    for child in inner:
        yield from visible_controls(child)


def range_controls(range_: MemberRange) -> Iterator[Control]:
    """The one control that carries the values of a range's properties; none where they have no value."""
    if range_.text:
        yield Control(range_.id + RANGE, range_.text)


def key_controls(row: RowNode) -> Iterator[Control]:
    """The controls of the name of a map's row."""
    if row.key is None:
        return
    id_ = row.node.info.id
    if row.key.literal:
        yield Control(id_ + KEY_JSON, row.key.text, Widget.TEXT)
    else:
        yield Control(id_ + KEY, row.key.text, Widget.TEXT)
        yield Control(
            id_ + KEY_BLANK,
            "empty" if row.key.empty else "",
            Widget.SELECT,
            (("", "no name yet"), ("empty", 'named ""')),
        )
    if row.slot != ADDITIONAL:
        yield Control(id_ + SLOT, row.slot)


def fingerprint(node: TextNode | OptionNode) -> str:
    """What tells whether a person changed the control since its origin was noted."""
    state = f"{node.text}\0{node.blank}" if isinstance(node, TextNode) else node.key
    return f"{zlib.crc32(state.encode('utf-8', 'surrogatepass')):x}"


def _text(node: TextNode) -> Iterator[Control]:
    shape = node.info.shape
    if shape.is_secret:
        shown = node.text if node.info.origin is Origin.DEFAULT else ""
        widget = Widget.AREA if node.lines else Widget.PASSWORD
        yield Control(node.info.id + (LINES if node.lines else ""), shown, widget)
        yield Control(node.info.id + SECRET, "yes")
    elif node.lines:
        yield Control(node.info.id + LINES, node.text, Widget.AREA)
    elif shape.format == "date" and (not node.text or is_date(node.text)):
        yield Control(node.info.id, node.text, Widget.DATE)
    else:
        yield Control(node.info.id, node.text, Widget.TEXT)
    choices = blank_choices(node)
    dated = shape.format == "date" and is_date(node.text) and not node.lines
    if len(choices) > 1 and not dated:  # a date control cannot tell the style sheet whether it is blank
        yield Control(node.info.id + BLANK, node.blank, Widget.SELECT, choices)


def _json(node: JsonNode) -> Iterator[Control]:
    yield Control(node.info.id + JSON_TEXT, node.text, Widget.AREA)
    if node.info.shape.is_write_only:
        yield Control(node.info.id + SECRET, "yes")
    if node.behind is not None:
        yield Control(node.info.id + BASE, node.base)


def _flags(info: NodeInfo, keys: tuple[str, ...]) -> Iterator[Control]:
    """One control for each key that is taken, after one without a key, which says that the field was there."""
    options = info.shape.options
    choices = tuple((option.key, option.label) for option in options)
    for key in ("", *keys):
        yield Control(info.id + FLAGS, key, Widget.FLAGS, choices)
    if list(keys) != [option.key for option in options if option.key in keys]:
        yield Control(info.id + ORDER, " ".join(keys))


def blank_choices(node: TextNode) -> tuple[tuple[str, str], ...]:
    """What a blank control can mean here."""
    shape = node.info.shape
    choices: list[tuple[str, str]] = [(Blank.ABSENT, _nothing(node.info))]
    if node.blank is Blank.KEEP:
        choices = [(Blank.KEEP, "unchanged"), (Blank.ABSENT, "cleared")]
    if shape.kind is ControlKind.TEXT:
        choices.append((Blank.EMPTY, 'send ""'))
    if shape.nullable:
        choices.append((Blank.NULL, "send null"))
    return tuple(choices)


def _nothing(info: NodeInfo) -> str:
    return "no value yet" if info.position is Position.ROW else "omit"


def _container(info: NodeInfo, state: State, rows: tuple[RowNode, ...]) -> Iterator[Control]:
    choices = state_choices(info)
    if choices:
        value = State.FILLED if state is State.OUT and choices[0][0] == State.FILLED else state
        widget = Widget.SELECT if choices[0][0] == State.FILLED else Widget.SEGMENTS
        yield Control(info.id + STATE, value, widget, choices)
    for row in rows:
        yield Control(info.id + ROW, row.token)


def state_choices(info: NodeInfo) -> tuple[tuple[str, str], ...]:
    """The ways in which an object or array can be sent or not; none where it always is."""
    null = [(State.NULL, "null")] if info.shape.nullable else []
    choices: list[tuple[str, str]] = [(State.IN, "send"), *null]
    if sends_when_filled(info):
        empty = "{}" if info.shape.kind is ControlKind.OBJECT else "[]"
        null = [(State.NULL, "send null")] if info.shape.nullable else []
        choices = [(State.FILLED, "if empty: omit"), (State.IN, f"if empty: send {empty}"), *null]
    elif info.position is Position.MEMBER:
        choices.insert(0, (State.OUT, "omit"))
    return tuple(choices) if len(choices) > 1 else ()


def _origins(node: ObjectNode | ArrayNode) -> Iterator[Control]:
    """One hidden note of where the values of the scalars in ``node`` came from, as long as nobody changed them."""
    known = {Origin.DEFAULT: "d", Origin.LOADED: "l", Origin.EXAMPLE: "e"}
    notes = [
        f"{leaf.info.id}:{known[leaf.info.origin]}:{fingerprint(leaf)}"
        for leaf in _leaves(node)
        if leaf.info.origin in known
    ]
    if notes:
        yield Control(node.info.id + ORIGINS, " ".join(notes))


def _leaves(node: Node) -> Iterator[TextNode | OptionNode]:
    for child in children(node):
        if isinstance(child, TextNode | OptionNode):
            yield child
        elif isinstance(child, ChoiceNode):
            yield from _leaves(child)
