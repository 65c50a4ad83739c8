"""The state of a form: a tree of nodes, each of which can say what it would send, or why it cannot.

A draft holds what a person typed, not what it means: text that is no number yet, a branch that is not shown, the
members of an object that is not sent. Every draft can be drawn as HTML and read back from what a browser posts.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Final

from workbench.forms.shapes import Member, Shape
from workbench.jsondoc import pointer as pointers

ROOT_ID: Final = "root"


class Slot(StrEnum):
    """Where a node stands: the root is always there, a member may be absent, a row is there as long as it exists."""

    ROOT = "root"
    MEMBER = "member"
    ROW = "row"


class Origin(StrEnum):
    """Where a field's value came from."""

    ABSENT = "absent"
    DEFAULT = "default"
    LOADED = "loaded"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Spot:
    """A node's place: its opaque id, its shape, and, for a declared member, what its object says of it."""

    id: str
    shape: Shape
    slot: Slot
    name: str = ""
    required: bool = False
    condition: str = ""
    origin: Origin = Origin.ABSENT


def member_spot(parent: Spot, member: Member, shape: Shape) -> Spot:
    """The place of a declared member of the object at ``parent``."""
    id_ = member_id(parent.id, member.name)
    return Spot(id_, shape, Slot.MEMBER, member.name, member.required, member.condition)


class Blank(StrEnum):
    """What a text control means when nothing is typed in it."""

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
class Text:
    """A string or a number as typed. ``lines`` asks for a control of several lines."""

    spot: Spot
    text: str = ""
    blank: Blank = Blank.ABSENT
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the shape's options by its key; empty where none is taken."""

    spot: Spot
    key: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a map's row as typed. ``empty``: the blank is meant, the name is ``""``; ``literal``: JSON text."""

    text: str = ""
    empty: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an array, or of an object's undeclared members (then with ``key`` and its slot)."""

    token: str
    node: "Node"
    key: Key | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """An object: declared members in the schema's order, then rows of others. ``order`` lists ids where it differs."""

    spot: Spot
    state: State
    members: tuple["Node", ...] = ()
    rows: tuple[Row, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """An array and its rows."""

    spot: Spot
    state: State
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several branches; those that were shown once keep their drafts.

    ``unshown``: another branch was chosen in the control, but the page has not shown its form yet.
    """

    spot: Spot
    chosen: int
    drafts: tuple[tuple[int, "Node"], ...] = ()
    unshown: bool = False

    @property
    def current(self) -> "Node":
        """The branch that is shown."""
        return dict(self.drafts)[self.chosen]


@dataclass(frozen=True, slots=True)
class Raw:
    """A node written as JSON. ``behind`` is the form it was switched from, whose text had the digest ``base``."""

    spot: Spot
    text: str = ""
    behind: "Node | None" = None
    base: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A node that is not opened: its value travels as JSON text (empty where there is none).

    ``kept``: there are secrets in it, so nothing of it travels; it stays as it is stored.
    """

    spot: Spot
    text: str = ""
    kept: bool = False


type Node = Text | Pick | Group | Listing | Choice | Raw | Held


def member_id(parent: str, name: str) -> str:
    """The id of a declared member: the same for the same name, and nothing of the name can be read in it."""
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
        case Group(members=members, rows=rows):
            yield from members
            yield from (row.node for row in rows)
        case Listing(rows=rows):
            yield from (row.node for row in rows)
        case Choice(drafts=drafts):
            yield from (draft for _, draft in drafts)
        case Raw(behind=behind) if behind is not None:
            yield behind


def placed_children(node: Node, pointer: str) -> Iterator[tuple["Node", str]]:
    """The nodes directly inside ``node``, in the order of :func:`children`, each with its place in the value."""
    match node:
        case Group(members=members, rows=rows):
            yield from ((member, pointers.join(pointer, member.spot.name)) for member in members)
            yield from ((row.node, pointers.join(pointer, row.key.text if row.key else "")) for row in rows)
        case Listing(rows=rows):
            yield from ((row.node, f"{pointer}/{index}") for index, row in enumerate(rows))
        case _:
            yield from ((child, pointer) for child in children(node))


def places(node: Node, pointer: str = "") -> Iterator[tuple[str, str]]:
    """The place and the id of every node that is drawn, those of what is not sent too."""
    yield pointer, node.spot.id
    if isinstance(node, Choice):
        yield from places(node.current, pointer)
    elif not isinstance(node, Raw):
        for child, place in placed_children(node, pointer):
            yield from places(child, place)


def with_children(node: Node, new: Sequence["Node"]) -> "Node":
    """``node`` with its children, in the order of :func:`children`, replaced."""
    match node:
        case Group(members=members, rows=rows):
            rest = new[len(members) :]
            made = tuple(replace(row, node=child) for row, child in zip(rows, rest, strict=True))
            return replace(node, members=tuple(new[: len(members)]), rows=made)
        case Listing(rows=rows):
            return replace(node, rows=tuple(replace(row, node=child) for row, child in zip(rows, new, strict=True)))
        case Choice(drafts=drafts):
            return replace(node, drafts=tuple((index, child) for (index, _), child in zip(drafts, new, strict=True)))
        case Raw() if new:
            return replace(node, behind=new[0])
    return node


def walk(node: Node) -> Iterator["Node"]:
    """``node`` and everything inside it."""
    yield node
    for child in children(node):
        yield from walk(child)


def renamed(node: Node, id_: str) -> "Node":
    """A copy of ``node`` under another id, all ids inside it made anew. Stored secrets are not copied."""
    spot = replace(node.spot, id=id_)
    match node:
        case Group(members=members, rows=rows, order=order):
            made = [renamed(member, member_id(id_, member.spot.name)) for member in members]
            moved = _renamed_rows(rows, id_)
            old = [one.spot.id for one in children(node)]
            new = dict(zip(old, [one.spot.id for one in (*made, *(row.node for row in moved))], strict=True))
            kept = tuple(new[one] for one in order if one in new)
            return replace(node, spot=spot, members=tuple(made), rows=moved, order=kept)
        case Listing(rows=rows):
            return replace(node, spot=spot, rows=_renamed_rows(rows, id_))
        case Choice(drafts=drafts):
            return replace(node, spot=spot, drafts=tuple((i, renamed(one, branch_id(id_, i))) for i, one in drafts))
        case Raw(behind=behind) if behind is not None:
            return replace(node, spot=spot, behind=renamed(behind, id_))
        case Text(blank=Blank.KEEP):
            return replace(node, spot=spot, blank=Blank.ABSENT)
    return replace(node, spot=spot)


def _renamed_rows(rows: tuple[Row, ...], parent: str) -> tuple[Row, ...]:
    return tuple(replace(row, node=renamed(row.node, row_id(parent, row.token))) for row in rows)


def fresh_token(rows: Sequence[Row]) -> str:
    """A row token that none of ``rows`` has. Tokens of added rows begin with ``x``; loaded ones are numbers."""
    used = {row.token for row in rows}
    return next(token for token in (f"x{number}" for number in count(len(rows))) if token not in used)
