"""The operations of a form's buttons. Each takes a draft to the next one and names the node that changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.domain import ABSENT
from workbench.forms.branch_constants import fill_constants
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector
from workbench.forms.controls import KEY, state_choices
from workbench.forms.draft import (
    ArrayNode,
    ChoiceNode,
    ClosedNode,
    JsonNode,
    Key,
    Node,
    ObjectNode,
    OptionNode,
    Origin,
    Position,
    RowNode,
    SetNode,
    State,
    TextNode,
    children,
    children_with_pointers,
    copy_node,
    digest,
    fresh_token,
    row_id,
    walk,
    with_children,
)
from workbench.forms.example_fill import fill_draft
from workbench.forms.jsontext import dumps
from workbench.forms.member_ranges import find_ranges
from workbench.jsondoc.strict import JsonError, loads


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A draft after an operation: the node that changed (the root where all may have), and where the focus goes.

    ``focus`` is the id of a node, that of a row's node with :data:`KEY` for its name, or the operation of a button.
    """

    draft: Node
    node_id: str
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """Applies operations. ``new`` makes new nodes, their defaults filled in; ``load`` makes nodes of values."""

    new: Builder
    load: Builder

    def apply(self, draft: Node, op: str) -> DraftChange:
        """The draft after ``op`` (``verb:node:argument``); the same draft where the operation has no meaning there."""
        verb, _, rest = op.partition(":")
        target, _, argument = rest.partition(":")
        act = self._acts().get(verb)
        node = next((one for one in walk(draft) if one.info.id == target), None)
        if act is None or node is None:
            return DraftChange(draft, draft.info.id)
        changed, focus = act(node, argument)
        return DraftChange(put_node(draft, target, changed), target, focus)

    def reveal(self, node: Node, pointers: frozenset[str], pointer: str = "") -> Node:
        """``node`` with what is closed opened where one of ``pointers`` leads into it."""
        if pointer not in pointers:
            return node
        if isinstance(node, ClosedNode) and not node.has_secret:
            return self.load.build(node.info, loads(node.text) if node.text else ABSENT, pointer)
        return with_children(
            node, [self.reveal(one, pointers, place) for one, place in children_with_pointers(node, pointer)]
        )

    def _acts(self) -> dict[str, Callable[[Node, str], tuple[Node, str]]]:
        return {
            "add": self._add,
            "remove": _remove,
            "up": lambda node, token: _move(node, token, -1),
            "down": lambda node, token: _move(node, token, 1),
            "copy": self._copy,
            "branch": self._branch,
            "open": self._open,
            "more": self._more,
            "lines": lambda node, _: (replace(node, lines=True) if isinstance(node, TextNode) else node, node.info.id),
            "share": lambda node, _: (node, node.info.id),
            "raw": self._to_raw,
            "form": self._to_form,
            "clear": lambda node, _: (self.load.build(node.info, ABSENT), node.info.id),
            "fill": lambda node, _: (fill_draft(node, self.load.shapes, self.load), node.info.id),
            "reset": lambda node, _: (self.new.build(node.info, ABSENT), node.info.id),
        }

    def _add(self, node: Node, slot: str) -> tuple[Node, str]:
        if not isinstance(node, ObjectNode | ArrayNode):
            return node, ""
        token = fresh_token(node.rows)
        shapes = self.new.shapes
        if isinstance(node, ArrayNode):
            shape, key = shapes.row_shape(node.info.shape, len(node.rows)), None
        else:
            shape, key = shapes.slot_shape(node.info.shape, slot), Key()
        made = include(self.new.row(node.info, shape, token, ABSENT, "", Origin.DEFAULT))
        row = RowNode(token, made, key, slot if key else "")
        return replace(node, rows=(*node.rows, row), state=State.IN), _row_focus(row)

    def _copy(self, node: Node, token: str) -> tuple[Node, str]:
        rows = _rows(node)
        found = next((index for index, row in enumerate(rows) if row.token == token), None)
        if found is None:
            return node, ""
        row, new = rows[found], fresh_token(rows)
        made = copy_node(row.node, row_id(node.info.id, new))
        key = None if row.key is None else Key()
        copied = RowNode(new, made, key, row.slot)
        return _with_rows(node, (*rows[: found + 1], copied, *rows[found + 1 :])), _row_focus(copied)

    def _branch(self, node: Node, _: str) -> tuple[Node, str]:
        """Show the branch that the control says; one that was not shown before begins as an included, blank one."""
        if not isinstance(node, ChoiceNode):
            return node, ""
        if node.unshown:
            made = fill_constants(include(self.new.build(node.current.info, ABSENT)))
            drafts = tuple((index, made if index == node.chosen else draft) for index, draft in node.drafts)
            node = replace(node, drafts=tuple(sorted(drafts, key=lambda draft: draft[0])), unshown=False)
        return node, node.current.info.id

    def _open(self, node: Node, _: str) -> tuple[Node, str]:
        if not isinstance(node, ClosedNode):
            return node, ""
        if node.has_secret:
            return self.load.build(node.info, ABSENT), node.info.id
        if node.text:
            return self.load.build(node.info, loads(node.text)), node.info.id
        return include(self.new.build(node.info, ABSENT)), node.info.id

    def _more(self, node: Node, first: str) -> tuple[Node, str]:
        """Show the range that begins with the property ``first``. What its properties send does not change."""
        found = next((one for one in find_ranges(node) if one.id == first), None)
        if found is None:
            return node, ""
        values = {one.info.id: loads(one.text) if one.text else ABSENT for one in found.members}
        shown = {one.info.id: self.load.build(one.info, values[one.info.id]) for one in found.members}
        return with_children(node, [shown.get(one.info.id, one) for one in children(node)]), first

    def _to_raw(self, node: Node, _: str) -> tuple[Node, str]:
        if isinstance(node, JsonNode) or secret_ids(node):
            return node, node.info.id
        value = Collector().collect(node)
        text = "" if value is ABSENT else dumps(value, indent=2)
        return JsonNode(node.info, text, node, digest(text)), node.info.id

    def _to_form(self, node: Node, _: str) -> tuple[Node, str]:
        """Back to the form: the one left behind where the text is unchanged, else one of the value as written."""
        if not isinstance(node, JsonNode):
            return node, ""
        if node.behind is not None and digest(node.text) == node.base:
            return node.behind, node.info.id
        if not node.text.strip() and node.info.position is not Position.ROOT:
            return self.load.build(node.info, ABSENT), node.info.id
        try:
            value = loads(node.text)
        except JsonError:
            return node, node.info.id
        return self.load.build(node.info, value, origin=Origin.TYPED), node.info.id


