"""The controls of a draft: what each node puts into a form, by name. The reader of posted pairs uses the same names."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workbench.forms.draft import (
    Blank,
    Choice,
    Group,
    Held,
    Listing,
    Node,
    Origin,
    Pick,
    Raw,
    Row,
    Slot,
    Spot,
    State,
    Text,
    children,
)
from workbench.forms.field_text import is_date
from workbench.forms.member_ranges import Run, runs_of
from workbench.forms.shapes import ADDITIONAL, Kind

BLANK: Final = ".blank"
LINES: Final = ".lines"
STATE: Final = ".in"
ORDER: Final = ".order"
ROW: Final = ".row"
BRANCH: Final = ".branch"
DRAFTS: Final = ".drafts"
JSON_TEXT: Final = ".json"
BASE: Final = ".base"
HELD: Final = ".held"
REST: Final = ".rest"
KEPT: Final = ".kept"
KEY: Final = ".key"
KEY_BLANK: Final = ".keyblank"
KEY_JSON: Final = ".keyjson"
SLOT: Final = ".slot"
ORIGINS: Final = ".origins"
FILE: Final = ".file"
PUBLIC: Final = ".public"


class Widget(StrEnum):
    """How a control is drawn."""

    TEXT = "text"
    AREA = "area"
    PASSWORD = "password"  # noqa: S105 -- the name of a widget
    DATE = "date"
    HIDDEN = "hidden"
    SELECT = "select"
    SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its name within the form, its value, how it is drawn, and the choices where it has some."""

    name: str
    value: str
    widget: Widget = Widget.HIDDEN
    choices: tuple[tuple[str, str], ...] = ()


def own_controls(node: Node) -> Iterator[Control]:
    """The controls of ``node`` itself, without those of the nodes inside it."""
    match node:
        case Text():
            yield from _text(node)
        case Pick(spot=spot, key=key):
            choices = (("", _nothing(spot)), *((option.key, option.label) for option in spot.shape.options))
            widget = Widget.SEGMENTS if spot.shape.segmented else Widget.SELECT
            yield Control(spot.id, key, widget, choices)
        case Group(spot=spot, state=state, rows=rows, order=order):
            yield from _container(spot, state, rows)
            if order:
                yield Control(spot.id + ORDER, " ".join(order))
            yield from _origins(node)
        case Listing(spot=spot, state=state, rows=rows):
            yield from _container(spot, state, rows)
            yield from _origins(node)
        case Choice(spot=spot, chosen=chosen, drafts=drafts):
            branches = tuple((str(index), branch.label) for index, branch in enumerate(spot.shape.branches))
            yield Control(spot.id + BRANCH, str(chosen), Widget.SELECT, branches)
            yield Control(spot.id + DRAFTS, " ".join(str(index) for index, _ in drafts))
        case Raw(spot=spot, text=text, behind=behind, base=base):
            yield Control(spot.id + JSON_TEXT, text, Widget.AREA)
            if behind is not None:
                yield Control(spot.id + BASE, base)
        case Held(spot=spot, kept=True):
            yield Control(spot.id + KEPT, "yes")
        case Held(spot=spot, text=text):
            if text or spot.slot is not Slot.MEMBER:
                yield Control(spot.id + HELD, text)


def all_controls(node: Node) -> Iterator[Control]:
    """The controls of ``node`` and of everything inside it: what a browser would post for it."""
    yield from own_controls(node)
    for row in getattr(node, "rows", ()):
        yield from key_controls(row)
    carried: set[str] = set()
    for run in runs_of(node):
        yield from run_controls(run)
        carried.update(member.spot.id for member in run.members)
    for child in children(node):
        if child.spot.id not in carried:
            yield from all_controls(child)


def visible_controls(node: Node) -> Iterator[Control]:
    """The controls that are drawn: not the bookkeeping, not the branches and forms that only travel along."""
    yield from (control for control in own_controls(node) if control.widget is not Widget.HIDDEN)
    for row in getattr(node, "rows", ()):
        yield from (control for control in key_controls(row) if control.widget is not Widget.HIDDEN)
    inner = [node.current] if isinstance(node, Choice) else () if isinstance(node, Raw) else children(node)
    for child in inner:
        yield from visible_controls(child)


