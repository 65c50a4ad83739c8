"""``oneOf`` and ``anyOf``: which branch the data was meant for, and which place in the data kept it from fitting.

Every branch is read as an explanation: "the data is of this branch, but for one place". The likeliest is the one whose
type and distinguishing properties agree, that fails at the fewest places, and that knows most of the properties given.
A property that is missing and one that nobody knows are one place where the one may be the other, misspelt.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain import ABSENT, Branch, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.refs import items_of
from workbench.schema.similarity import similar


@dataclass(frozen=True, slots=True)
class Choice:
    """The closest branch, the place to look at, and its error there (None: the value as a whole is not of any kind)."""

    branch: Branch
    pointer: str
    cause: ValidationError | None


def choose(rows: Sequence[Branch], instance: object, at: str, *, closest: int | None = None) -> Choice | None:
    """The closest of branches that all failed on ``instance``, which stands at ``at``.

    ``closest`` is the index of the one that was found to be it before.
    """
    matches = [_Match(row, rows, instance, at) for row in rows if closest is None or row.index == closest]
    if not matches:
        return None
    best = min(matches, key=_Match.distance)
    return best.choice(alone=len(rows) == 1)


class _Match:
    """One branch, taken for what the data was meant to be: where the data would have to change for it."""

    def __init__(self, row: Branch, rows: Sequence[Branch], instance: object, at: str) -> None:
        self._row, self._rows, self._instance, self._at = row, rows, instance, at
        self._members = instance.keys() if isinstance(instance, dict) else frozenset[str]()
        self._renamed = self._renames()
        self._places = self._changes()

    def distance(self) -> tuple[int, ...]:
        """How unlikely it is, the weightiest reason first."""
        return (
            int(_rejects_type(self._row, self._at)),
            self._wrong_marks(),
            int(bool(self._members) and not self._known()),
            len(self._places),
            -self._known(),
            -len(self._renamed),
            sum(self._size(place) for place in self._places),
            sum(error.keyword in ("required", "additionalProperties") for error in self._row.errors),
            -max((place.count("/") for place in self._places), default=0),
        )

    def choice(self, *, alone: bool) -> Choice:
        """What to say if this is the closest; ``alone`` where there was no other branch."""
        row, at = self._row, self._at
        if _rejects_type(row, at):
            same = next((error for error in row.errors if error.pointer == at), None)
            return Choice(row, at, same if alone else None)
        here = pointers.common(self._places)
        strange = bool(self._members) and not self._known()
        if here == at and self._is_marked():
            return Choice(row, row.errors[0].pointer, row.errors[0])
        if here == at or (len(self._places) > 1 and not self._is_meant()) or (strange and self._lacks()):
            return Choice(row, at, None)
        if len(self._places) > 1:
            return Choice(row, row.errors[0].pointer, row.errors[0])
        return Choice(row, here, next((error for error in row.errors if error.pointer == here), row.errors[0]))

    def _renames(self) -> Mapping[str, str]:
        """The places of missing properties, each with that of an undeclared one that was probably meant to be it."""
        missing = [error.pointer for error in self._row.errors if error.keyword == "required"]
        extra = [error.pointer for error in self._row.errors if error.keyword == "additionalProperties"]
        found: dict[str, str] = {}
        for place in missing:
            holder = pointers.parent(place)
            extras = [pointers.last(other) for other in extra if pointers.parent(other) == holder]
            lacking = sum(pointers.parent(other) == holder for other in missing)
            strangers = extras or (self._strangers() if holder == self._at else [])
            meant = extras[0] if lacking == len(extras) == 1 else similar(pointers.last(place), strangers)
            if meant or "" in extras:
                found[place] = pointers.join(holder, meant)
        return found

    def _strangers(self) -> list[str]:
        """Properties of the value that no branch declares."""
        return [name for name in self._members if not any(name in row.names for row in self._rows)]

    def _changes(self) -> set[str]:
        """Where the data would have to change. An object that lacks most of its properties is one place."""
        errors = self._row.errors
        misspelt = {error.pointer for error in errors if error.keyword == "additionalProperties"}
        lacking: dict[str, int] = Counter(
            pointers.parent(error.pointer)
            for error in errors
            if error.keyword == "required" and error.pointer not in self._renamed
        )
        found = set()
        for error in errors:
            holder = pointers.parent(error.pointer)
            renamed = self._renamed.get(error.pointer, "") if error.keyword == "required" else ""
            missing = lacking.get(holder, 0) if error.keyword == "required" and not renamed else 0
            held = self._value(holder) if missing > 1 else None
            if renamed in misspelt:
                found.add(renamed)
            else:
                found.add(holder if isinstance(held, dict) and missing > len(held) else error.pointer)
        return found

    def _value(self, place: str) -> object:
        return pointers.resolve(self._instance, place[len(self._at) :])

    def _size(self, place: str) -> int:
        """How much of the data a place holds; counted to a hundred."""
        waiting, size = [self._value(place)], 0
        while waiting and size < 100:
            node = waiting.pop()
            size += node is not ABSENT
            waiting.extend(inner for _, inner in items_of(node))
        return size

    def _lacks(self) -> bool:
        return any(
            error.keyword == "required" and pointers.parent(error.pointer) == self._at for error in self._row.errors
        )

    def _wrong_marks(self) -> int:
        """Properties that tell branches apart (``const``, ``enum``) with the value of another branch."""
        return sum(any(self._is_mark_of(other, place) for other in self._rows) for place in _wrong(self._row, self._at))

    def _is_marked(self) -> bool:
        """Whether a property of the value has the constant of this branch and of no other: that leaves no doubt."""
        wrong = _wrong(self._row, self._at)
        known = [place for name in self._members if (place := pointers.join(self._at, name)) not in wrong]
        others = [row for row in self._rows if row is not self._row]
        return any(all(place in _wrong(other, self._at) for other in others) for place in known) and bool(others)

    def _is_mark_of(self, other: Branch, place: str) -> bool:
        """Whether another branch declares that property and accepts it."""
        declares = pointers.last(place) in other.names
        return declares and place not in _wrong(other, self._at) and not _rejects_type(other, self._at)

    def _known(self) -> int:
        """How many properties of the value the branch declares, those that may be misspelt included."""
        hinted = {error.pointer for error in self._row.errors if error.keyword == "additionalProperties" and error.hint}
        misspelt = {place for place in hinted.union(self._renamed.values()) if pointers.parent(place) == self._at}
        return len(self._members & set(self._row.names)) + len(misspelt)

    def _is_meant(self) -> bool:
        """Whether the data has enough of the branch to report its errors one by one."""
        if isinstance(self._instance, dict):
            return self._known() > 0
        if isinstance(self._instance, list):
            failing = {pointers.split(error.pointer[len(self._at) :])[:1] for error in self._row.errors}
            return len(failing) < len(self._instance)
        return True


def _rejects_type(row: Branch, at: str) -> bool:
    """Whether the branch requires another type, or another constant, than the value has."""
    return any(error.pointer == at and error.keyword in ("type", "const", "enum", "") for error in row.errors)


def _wrong(row: Branch, at: str) -> set[str]:
    """The properties with another constant than the branch requires."""
    return {
        error.pointer
        for error in row.errors
        if error.keyword in ("const", "enum") and pointers.parent(error.pointer) == at
    }
