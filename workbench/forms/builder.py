"""From a schema and a value to a draft: what a new form shows, or one with data that was loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from workbench.domain import ABSENT, JSON, Absent
from workbench.forms.branch_constants import fill_constants
from workbench.forms.draft import (
    ArrayNode,
    Blank,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
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
    branch_id,
    member_info,
    row_id,
    sends_when_filled,
)
from workbench.forms.jsontext import dumps, is_plain
from workbench.forms.keyword_values import mapping_of
from workbench.forms.shapes import ControlKind, Shape, Shapes
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import identical
from workbench.schema import closest_branch

MAX_OPEN = 400
"""Nodes that one page opens by itself; those after them stay closed until you open them."""
MAX_ROWS = 800
"""Items, or properties that the schema does not declare, that a form shows; a value with more is edited as JSON."""
MAX_DEPTH = 12
"""How deep a page opens by itself."""
_MOST_BRANCHES = 1000
"""Branches, nested ones too, that are looked at for one value."""
_SCALARS = (ControlKind.TEXT, ControlKind.NUMBER, ControlKind.OPTION, ControlKind.SET, ControlKind.OPAQUE)
_EAGER_DEPTH = 6
_EAGER = 250
"""Of these, how many may be blank."""


@dataclass(slots=True)
class Builder:
    """Makes drafts. ``fresh``: defaults fill what is absent; ``secrets``: pointers of secrets known to be set.

    ``opened`` are pointers that must be open, because a message is about a place inside them.
    """

    shapes: Shapes
    fresh: bool = False
    secrets: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    _left: int = MAX_OPEN
    _eager: int = _EAGER
    _trail: list[Shape] = field(default_factory=list)

    def build(self, info: NodeInfo, value: JSON | Absent, pointer: str = "", origin: Origin = Origin.LOADED) -> Node:
        """The draft of ``value`` at ``info``."""
        declared = self.fresh and value is ABSENT and "default" in info.shape.schema
        if declared and self.shapes.accepts_default(info.shape):
            return self._default(info, pointer)
        info = replace(info, origin=Origin.ABSENT if value is ABSENT else origin)
        if info.shape.is_secret and info.origin is not Origin.DEFAULT:
            return self._secret(info, value, pointer)
        if info.shape.is_write_only and info.origin is Origin.LOADED:
            return ClosedNode(info, has_secret=True)
        if value is not ABSENT and (not self._fits(info.shape, value) or is_too_long(info.shape, value)):
            return self.raw(info, value)
        if info.shape.kind in _SCALARS:
            return self._scalar(info, value, pointer)
        if self._must_stay_closed(info, value, pointer):
            return self._closed(info, value)
        return self._open(info, value, pointer, origin)

    def _closed(self, info: NodeInfo, value: JSON | Absent) -> ClosedNode:
        if value is ABSENT:
            return ClosedNode(info)
        return (
            ClosedNode(info, has_secret=True)
            if self.shapes.holds_secret(info.shape)
            else ClosedNode(info, dumps(value))
        )

    def raw(self, info: NodeInfo, value: JSON) -> JsonNode | ClosedNode:
        """``value`` as JSON text, which any control can carry; where secrets may be in it, not even that."""
        if self.shapes.holds_secret(info.shape):
            return ClosedNode(info, has_secret=True)
        text, compact = dumps(value, indent=2), dumps(value)
        return JsonNode(info, text if len(text) <= 8 * len(compact) else compact)

    def row(
        self, parent: NodeInfo, shape: Shape, token: str, value: JSON | Absent, pointer: str, origin: Origin
    ) -> Node:
        """The node of a row of an array or map."""
        info = NodeInfo(row_id(parent.id, token), shape, Position.ROW)
        return self.build(info, value, pointer, origin)

    def branch(self, info: NodeInfo, index: int, value: JSON | Absent, pointer: str, origin: Origin) -> Node:
        """The node of one branch of the choice at ``info``."""
        shape = self.shapes.branch_shape(info.shape, index)
        inner = replace(info, id=branch_id(info.id, index), shape=shape)
        node = self.build(inner, value, pointer, origin)
        return fill_constants(node) if self.fresh and value is ABSENT else node

    def _scalar(self, info: NodeInfo, value: JSON | Absent, pointer: str) -> Node:
        enough = self._left < 1 or (value is ABSENT and self._eager < 1)
        if enough and self._trail and pointer not in self.opened:
            return self._closed(info, value)
        self._left -= 1
        self._eager -= value is ABSENT
        return _scalar(info, value)

    def _default(self, info: NodeInfo, pointer: str) -> Node:
        self.fresh = False
        try:
            return self.build(info, info.shape.schema["default"], pointer, Origin.DEFAULT)
        finally:
            self.fresh = True

    def _secret(self, info: NodeInfo, value: JSON | Absent, pointer: str) -> Node:
        known = value is not ABSENT or pointer in self.secrets
        if known:
            info = replace(info, origin=Origin.LOADED)
        return TextNode(info, blank=Blank.KEEP if known else Blank.ABSENT)

    def _fits(self, shape: Shape, value: JSON, above: tuple[Shape, ...] = ()) -> bool:
        """Whether a control of ``shape`` can show ``value``; a choice among choices without end cannot."""
        pending = [(shape, above)]
        for _ in range(_MOST_BRANCHES):
            if not pending:
                return False
            one, outer = pending.pop()
            if one.kind is not ControlKind.CHOICE and fits(one, value):
                return True
            if one.kind is ControlKind.CHOICE and one not in outer:
                within = (*outer, one)
                pending += [(self.shapes.branch_shape(one, index), within) for index in range(len(one.branches))]
        return False

    def _branch_for(self, shape: Shape, value: JSON) -> int | None:
        """The branch that takes ``value``: of those whose control can show it, the closest."""
        each = range(len(shape.branches))
        able = [i for i in each if self._fits(self.shapes.branch_shape(shape, i), value, (shape,))]
        return closest_branch(self.shapes.root, [branch.written for branch in shape.branches], value, among=able)

    def _must_stay_closed(self, info: NodeInfo, value: JSON | Absent, pointer: str) -> bool:
        if not self._trail or pointer in self.opened:
            return False
        if value is not ABSENT:
            return self._left < 1 or len(self._trail) >= MAX_DEPTH or _size(value, self._left) > self._left
        recursive = any(info.shape.refs & above.refs or info.shape is above for above in self._trail)
        return recursive or self._left < 1 or self._eager < 1 or len(self._trail) >= _EAGER_DEPTH

    def _open(self, info: NodeInfo, value: JSON | Absent, pointer: str, origin: Origin) -> Node:
        self._left -= 1
        self._trail.append(info.shape)
        try:
            if info.shape.kind is ControlKind.CHOICE:
                return self._choice(info, value, pointer, origin)
            if info.shape.kind is ControlKind.ARRAY:
                return self._array(info, value, pointer, origin)
            return self._object(info, value, pointer, origin)
        finally:
            self._trail.pop()

    def _choice(self, info: NodeInfo, value: JSON | Absent, pointer: str, origin: Origin) -> ChoiceNode:
        first = self.shapes.first_branch(info.shape, of_root=info.position is Position.ROOT)
        found = first if value is ABSENT else self._branch_for(info.shape, value) or 0
        return ChoiceNode(info, found, ((found, self.branch(info, found, value, pointer, origin)),))

    def _array(self, info: NodeInfo, value: JSON | Absent, pointer: str, origin: Origin) -> ArrayNode:
        values = value if isinstance(value, list) else []
        rows = tuple(
            RowNode(
                str(i), self.row(info, self.shapes.row_shape(info.shape, i), str(i), item, f"{pointer}/{i}", origin)
            )
            for i, item in enumerate(values)
        )
        return ArrayNode(info, _state(info, value), rows)

    def _object(self, info: NodeInfo, value: JSON | Absent, pointer: str, origin: Origin) -> ObjectNode:
        properties = value if isinstance(value, dict) else {}
        members = self.shapes.members(info.shape)
        nodes = []
        for member in members:
            inner = member_info(info, member, self.shapes.of(member.schema))
            item = properties.get(member.name, ABSENT)
            nodes.append(self.build(inner, item, pointers.join(pointer, member.name), origin))
        names = {member.name for member in members}
        rows = tuple(
            self.map_row(info, str(index), key, item, pointer, origin)
            for index, (key, item) in enumerate((k, v) for k, v in properties.items() if k not in names)
        )
        return ObjectNode(info, _state(info, value), tuple(nodes), rows, _order(properties, nodes, rows))

    def map_row(
        self, info: NodeInfo, token: str, key: str, value: JSON | Absent, pointer: str, origin: Origin
    ) -> RowNode:
        """A row for a property that the schema does not declare by name."""
        slot = self.shapes.slot_for(info.shape, key)
        shape = self.shapes.slot_shape(info.shape, slot)
        node = self.row(info, shape, token, value, pointers.join(pointer, key), origin)
        return RowNode(token, node, _key(key), slot)


def is_too_long(shape: Shape, value: JSON) -> bool:
    """Whether ``value`` has more rows than a form shows. Each branch of a choice is looked at by itself."""
    if shape.kind is ControlKind.OBJECT and isinstance(value, dict):
        declared = mapping_of(shape.schema, "properties")
        return len(value) > MAX_ROWS and sum(name not in declared for name in value) > MAX_ROWS
    return shape.kind is ControlKind.ARRAY and isinstance(value, list) and len(value) > MAX_ROWS


def fits(shape: Shape, value: JSON) -> bool:
    """Whether the control of ``shape`` (no choice) can show ``value`` and give exactly it back."""
    if value is None:
        return shape.nullable or (shape.kind is ControlKind.OPTION and _option(shape, value) is not None)
    match shape.kind:
        case ControlKind.TEXT:
            return isinstance(value, str) and is_plain(value)
        case ControlKind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ControlKind.OBJECT:
            return isinstance(value, dict)
        case ControlKind.ARRAY:
            return isinstance(value, list)
        case ControlKind.SET:
            keys = [_option(shape, item) for item in value] if isinstance(value, list) else [None]
            return None not in keys and len(set(keys)) == len(keys)
        case ControlKind.OPTION:
            return _option(shape, value) is not None
    return False


def prefixes(list_places: Iterable[str]) -> frozenset[str]:
    """Every place on the way to each of ``places``, themselves too."""
    return frozenset(each for place in list_places for each in pointers.ancestors(place))


def _option(shape: Shape, value: JSON) -> str | None:
    return next((option.key for option in shape.options if identical(option.value, value)), None)


def _scalar(info: NodeInfo, value: JSON | Absent) -> Node:
    if info.shape.kind is ControlKind.OPAQUE:
        return JsonNode(info, "" if value is ABSENT else dumps(value, indent=2))
    if info.shape.kind is ControlKind.OPTION:
        return OptionNode(info, "" if value is ABSENT else _option(info.shape, value) or "")
    if info.shape.kind is ControlKind.SET:
        items = value if isinstance(value, list) else []
        return SetNode(info, _state(info, value), tuple(_option(info.shape, item) or "" for item in items))
    if value is ABSENT:
        return TextNode(info)
    if value is None:
        return TextNode(info, blank=Blank.NULL)
    if isinstance(value, str):
        return TextNode(info, value, Blank.EMPTY if value == "" else Blank.ABSENT, "\n" in value)
    return TextNode(info, dumps(value))


def _state(info: NodeInfo, value: JSON | Absent) -> State:
    if value is None:
        return State.NULL
    if value is not ABSENT or info.position is not Position.MEMBER:
        return State.IN
    return State.FILLED if sends_when_filled(info) else State.OUT


def _key(name: str) -> Key:
    if name == "":
        return Key(empty=True)
    if "\n" in name or not is_plain(name):
        return Key(dumps(name), literal=True)
    return Key(name)


def _order(properties: dict[str, JSON], members: list[Node], rows: tuple[RowNode, ...]) -> tuple[str, ...]:
    """The ids in the order of ``properties``, absent properties after those they follow; empty for the usual order."""
    by_name = {node.info.name: node.info.id for node in members}
    others = iter([row.node.info.id for row in rows])
    order = [by_name[key] if key in by_name else next(others) for key in properties]
    usual = [node.info.id for node in members] + [row.node.info.id for row in rows]
    present = set(order)
    if [one for one in usual if one in present] == order:
        return ()
    previous = None
    for node in members:
        if node.info.id not in present:
            order.insert(0 if previous is None else order.index(previous) + 1, node.info.id)
        previous = node.info.id
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
