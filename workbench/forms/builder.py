"""From a schema and a value to a draft: what a form shows at first, or of data that was loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.draft import (
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
from workbench.forms.keyword_values import mapping_of
from workbench.forms.shapes import Kind, Shape, Shapes
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import identical
from workbench.schema import closest_branch

MAX_OPEN = 400
"""Nodes that one page opens by itself; what comes after stays closed until it is asked for."""
MAX_ROWS = 800
"""Items, or members that the schema does not declare, that a form shows; a value with more is edited as JSON."""
MAX_DEPTH = 12
"""How deep a page opens by itself."""
_MOST_BRANCHES = 1000
"""Branches, nested ones too, that are looked at for one value."""
_EAGER_DEPTH = 6
_EAGER = 250
"""Of these, how many may be blank."""


@dataclass(slots=True)
class Builder:
    """Makes drafts. ``fresh``: defaults fill what is absent; ``secrets``: pointers of secrets known to be set.

    ``opened`` are pointers that must be open, because something is said about a place inside them.
    """

    shapes: Shapes
    fresh: bool = False
    secrets: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    _left: int = MAX_OPEN
    _eager: int = _EAGER
    _trail: list[Shape] = field(default_factory=list)

    def build(self, spot: Spot, value: JSON | Absent, pointer: str = "", origin: Origin = Origin.LOADED) -> Node:
        """The draft of ``value`` at ``spot``."""
        if value is ABSENT and self.fresh and "default" in spot.shape.schema:
            return self._defaulted(spot, pointer)
        spot = replace(spot, origin=Origin.ABSENT if value is ABSENT else origin)
        if spot.shape.is_secret and spot.origin is not Origin.DEFAULT:
            return self._secret(spot, value, pointer)
        if value is not ABSENT and (not self._fits(spot.shape, value) or is_too_long(spot.shape, value)):
            return self.raw(spot, value)
        if spot.shape.kind in (Kind.TEXT, Kind.NUMBER, Kind.PICK, Kind.OPAQUE):
            return self._scalar(spot, value, pointer)
        if self._must_stay_closed(spot, value, pointer):
            return self._held(spot, value)
        return self._opened(spot, value, pointer, origin)

    def _held(self, spot: Spot, value: JSON | Absent) -> Held:
        if value is ABSENT:
            return Held(spot)
        return Held(spot, kept=True) if self.shapes.holds_secret(spot.shape) else Held(spot, dumps(value))

    def raw(self, spot: Spot, value: JSON) -> Raw | Held:
        """``value`` as JSON text, which any control can carry; where secrets may be in it, not even that."""
        if self.shapes.holds_secret(spot.shape):
            return Held(spot, kept=True)
        text, compact = dumps(value, indent=2), dumps(value)
        return Raw(spot, text if len(text) <= 8 * len(compact) else compact)

    def row(self, parent: Spot, shape: Shape, token: str, value: JSON | Absent, pointer: str, origin: Origin) -> Node:
        """The node of a row of an array or map."""
        spot = Spot(row_id(parent.id, token), shape, Slot.ROW)
        return self.build(spot, value, pointer, origin)

    def branch(self, spot: Spot, index: int, value: JSON | Absent, pointer: str, origin: Origin) -> Node:
        """The node of one branch of the choice at ``spot``."""
        shape = self.shapes.branch_shape(spot.shape, index)
        inner = replace(spot, id=branch_id(spot.id, index), shape=shape)
        return self.build(inner, value, pointer, origin)

    def _scalar(self, spot: Spot, value: JSON | Absent, pointer: str) -> Node:
        enough = self._left < 1 or (value is ABSENT and self._eager < 1)
        if enough and self._trail and pointer not in self.opened:
            return self._held(spot, value)
        self._left -= 1
        self._eager -= value is ABSENT
        return _scalar(spot, value)

    def _defaulted(self, spot: Spot, pointer: str) -> Node:
        self.fresh = False
        try:
            return self.build(spot, spot.shape.schema["default"], pointer, Origin.DEFAULT)
        finally:
            self.fresh = True

    def _secret(self, spot: Spot, value: JSON | Absent, pointer: str) -> Node:
        known = value is not ABSENT or pointer in self.secrets
        if known:
            spot = replace(spot, origin=Origin.LOADED)
        return Text(spot, blank=Blank.KEEP if known else Blank.ABSENT)

    def _fits(self, shape: Shape, value: JSON, above: tuple[Shape, ...] = ()) -> bool:
        """Whether a control of ``shape`` can show ``value``; a choice among choices without end cannot."""
        pending = [(shape, above)]
        for _ in range(_MOST_BRANCHES):
            if not pending:
                return False
            one, outer = pending.pop()
            if one.kind is not Kind.CHOICE and fits(one, value):
                return True
            if one.kind is Kind.CHOICE and one not in outer:
                within = (*outer, one)
                pending += [(self.shapes.branch_shape(one, index), within) for index in range(len(one.branches))]
        return False

    def _branch_for(self, shape: Shape, value: JSON) -> int | None:
        """The branch that takes ``value``: of those whose control can show it, the closest."""
        each = range(len(shape.branches))
        able = [i for i in each if self._fits(self.shapes.branch_shape(shape, i), value, (shape,))]
        return closest_branch(self.shapes.root, [branch.written for branch in shape.branches], value, among=able)

    def _must_stay_closed(self, spot: Spot, value: JSON | Absent, pointer: str) -> bool:
        if not self._trail or pointer in self.opened:
            return False
        if value is not ABSENT:
            return self._left < 1 or len(self._trail) >= MAX_DEPTH or _size(value, self._left) > self._left
        recursive = any(spot.shape.refs & above.refs or spot.shape is above for above in self._trail)
        return recursive or self._left < 1 or self._eager < 1 or len(self._trail) >= _EAGER_DEPTH

    def _opened(self, spot: Spot, value: JSON | Absent, pointer: str, origin: Origin) -> Node:
        self._left -= 1
        self._trail.append(spot.shape)
        try:
            if spot.shape.kind is Kind.CHOICE:
                return self._choice(spot, value, pointer, origin)
            if spot.shape.kind is Kind.ARRAY:
                return self._listing(spot, value, pointer, origin)
            return self._group(spot, value, pointer, origin)
        finally:
            self._trail.pop()

    def _choice(self, spot: Spot, value: JSON | Absent, pointer: str, origin: Origin) -> Choice:
        first = self.shapes.first_branch(spot.shape, of_root=spot.slot is Slot.ROOT)
        found = first if value is ABSENT else self._branch_for(spot.shape, value) or 0
        return Choice(spot, found, ((found, self.branch(spot, found, value, pointer, origin)),))

    def _listing(self, spot: Spot, value: JSON | Absent, pointer: str, origin: Origin) -> Listing:
        values = value if isinstance(value, list) else []
        rows = tuple(
            Row(str(i), self.row(spot, self.shapes.row_shape(spot.shape, i), str(i), item, f"{pointer}/{i}", origin))
            for i, item in enumerate(values)
        )
        return Listing(spot, _state(spot, value), rows)

    def _group(self, spot: Spot, value: JSON | Absent, pointer: str, origin: Origin) -> Group:
        given = value if isinstance(value, dict) else {}
        members = self.shapes.members(spot.shape)
        nodes = []
        for member in members:
            inner = member_spot(spot, member, self.shapes.of(member.schema))
            item = given.get(member.name, ABSENT)
            nodes.append(self.build(inner, item, pointers.join(pointer, member.name), origin))
        names = {member.name for member in members}
        rows = tuple(
            self.map_row(spot, str(index), key, item, pointer, origin)
            for index, (key, item) in enumerate((k, v) for k, v in given.items() if k not in names)
        )
        return Group(spot, _state(spot, value), tuple(nodes), rows, _order(given, nodes, rows))

    def map_row(self, spot: Spot, token: str, key: str, value: JSON | Absent, pointer: str, origin: Origin) -> Row:
        """A row for a member that the schema does not declare by name."""
        slot = self.shapes.slot_for(spot.shape, key)
        shape = self.shapes.slot_shape(spot.shape, slot)
        node = self.row(spot, shape, token, value, pointers.join(pointer, key), origin)
        return Row(token, node, _key(key), slot)


def is_too_long(shape: Shape, value: JSON) -> bool:
    """Whether ``value`` has more rows than a form shows. Of a choice, each branch tells for itself."""
    if shape.kind is Kind.OBJECT and isinstance(value, dict):
        declared = mapping_of(shape.schema, "properties")
        return len(value) > MAX_ROWS and sum(name not in declared for name in value) > MAX_ROWS
    return shape.kind is Kind.ARRAY and isinstance(value, list) and len(value) > MAX_ROWS


def fits(shape: Shape, value: JSON) -> bool:
    """Whether the control of ``shape`` (no choice) can show ``value`` and give exactly it back."""
    if value is None:
        return shape.nullable or _option(shape, value) is not None
    match shape.kind:
        case Kind.TEXT:
            return isinstance(value, str) and is_plain(value)
        case Kind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Kind.OBJECT:
            return isinstance(value, dict)
        case Kind.ARRAY:
            return isinstance(value, list)
        case Kind.PICK:
            return _option(shape, value) is not None
    return False


def prefixes(places: Iterable[str]) -> frozenset[str]:
    """Every place on the way to each of ``places``, themselves too."""
    return frozenset(each for place in places for each in pointers.ancestors(place))


def _option(shape: Shape, value: JSON) -> str | None:
    return next((option.key for option in shape.options if identical(option.value, value)), None)


def _scalar(spot: Spot, value: JSON | Absent) -> Node:
    if spot.shape.kind is Kind.OPAQUE:
        return Raw(spot, "" if value is ABSENT else dumps(value, indent=2))
    if spot.shape.kind is Kind.PICK:
        return Pick(spot, "" if value is ABSENT else _option(spot.shape, value) or "")
    if value is ABSENT:
        return Text(spot)
    if value is None:
        return Text(spot, blank=Blank.NULL)
    if isinstance(value, str):
        return Text(spot, value, Blank.EMPTY if value == "" else Blank.ABSENT, "\n" in value)
    return Text(spot, dumps(value))


def _state(spot: Spot, value: JSON | Absent) -> State:
    if value is None:
        return State.NULL
    if value is not ABSENT or spot.slot is not Slot.MEMBER:
        return State.IN
    return State.FILLED if spot.required and spot.shape.kind is Kind.OBJECT else State.OUT


def _key(name: str) -> Key:
    if name == "":
        return Key(empty=True)
    if "\n" in name or not is_plain(name):
        return Key(dumps(name), literal=True)
    return Key(name)


def _order(given: dict[str, JSON], members: list[Node], rows: tuple[Row, ...]) -> tuple[str, ...]:
    """The ids in the order of ``given``, absent members after those they follow; empty where it is the usual order."""
    by_name = {node.spot.name: node.spot.id for node in members}
    others = iter([row.node.spot.id for row in rows])
    order = [by_name[key] if key in by_name else next(others) for key in given]
    usual = [node.spot.id for node in members] + [row.node.spot.id for row in rows]
    present = set(order)
    if [one for one in usual if one in present] == order:
        return ()
    previous = None
    for node in members:
        if node.spot.id not in present:
            order.insert(0 if previous is None else order.index(previous) + 1, node.spot.id)
        previous = node.spot.id
    return tuple(order)


def _size(value: JSON, limit: int) -> int:
    """How many nodes ``value`` has, counted no further than ``limit``."""
    count, pending = 0, [value]
    while pending and count <= limit:
        count += 1
        node = pending.pop()
        if isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return count