def run_controls(run: Run) -> Iterator[Control]:
    """The one control that carries what the members of ``run`` hold; none where they hold nothing."""
    if run.text:
        yield Control(run.id + REST, run.text)


def key_controls(row: Row) -> Iterator[Control]:
    """The controls of the name of a map's row."""
    if row.key is None:
        return
    id_ = row.node.spot.id
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


def fingerprint(node: Text | Pick) -> str:
    """What tells whether a person changed the control since its origin was noted."""
    state = f"{node.text}\0{node.blank}" if isinstance(node, Text) else node.key
    return f"{zlib.crc32(state.encode('utf-8', 'surrogatepass')):x}"


def _text(node: Text) -> Iterator[Control]:
    shape = node.spot.shape
    if shape.is_secret:
        shown = node.text if node.spot.origin is Origin.DEFAULT else ""
        widget = Widget.AREA if node.lines else Widget.PASSWORD
        yield Control(node.spot.id + (LINES if node.lines else ""), shown, widget)
    elif node.lines:
        yield Control(node.spot.id + LINES, node.text, Widget.AREA)
    elif shape.format == "date" and (not node.text or is_date(node.text)):
        yield Control(node.spot.id, node.text, Widget.DATE)
    else:
        yield Control(node.spot.id, node.text, Widget.TEXT)
    choices = blank_choices(node)
    dated = shape.format == "date" and is_date(node.text) and not node.lines
    if len(choices) > 1 and not dated:  # a date control cannot tell the style sheet whether it is blank
        yield Control(node.spot.id + BLANK, node.blank, Widget.SELECT, choices)


def blank_choices(node: Text) -> tuple[tuple[str, str], ...]:
    """What a blank control can mean here."""
    shape = node.spot.shape
    choices: list[tuple[str, str]] = [(Blank.ABSENT, _nothing(node.spot))]
    if node.blank is Blank.KEEP:
        choices = [(Blank.KEEP, "unchanged"), (Blank.ABSENT, "cleared")]
    if shape.kind is Kind.TEXT:
        choices.append((Blank.EMPTY, 'send ""'))
    if shape.nullable:
        choices.append((Blank.NULL, "send null"))
    return tuple(choices)


def _nothing(spot: Spot) -> str:
    return "no value yet" if spot.slot is Slot.ROW else "not sent"


def _container(spot: Spot, state: State, rows: tuple[Row, ...]) -> Iterator[Control]:
    choices = state_choices(spot)
    if choices:
        value = State.FILLED if state is State.OUT and choices[0][0] == State.FILLED else state
        yield Control(spot.id + STATE, value, Widget.SEGMENTS, choices)
    for row in rows:
        yield Control(spot.id + ROW, row.token)


def state_choices(spot: Spot) -> tuple[tuple[str, str], ...]:
    """The ways in which an object or array can be sent or not; none where it always is."""
    choices: list[tuple[str, str]] = [(State.IN, "included")]
    if spot.shape.nullable:
        choices.append((State.NULL, "null"))
    if spot.slot is Slot.MEMBER:
        eager = spot.required and spot.shape.kind is Kind.OBJECT
        choices.insert(0, (State.FILLED, "when filled") if eager else (State.OUT, "not sent"))
    return tuple(choices) if len(choices) > 1 else ()


def _origins(node: Group | Listing) -> Iterator[Control]:
    """One hidden note of where the values of the scalars in ``node`` came from, as long as nobody changed them."""
    known = {Origin.DEFAULT: "d", Origin.LOADED: "l"}
    notes = [
        f"{leaf.spot.id}:{known[leaf.spot.origin]}:{fingerprint(leaf)}"
        for leaf in _leaves(node)
        if leaf.spot.origin in known
    ]
    if notes:
        yield Control(node.spot.id + ORIGINS, " ".join(notes))


def _leaves(node: Node) -> Iterator[Text | Pick]:
    for child in children(node):
        if isinstance(child, Text | Pick):
            yield child
        elif isinstance(child, Choice):
            yield from _leaves(child)