def include(node: Node) -> Node:
    """``node`` as something that a person asked for: an object or array in it is sent, even while it is empty."""
    if isinstance(node, ObjectNode | ArrayNode | SetNode) and node.state in (State.OUT, State.FILLED):
        return replace(node, state=State.IN)
    if isinstance(node, ChoiceNode):
        return with_children(node, [include(child) for child in children(node)])
    if isinstance(node, OptionNode) and len(node.info.shape.options) == 1:
        return replace(node, key=node.info.shape.options[0].key)
    return node


def secret_ids(node: Node) -> frozenset[str]:
    """The ids of the nodes that must not be shown as JSON."""
    inner = frozenset[str]().union(*(secret_ids(child) for child in children(node)))
    own = _is_stored(node) or (isinstance(node, TextNode) and node.info.shape.is_secret)
    return inner | {node.info.id} if inner or own else inner


def _is_stored(node: Node) -> bool:
    return isinstance(node, ClosedNode) and node.has_secret


def put_node(node: Node, target: str, new: Node) -> Node:
    """``node`` with ``new`` in place of the node whose id is ``target``."""
    if node.info.id == target:
        return new
    return with_children(node, [put_node(child, target, new) for child in children(node)])


def _rows(node: Node) -> tuple[RowNode, ...]:
    return node.rows if isinstance(node, ObjectNode | ArrayNode) else ()


def _with_rows(node: Node, rows: tuple[RowNode, ...]) -> Node:
    """``node`` with other rows. An order that was noted goes on to hold for those that stay."""
    return replace(node, rows=rows) if isinstance(node, ObjectNode | ArrayNode) else node


def _remove(node: Node, token: str) -> tuple[Node, str]:
    """Without the row; the focus goes to the one that takes its place, or to what adds one."""
    rows = _rows(node)
    place = next((index for index, row in enumerate(rows) if row.token == token), 0)
    rest = tuple(row for row in rows if row.token != token)
    return _with_rows(node, rest), _row_focus(rest[min(place, len(rest) - 1)]) if rest else f"add:{node.info.id}:"


def _move(node: Node, token: str, by: int) -> tuple[Node, str]:
    rows = list(_rows(node))
    found = next((index for index, row in enumerate(rows) if row.token == token), None)
    if found is None or not 0 <= found + by < len(rows):
        return node, ""
    rows[found], rows[found + by] = rows[found + by], rows[found]
    verb = "down" if found + by == 0 else "up" if found + by == len(rows) - 1 else "up" if by < 0 else "down"
    return _with_rows(node, tuple(rows)), f"{verb}:{node.info.id}:{token}"


def _row_focus(row: RowNode) -> str:
    """Where the focus goes in a row: to its name where it has one, else to its value."""
    return row.node.info.id + (KEY if row.key else "")


def entry(draft: Node, focus: str) -> str:
    """``focus`` itself, or, where it names an object or array without a control of its own, the first node inside."""
    if focus == draft.info.id:
        return focus  # all of the form is new: the focus stays where the page has it
    node = next((one for one in walk(draft) if one.info.id == focus), None)
    while isinstance(node, ObjectNode | ArrayNode) and not state_choices(node.info):
        first = next(iter(node.rows), None) if isinstance(node, ArrayNode) or not node.members else None
        if first is not None and first.key is not None:
            return _row_focus(first)
        inner = next(children(node), None)
        if inner is None:
            return f"add:{node.info.id}:"
        node = inner
    return node.info.id if node else focus
