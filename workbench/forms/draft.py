"""The state of a form: a tree of nodes, each of which can say what it would send, or why it cannot.

A draft holds what a person typed, not what it means: text that is not a number yet, a branch that is not shown, the
properties of an object that is not sent. Every draft can be rendered as HTML and read back from what a browser posts.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Final

from workbench.forms.shapes import ControlKind, Member, Shape
from workbench.jsondoc import pointer as pointers

ROOT_ID: Final = "root"


class Position(StrEnum):
    """Where a node is: the root and a row always have a value, a property may be absent."""

    ROOT = "root"
    MEMBER = "member"
    ROW = "row"


class Origin(StrEnum):
    """Where a field's value came from."""

    ABSENT = "absent"
    DEFAULT = "default"
    LOADED = "loaded"
    EXAMPLE = "example"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What every node has: its opaque id, shape and position, and, for a declared property, what its object adds."""

    id: str
    shape: Shape
    position: Position
    name: str = ""
    required: bool = False
    condition: str = ""
    required_when: str = ""
    origin: Origin = Origin.ABSENT


def member_info(parent: NodeInfo, member: Member, shape: Shape) -> NodeInfo:
    """The node of a declared property of the object ``parent``."""
    id_ = member_id(parent.id, member.name)
    return NodeInfo(id_, shape, Position.MEMBER, member.name, member.required, member.condition, member.required_when)


def sends_when_filled(info: NodeInfo) -> bool:
    """Whether the property is sent as soon as something in it is, without being included first."""
    eager = info.shape.kind is ControlKind.SET or (info.required and info.shape.kind is ControlKind.OBJECT)
    return eager and info.position is Position.MEMBER


class Blank(StrEnum):
    """What an empty text control means."""

    ABSENT = ""
    EMPTY = "empty"
    NULL = "null"
    KEEP = "keep"


class State(StrEnum):
    """Whether an object or array is sent. ``FILLED``: it is as soon as something in it is."""

    OUT = ""
    IN = "in"
    NULL = "null"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class TextNode:
    """A string or a number as typed. ``lines`` asks for a control of several lines."""

    info: NodeInfo
    text: str = ""
    blank: Blank = Blank.ABSENT
    lines: bool = False


@dataclass(frozen=True, slots=True)
class OptionNode:
    """One of the shape's options by its key; empty where none is taken."""

    info: NodeInfo
    key: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a map's row as typed. ``empty``: the name is ``""``; ``literal``: JSON text."""

    text: str = ""
    empty: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class RowNode:
    """A row of an array, or of an object's undeclared properties (then with ``key`` and its slot)."""

    token: str
    node: "Node"
    key: Key | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """An object: declared properties in the schema's order, then rows of others. ``order`` has ids where it differs."""

    info: NodeInfo
    state: State
    members: tuple["Node", ...] = ()
    rows: tuple[RowNode, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayNode:
    """An array and its rows."""

    info: NodeInfo
    state: State
    rows: tuple[RowNode, ...] = ()


@dataclass(frozen=True, slots=True)
class SetNode:
    """An array of different options: the keys of those that are taken, in the array's order."""

    info: NodeInfo
    state: State
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceNode:
    """One of several branches; those that were shown once keep their drafts.

    ``unshown``: another branch was chosen in the control, but the page has not shown its form yet.
    """

    info: NodeInfo
    chosen: int
    drafts: tuple[tuple[int, "Node"], ...] = ()
    unshown: bool = False

    @property
    def current(self) -> "Node":
        """The branch that is shown."""
        return dict(self.drafts)[self.chosen]


@dataclass(frozen=True, slots=True)
class JsonNode:
    """A node written as JSON. ``behind`` is the form it was switched from, whose text had the digest ``base``."""

    info: NodeInfo
    text: str = ""
    behind: "Node | None" = None
    base: str = ""


@dataclass(frozen=True, slots=True)
class ClosedNode:
    """A node that is not open: its value travels as JSON text (empty where there is none).

    ``has_secret``: there are secrets in it, so nothing of it travels; its stored value stays.
    """

    info: NodeInfo
    text: str = ""
    has_secret: bool = False


type Node = TextNode | OptionNode | ObjectNode | ArrayNode | SetNode | ChoiceNode | JsonNode | ClosedNode


def member_id(parent: str, name: str) -> str:
    """The id of a declared property: the same for the same name, and the name cannot be read in it."""
    return digest(f"{parent}.{name}")


def row_id(parent: str, token: str) -> str:
    """The id of a row's node."""
    return digest(f"{parent}#{token}")


def branch_id(parent: str, index: int) -> str:
    """The id of a branch's node."""
    return digest(f"{parent}?{index}")


def digest(text: str) -> str:
    """A short digest of ``text``, an identifier in HTML and in CSS."""
    return "n" + hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def children(node: Node) -> Iterator["Node"]:
    """The nodes directly inside ``node``, hidden ones too."""
    match node:
        case ObjectNode(members=members, rows=rows):
            yield from members
            yield from (row.node for row in rows)
        case ArrayNode(rows=rows):
            yield from (row.node for row in rows)
        case ChoiceNode(drafts=drafts):
            yield from (draft for _, draft in drafts)
        case JsonNode(behind=behind) if behind is not None:
            yield behind


def children_with_pointers(node: Node, pointer: str) -> Iterator[tuple["Node", str]]:
    """The nodes directly inside ``node``, in the order of :func:`children`, each with its place in the value."""
    match node:
        case ObjectNode(members=members, rows=rows):
            yield from ((member, pointers.join(pointer, member.info.name)) for member in members)
            yield from ((row.node, pointers.join(pointer, row.key.text if row.key else "")) for row in rows)
        case ArrayNode(rows=rows):
            yield from ((row.node, f"{pointer}/{index}") for index, row in enumerate(rows))
        case _:
            yield from ((child, pointer) for child in children(node))


def list_places(node: Node, pointer: str = "") -> Iterator[tuple[str, str]]:
    """The pointer and the id of every node that is rendered, those of what is not sent too."""
    yield pointer, node.info.id
    if isinstance(node, ChoiceNode):
        yield from list_places(node.current, pointer)
    elif not isinstance(node, JsonNode):
        for child, place in children_with_pointers(node, pointer):
            yield from list_places(child, place)


def with_children(node: Node, new: Sequence["Node"]) -> "Node":
    """``node`` with its children, in the order of :func:`children`, replaced."""
    match node:
        case ObjectNode(members=members, rows=rows):
            rest = new[len(members) :]
            made = tuple(replace(row, node=child) for row, child in zip(rows, rest, strict=True))
            return replace(node, members=tuple(new[: len(members)]), rows=made)
        case ArrayNode(rows=rows):
            return replace(node, rows=tuple(replace(row, node=child) for row, child in zip(rows, new, strict=True)))
        case ChoiceNode(drafts=drafts):
            return replace(node, drafts=tuple((index, child) for (index, _), child in zip(drafts, new, strict=True)))
        case JsonNode() if new:
            return replace(node, behind=new[0])
    return node


def walk(node: Node) -> Iterator["Node"]:
    """``node`` and everything inside it."""
    yield node
    for child in children(node):
        yield from walk(child)


def copy_node(node: Node, id_: str) -> "Node":
    """A copy of ``node`` under another id, with new ids for all nodes inside it. Stored secrets are not copied."""
    info = replace(node.info, id=id_)
    match node:
        case ObjectNode(members=members, rows=rows, order=order):
            made = [copy_node(member, member_id(id_, member.info.name)) for member in members]
            copies = _copy_rows(rows, id_)
            old = [one.info.id for one in children(node)]
            new = dict(zip(old, [one.info.id for one in (*made, *(row.node for row in copies))], strict=True))
            copied_order = tuple(new[one] for one in order if one in new)
            return replace(node, info=info, members=tuple(made), rows=copies, order=copied_order)
        case ArrayNode(rows=rows):
            return replace(node, info=info, rows=_copy_rows(rows, id_))
        case ChoiceNode(drafts=drafts):
            return replace(node, info=info, drafts=tuple((i, copy_node(one, branch_id(id_, i))) for i, one in drafts))
        case JsonNode(behind=behind) if behind is not None:
            return replace(node, info=info, behind=copy_node(behind, id_))
        case TextNode(blank=Blank.KEEP):
            return replace(node, info=info, blank=Blank.ABSENT)
    return replace(node, info=info)


def _copy_rows(rows: tuple[RowNode, ...], parent: str) -> tuple[RowNode, ...]:
    return tuple(replace(row, node=copy_node(row.node, row_id(parent, row.token))) for row in rows)


def fresh_token(rows: Sequence[RowNode]) -> str:
    """A row token that none of ``rows`` has. Tokens of added rows begin with ``x``; loaded ones are numbers."""
    used = {row.token for row in rows}
    return next(token for token in (f"x{number}" for number in count(len(rows))) if token not in used)
