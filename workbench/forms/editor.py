"""The operations of a form's buttons. Each takes a draft to the next one and names the node that changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.domain import ABSENT
from workbench.forms.builder import Builder
from workbench.forms.collector import Collector
from workbench.forms.controls import KEY, state_choices
from workbench.forms.draft import (
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
    State,
    Text,
    children,
    digest,
    fresh_token,
    placed_children,
    renamed,
    row_id,
    walk,
    with_children,
)
from workbench.forms.jsontext import dumps
from workbench.forms.member_ranges import runs_of
from workbench.jsondoc.strict import JsonError, loads


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft after an operation: the node that changed (the root where all may have), and where the focus goes.

    ``focus`` is the id of a node, that of a row's node with :data:`KEY` for its name, or the operation of a button.
    """

    draft: Node
    changed: str
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """Applies operations. ``new`` makes new nodes, their defaults filled in; ``load`` makes nodes of given values."""

    new: Builder
    load: Builder

    def apply(self, draft: Node, op: str) -> Edited:
        """The draft after ``op`` (``verb:node:argument``); the same draft where the operation has no meaning there."""
        verb, _, rest = op.partition(":")
        target, _, argument = rest.partition(":")
        act = self._acts().get(verb)
        node = next((one for one in walk(draft) if one.spot.id == target), None)
        if act is None or node is None:
            return Edited(draft, draft.spot.id)
        changed, focus = act(node, argument)
        return Edited(_put(draft, target, changed), target, focus)

    def reveal(self, node: Node, pointers: frozenset[str], pointer: str = "") -> Node:
        """``node`` with what is closed opened where one of ``pointers`` leads into it."""
        if pointer not in pointers:
            return node
        if isinstance(node, Held) and not node.kept:
            return self.load.build(node.spot, loads(node.text) if node.text else ABSENT, pointer)
        return with_children(node, [self.reveal(one, pointers, place) for one, place in placed_children(node, pointer)])

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
            "lines": lambda node, _: (replace(node, lines=True) if isinstance(node, Text) else node, node.spot.id),
            "share": lambda node, _: (node, node.spot.id),
            "raw": self._to_raw,
            "form": self._to_form,
            "clear": lambda node, _: (self.load.build(node.spot, ABSENT), node.spot.id),
            "reset": lambda node, _: (self.new.build(node.spot, ABSENT), node.spot.id),
        }

    def _add(self, node: Node, slot: str) -> tuple[Node, str]:
        if not isinstance(node, Group | Listing):
            return node, ""
        token = fresh_token(node.rows)
        shapes = self.new.shapes
        if isinstance(node, Listing):
            shape, key = shapes.row_shape(node.spot.shape, len(node.rows)), None
        else:
            shape, key = shapes.slot_shape(node.spot.shape, slot), Key()
        made = included(self.new.row(node.spot, shape, token, ABSENT, "", Origin.DEFAULT))
        row = Row(token, made, key, slot if key else "")
        return replace(node, rows=(*node.rows, row), state=State.IN), _row_focus(row)

    def _copy(self, node: Node, token: str) -> tuple[Node, str]:
        rows = _rows(node)
        found = next((index for index, row in enumerate(rows) if row.token == token), None)
        if found is None:
            return node, ""
        row, new = rows[found], fresh_token(rows)
        made = renamed(row.node, row_id(node.spot.id, new))
        key = None if row.key is None else Key()
        copied = Row(new, made, key, row.slot)
        return _with_rows(node, (*rows[: found + 1], copied, *rows[found + 1 :])), _row_focus(copied)

    def _branch(self, node: Node, _: str) -> tuple[Node, str]:
        """Show the branch that the control says; one that was not shown before begins as an included, blank one."""
        if not isinstance(node, Choice):
            return node, ""
        if node.unshown:
            made = included(self.new.build(node.current.spot, ABSENT))
            drafts = tuple((index, made if index == node.chosen else draft) for index, draft in node.drafts)
            node = replace(node, drafts=tuple(sorted(drafts, key=lambda draft: draft[0])), unshown=False)
        return node, node.current.spot.id

    def _open(self, node: Node, _: str) -> tuple[Node, str]:
        if not isinstance(node, Held):
            return node, ""
        if node.kept:
            return self.load.build(node.spot, ABSENT), node.spot.id
        if node.text:
            return self.load.build(node.spot, loads(node.text)), node.spot.id
        return included(self.new.build(node.spot, ABSENT)), node.spot.id

    def _more(self, node: Node, first: str) -> tuple[Node, str]:
        """Show the run that begins with the member ``first``. What its members send does not change by that."""
        run = next((one for one in runs_of(node) if one.id == first), None)
        if run is None:
            return node, ""
        shown = {one.spot.id: self.load.build(one.spot, loads(one.text) if one.text else ABSENT) for one in run.members}
        return with_children(node, [shown.get(one.spot.id, one) for one in children(node)]), first

    def _to_raw(self, node: Node, _: str) -> tuple[Node, str]:
        if isinstance(node, Raw) or secret_ids(node):
            return node, node.spot.id
        value = Collector().collect(node)
        text = "" if value is ABSENT else dumps(value, indent=2)
        return Raw(node.spot, text, node, digest(text)), node.spot.id

    def _to_form(self, node: Node, _: str) -> tuple[Node, str]:
        """Back to the form: the one left behind where the text is unchanged, else one of the value as written."""
        if not isinstance(node, Raw):
            return node, ""
        if node.behind is not None and digest(node.text) == node.base:
            return node.behind, node.spot.id
        if not node.text.strip() and node.spot.slot is not Slot.ROOT:
            return self.load.build(node.spot, ABSENT), node.spot.id
        try:
            value = loads(node.text)
        except JsonError:
            return node, node.spot.id
        return self.load.build(node.spot, value, origin=Origin.TYPED), node.spot.id


