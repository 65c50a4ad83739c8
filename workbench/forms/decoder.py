"""From posted pairs to a draft, by the names of :mod:`workbench.forms.controls` and the schema."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from workbench.domain import ABSENT, JSON
from workbench.forms import controls
from workbench.forms.draft import (
    ROOT_ID,
    Blank,
    Choice,
    Group,
    Held,
    Key,
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
    branch_id,
    member_spot,
    row_id,
)
from workbench.forms.jsontext import dumps, is_plain
from workbench.forms.shapes import ADDITIONAL, Kind, Shape, Shapes
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.strict import JsonError, loads

MAX_PARTS: Final = 6000
"""Pairs that a form may post. A page never makes more than half of them by itself."""
_MAX_DEPTH: Final = 200


class TooManyParts(ValueError):
    """More pairs were posted than one form may have; the message says what to do."""


class Decoder:
    """Reads the pairs of one form. Pairs of other forms, and names it does not know, are passed over."""

    def __init__(self, shapes: Shapes, pairs: Iterable[tuple[str, str]], prefix: str) -> None:
        self._shapes = shapes
        self._posted: dict[str, list[str]] = {}
        self._used: set[str] = set()
        self._lost = 0
        start = f"{prefix}."
        for count, (name, value) in enumerate(pairs):
            if count >= MAX_PARTS:
                raise TooManyParts(f"The form has more than {MAX_PARTS} parts. Send the value as JSON instead.")
            if name.startswith(start):
                self._posted.setdefault(name[len(start) :], []).append(_lines(value))
        self._origins = dict(self._read_origins())

    def root(self) -> Node:
        """The draft of the whole form; that of an untouched one where nothing was posted."""
        return self._node(Spot(ROOT_ID, self._shapes.of(self._shapes.root), Slot.ROOT), 0)

    def get(self, name: str) -> str | None:
        """The last value posted under ``name``."""
        values = self._values(name)
        return values[-1] if values else None

    def unplaced(self) -> int:
        """How many texts were posted for fields that the schema no longer has; known once :meth:`root` was called."""
        passing = ("op", controls.ORIGINS, controls.FILE)
        left = (
            values for name, values in self._posted.items() if name not in self._used and not name.endswith(passing)
        )
        return sum(any(values) for values in left) + self._lost

    def _values(self, name: str) -> list[str]:
        self._used.add(name)
        return self._posted.get(name, [])

    def _node(self, spot: Spot, depth: int) -> Node:
        text = self.get(spot.id + controls.JSON_TEXT)
        if text is not None:
            base = self.get(spot.id + controls.BASE)
            behind = None if base is None else self._form(spot, depth)
            return Raw(spot, text, behind, base or "")
        if self.get(spot.id + controls.KEPT) is not None:
            return Held(spot, kept=True)
        text = self.get(spot.id + controls.HELD)
        if text is not None:
            return Held(spot, text) if not text or _is_json(text) else Raw(spot, text)
        return self._form(spot, depth)

    def _form(self, spot: Spot, depth: int) -> Node:
        names = (spot.id, spot.id + controls.LINES, spot.id + controls.BLANK)
        scalar = spot.shape.kind in (Kind.TEXT, Kind.NUMBER, Kind.PICK)
        if scalar and spot.slot is Slot.MEMBER and not any(name in self._posted for name in names):
            return Held(spot)
        match spot.shape.kind:
            case Kind.TEXT | Kind.NUMBER:
                return self._plain(self._with_origin(self._text(spot)))
            case Kind.PICK:
                return self._with_origin(Pick(spot, self.get(spot.id) or ""))
            case Kind.OPAQUE:
                return Held(spot) if spot.slot is Slot.MEMBER else Raw(spot)
        if depth > _MAX_DEPTH:
            return Held(spot)
        if spot.shape.kind is Kind.CHOICE:
            return self._choice(spot, depth)
        return self._container(spot, depth)

    def _text(self, spot: Spot) -> Text:
        lines = self.get(spot.id + controls.LINES)
        text = self.get(spot.id) if lines is None else lines
        written = self.get(spot.id + controls.BLANK) or Blank.ABSENT
        allowed = [choice for choice, _ in controls.blank_choices(Text(spot))] + [Blank.KEEP] * spot.shape.is_secret
        return Text(spot, text or "", Blank(self._known(written, allowed, Blank.ABSENT)), lines is not None)

    def _plain(self, node: Text) -> Text | Raw:
        """``node``, as JSON where no control could carry its text back to the person."""
        shape = node.spot.shape
        odd = shape.kind is Kind.TEXT and not shape.is_secret and not is_plain(node.text)
        return Raw(node.spot, dumps(node.text)) if odd else node

    def _known(self, written: str, allowed: Sequence[str], instead: str) -> str:
        """What was ``written``; another where the schema does not allow it (any more), which is noted as lost."""
        if written in allowed:
            return written
        self._lost += written not in (State.OUT, State.FILLED)
        return instead

    def _choice(self, spot: Spot, depth: int) -> Node:
        written = self.get(spot.id + controls.BRANCH)
        if written is None and spot.slot is not Slot.ROOT:
            return Held(spot)
        first = self._shapes.first_branch(spot.shape, of_root=spot.slot is Slot.ROOT)
        chosen = pointers.index(written or "", len(spot.shape.branches))
        if chosen is None:
            self._lost += bool(written)
            chosen, written = first, None
        shown = [
            pointers.index(one, len(spot.shape.branches)) for one in (self.get(spot.id + controls.DRAFTS) or "").split()
        ]
        drafts = [(index, self._branch(spot, index, depth)) for index in sorted({i for i in shown if i is not None})]
        if chosen not in shown:
            drafts.append(
                (chosen, self._branch(spot, chosen, depth) if written is None else self._unshown(spot, chosen))
            )
        return Choice(spot, chosen, tuple(drafts), unshown=written is not None and chosen not in shown)

    def _unshown(self, spot: Spot, index: int) -> Node:
        shape = self._shapes.branch_shape(spot.shape, index)
        return Held(replace(spot, id=branch_id(spot.id, index), shape=shape))

    def _branch(self, spot: Spot, index: int, depth: int) -> Node:
        shape = self._shapes.branch_shape(spot.shape, index)
        return self._node(replace(spot, id=branch_id(spot.id, index), shape=shape), depth + 1)

    def _container(self, spot: Spot, depth: int) -> Node:
        written = self.get(spot.id + controls.STATE)
        if written is None and spot.slot is Slot.MEMBER:
            return Held(spot)
        choices = [choice for choice, _ in controls.state_choices(spot)] or [str(State.IN)]
        state = State.IN if written is None else State(self._known(written, choices, choices[0]))
        if spot.shape.kind is Kind.ARRAY:
            return Listing(spot, state, self._rows(spot, depth))
        order = tuple((self.get(spot.id + controls.ORDER) or "").split())
        members = self._members(spot, depth)
        file = self._file(spot)
        if file is not None:
            state, members = State.IN, tuple(_filled(member, file) for member in members)
        return Group(spot, state, members, self._map_rows(spot, depth), order)

    def _file(self, spot: Spot) -> dict[str, JSON] | None:
        """The file that a browser posted for the object at ``spot`` (see :func:`workbench.forms.uploaded`)."""
        text = self.get(spot.id + controls.FILE) if spot.shape.is_file else None
        try:
            return _object(text) or None
        except JsonError:
            return None

    def _members(self, spot: Spot, depth: int) -> tuple[Node, ...]:
        """The declared members; those in a run (:mod:`workbench.forms.member_ranges`) travel in one control."""
        nodes: list[Node] = []
        carried: dict[str, JSON] = {}
        for member in self._shapes.members(spot.shape):
            inner = member_spot(spot, member, self._shapes.of(member.schema))
            node = self._node(inner, depth + 1)
            text = self.get(inner.id + controls.REST)
            try:
                carried.update(_object(text))
            except JsonError:
                node = Raw(inner, text or "")
            value = carried.pop(member.name, ABSENT)
            closed = node == Held(inner) and value is not ABSENT
            nodes.append(Held(inner, dumps(value)) if closed and value is not ABSENT else node)
        self._lost += len(carried)
        return tuple(nodes)

    def _tokens(self, spot: Spot) -> list[str]:
        return list(dict.fromkeys(self._values(spot.id + controls.ROW)))

    def _rows(self, spot: Spot, depth: int) -> tuple[Row, ...]:
        return tuple(
            Row(token, self._row(spot, token, self._shapes.row_shape(spot.shape, index), depth))
            for index, token in enumerate(self._tokens(spot))
        )

    def _map_rows(self, spot: Spot, depth: int) -> tuple[Row, ...]:
        rows = []
        for token in self._tokens(spot):
            id_ = row_id(spot.id, token)
            slot = self.get(id_ + controls.SLOT) or ADDITIONAL
            literal = self.get(id_ + controls.KEY_JSON)
            key = Key(self.get(id_ + controls.KEY) or "", self.get(id_ + controls.KEY_BLANK) == "empty")
            if not is_plain(key.text):
                key = Key(dumps(key.text), literal=True)
            node = self._row(spot, token, self._shapes.slot_shape(spot.shape, slot), depth)
            rows.append(Row(token, node, key if literal is None else Key(literal, literal=True), slot))
        return tuple(rows)

    def _row(self, spot: Spot, token: str, shape: Shape, depth: int) -> Node:
        return self._node(Spot(row_id(spot.id, token), shape, Slot.ROW), depth + 1)

    def _with_origin[T: (Text, Pick)](self, node: T) -> T:
        origin, mark = self._origins.get(node.spot.id, (Origin.ABSENT, ""))
        if mark != controls.fingerprint(node):
            given = node.key if isinstance(node, Pick) else node.text or node.blank
            origin = Origin.TYPED if given and given != Blank.KEEP else Origin.ABSENT
        return replace(node, spot=replace(node.spot, origin=origin))

    def _read_origins(self) -> Iterable[tuple[str, tuple[Origin, str]]]:
        codes = {"d": Origin.DEFAULT, "l": Origin.LOADED}
        for name, values in self._posted.items():
            if name.endswith(controls.ORIGINS):
                for note in values[-1].split():
                    id_, _, rest = note.partition(":")
                    code, _, mark = rest.partition(":")
                    yield id_, (codes.get(code, Origin.ABSENT), mark)


def _filled(node: Node, file: dict[str, JSON]) -> Node:
    """A member of a file object with what the file gives for it."""
    text = file.get(node.spot.name)
    if not isinstance(text, str):
        return node
    return Text(replace(node.spot, origin=Origin.TYPED), text, Blank.ABSENT if text else Blank.EMPTY)


def _object(text: str | None) -> dict[str, JSON]:
    """The object that ``text`` is, empty where there is none; raises :class:`JsonError`."""
    value = loads(text) if text else None
    return value if isinstance(value, dict) else {}


def _lines(value: str) -> str:
    """Browsers send every line break of a control as CR LF."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def _is_json(text: str) -> bool:
    try:
        loads(text)
    except JsonError:
        return False
    return True
