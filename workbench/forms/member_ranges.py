"""Long runs of closed members: drawn as one line with one button, and carried in one control.

A schema may declare thousands of members. Those beyond what one page opens cost a page next to nothing this way, and
are still posted with whatever they hold.
"""

from dataclasses import dataclass
from itertools import batched, groupby
from typing import Final

from workbench.forms.draft import Group, Held, Node
from workbench.forms.jsontext import dumps

FEWEST: Final = 50
"""Closed members side by side that are worth a run; fewer of them stand one by one."""
MOST: Final = 200
"""Members that one run opens at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """Closed members of one object that stand side by side."""

    members: tuple[Held, ...]

    @property
    def id(self) -> str:
        """The id of the first one, by which the run is known."""
        return self.members[0].spot.id

    @property
    def ends(self) -> tuple[Held, Held]:
        """The first one and the last one."""
        return self.members[0], self.members[-1]

    @property
    def facts(self) -> str:
        """How many members it has, how many of them are required, how many hold something."""
        counts = {
            "more fields": len(self.members),
            "required": sum(one.spot.required for one in self.members),
            "filled": sum(bool(one.text) for one in self.members),
        }
        return ", ".join(f"{number} {word}" for word, number in counts.items() if number)

    @property
    def text(self) -> str:
        """What its members hold, as the text of one JSON object; empty where they hold nothing."""
        pairs = (f"{dumps(one.spot.name)}:{one.text}" for one in self.members if one.text)
        inside = ",".join(pairs)
        return f"{{{inside}}}" if inside else ""


def runs_of(node: Node) -> tuple[Run, ...]:
    """The runs of ``node``, in the order of the page; none where it is no object, or one that a file fills."""
    if not isinstance(node, Group) or node.spot.shape.is_file or len(node.members) < FEWEST:
        return ()
    found: list[Run] = []
    for _, beside in groupby(node.members, key=_stands_alone):
        closed = [one for one in beside if isinstance(one, Held) and not one.kept]
        if len(closed) >= FEWEST:
            found += [Run(part) for part in batched(closed, MOST, strict=False)]
    return tuple(found)


def _stands_alone(member: Node) -> bool:
    return not isinstance(member, Held) or member.kept