def included(node: Node) -> Node:
    """``node`` as something that a person asked for: an object or array in it is sent, even while it is empty."""
    if isinstance(node, Group | Listing) and node.state in (State.OUT, State.FILLED):
        return replace(node, state=State.IN)
    if isinstance(node, Choice):
        return with_children(node, [included(child) for child in children(node)])
    if isinstance(node, Pick) and len(node.spot.shape.options) == 1:
        return replace(node, key=node.spot.shape.options[0].key)
    return node


def secret_ids(node: Node) -> frozenset[str]:
    """The ids of the nodes that must not be shown as JSON."""
    inner = frozenset[str]().union(*(secret_ids(child) for child in children(node)))
    own = _is_kept(node) or (isinstance(node, Text) and node.spot.shape.is_secret)
    return inner | {node.spot.id} if inner or own else inner


def _is_kept(node: Node) -> bool:
    return isinstance(node, Held) and node.kept


def _put(node: Node, target: str, new: Node) -> Node:
    if node.spot.id == target:
        return new
    return with_children(node, [_put(child, target, new) for child in children(node)])


def _rows(node: Node) -> tuple[Row, ...]:
    return node.rows if isinstance(node, Group | Listing) else ()


def _with_rows(node: Node, rows: tuple[Row, ...]) -> Node:
    """``node`` with other rows. An order that was noted goes on to hold for those that stay."""
    return replace(node, rows=rows) if isinstance(node, Group | Listing) else node


def _remove(node: Node, token: str) -> tuple[Node, str]:
    """Without the row; the focus goes to the one that takes its place, or to what adds one."""
    rows = _rows(node)
    place = next((index for index, row in enumerate(rows) if row.token == token), 0)
    kept = tuple(row for row in rows if row.token != token)
    return _with_rows(node, kept), _row_focus(kept[min(place, len(kept) - 1)]) if kept else f"add:{node.spot.id}:"


def _move(node: Node, token: str, by: int) -> tuple[Node, str]:
    rows = list(_rows(node))
    found = next((index for index, row in enumerate(rows) if row.token == token), None)
    if found is None or not 0 <= found + by < len(rows):
        return node, ""
    rows[found], rows[found + by] = rows[found + by], rows[found]
    verb = "down" if found + by == 0 else "up" if found + by == len(rows) - 1 else "up" if by < 0 else "down"
    return _with_rows(node, tuple(rows)), f"{verb}:{node.spot.id}:{token}"


def _row_focus(row: Row) -> str:
    """Where the focus goes in a row: to its name where it has one, else to its value."""
    return row.node.spot.id + (KEY if row.key else "")


def entry(draft: Node, focus: str) -> str:
    """``focus`` itself, or, where it names an object or array without a control of its own, the first node inside."""
    if focus == draft.spot.id:
        return focus  # all of the form is new: the focus stays where the page has it
    node = next((one for one in walk(draft) if one.spot.id == focus), None)
    while isinstance(node, Group | Listing) and not state_choices(node.spot):
        first = next(iter(node.rows), None) if isinstance(node, Listing) or not node.members else None
        if first is not None and first.key is not None:
            return _row_focus(first)
        inner = next(children(node), None)
        if inner is None:
            return f"add:{node.spot.id}:"
        node = inner
    return node.spot.id if node else focus
