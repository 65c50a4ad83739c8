"""Ranges of closed properties: rendered as one line with one button, and carried in one control.

A schema may declare thousands of properties. Those beyond what one page opens cost a page very little this way, and
are still posted with their values.
"""

from dataclasses import dataclass
from itertools import batched, groupby
from typing import Final

from workbench.forms.draft import ClosedNode, Node, ObjectNode
from workbench.forms.jsontext import dumps

FEWEST: Final = 50
"""The fewest closed properties side by side that make a range; fewer are shown one by one."""
MOST: Final = 200
"""The most properties of one range."""


@dataclass(frozen=True, slots=True)
class MemberRange:
    """Closed properties of one object that stand side by side."""

    members: tuple[ClosedNode, ...]

    @property
    def id(self) -> str:
        """The id of the first one, which is the id of the range."""
        return self.members[0].info.id

    @property
    def ends(self) -> tuple[ClosedNode, ClosedNode]:
        """The first one and the last one."""
        return self.members[0], self.members[-1]

    @property
    def facts(self) -> str:
        """How many properties it has, how many of them are required, how many have a value."""
        counts = {
            "more fields": len(self.members),
            "required": sum(one.info.required for one in self.members),
            "filled": sum(bool(one.text) for one in self.members),
        }
        return ", ".join(f"{number} {word}" for word, number in counts.items() if number)

    @property
    def text(self) -> str:
        """The values of its properties, as the text of one JSON object; empty where they have none."""
        pairs = (f"{dumps(one.info.name)}:{one.text}" for one in self.members if one.text)
        inside = ",".join(pairs)
        return f"{{{inside}}}" if inside else ""


def find_ranges(node: Node) -> tuple[MemberRange, ...]:
    """The ranges of ``node``, in the order of the page; none where it is not an object, or one that a file fills."""
    if not isinstance(node, ObjectNode) or node.info.shape.is_file or len(node.members) < FEWEST:
        return ()
    found: list[MemberRange] = []
    for _, beside in groupby(node.members, key=_stands_alone):
        closed = [one for one in beside if isinstance(one, ClosedNode) and not one.has_secret]
        if len(closed) >= FEWEST:
            found += [MemberRange(part) for part in batched(closed, MOST, strict=False)]
    return tuple(found)


def _stands_alone(member: Node) -> bool:
    return not isinstance(member, ClosedNode) or member.has_secret
