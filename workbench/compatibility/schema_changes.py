"""The changes from one schema to another: where they stand, and whether they break its users.

An input breaks where a value was valid and no longer is. An output breaks where a value may come that was not
promised. In both, the objects of the values that may come have declared properties only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeGuard

from workbench.compatibility.changes import ChangeKind, Side, Verdict
from workbench.compatibility.containment import covers, example
from workbench.compatibility.normal_schema import closed, normalized, within
from workbench.compatibility.sample_values import whole_value
from workbench.domain import ABSENT, JSON, Absent
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.equality import key
from workbench.jsondoc.nesting import depth
from workbench.schema import is_valid
from workbench.schema.refs import follow

_YES, _NO, _UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
_OBJECT: Final = frozenset({"type", "properties", "required", "additionalProperties", "definitions", "$defs"})
_DEEPEST: Final = 40
_MOST_LEVELS: Final = 200
_ANY_ITEM: Final = "*"
_UNDECLARED: Final = "other"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A change at ``pointer`` in the new schema (of the closest parent for what is gone).

    ``data_pointer`` is the place in a value (``*`` stands for any item of an array); ``example`` is a whole value of
    the schema that shows a break, ABSENT where there is none or none was found.
    """

    kind: ChangeKind
    breaking: Verdict
    pointer: str = ""
    data_pointer: str = ""
    example: JSON | Absent = ABSENT


def schema_changes(old: JSON, new: JSON, side: Side) -> tuple[SchemaChange, ...]:
    """What changed from ``old`` to ``new``, in the order of the schemas; empty where the same values are valid.

    Bounded: what lies deeper than 40 levels in the data is a change of its parent as a whole, and a schema of more than
    200 levels is not compared: its change is undecided.
    """
    if old == new:
        return ()
    if max(depth(old, most=_MOST_LEVELS + 1), depth(new, most=_MOST_LEVELS + 1)) > _MOST_LEVELS:
        return (SchemaChange(ChangeKind.CHANGED, Verdict.UNKNOWN),)
    comparison = _Comparison(normalized(old), normalized(new), side is Side.INPUT)
    return tuple(comparison.confirmed())


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that is compared: its pointer in the new schema, and the path to it in the data.

    ``seen`` are the pairs of definitions that are compared on the way to it, by identity.
    """

    pointer: str = ""
    data: tuple[str, ...] = ()
    seen: frozenset[tuple[int, int]] = frozenset()

    def at(self, *parts: str | int) -> str:
        return pointers.join(self.pointer, *parts)

    def property(self, name: str) -> "_Place":
        return replace(self, pointer=self.at("properties", name), data=(*self.data, name))

    def items(self) -> "_Place":
        return replace(self, pointer=self.at("items"), data=(*self.data, _ANY_ITEM))


_ROOT: Final = _Place()


@dataclass(frozen=True, slots=True)
class _Found:
    """A change, and what shows it: ``value`` at ``path`` of a value; ABSENT means that nothing is there."""

    kind: ChangeKind
    breaking: Verdict
    pointer: str
    path: tuple[str, ...]
    value: JSON | Absent = ABSENT


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two normalized schemas of an input or an output."""

    old: JSON
    new: JSON
    is_input: bool

    def confirmed(self) -> Iterator[SchemaChange]:
        """The changes. A break is proved by an example; without one it is what is known of the whole schemas."""
        inner, outer = self._roles(self.old, self.new)
        accepted = closed(inner)
        for found in self._changes(self.old, self.new, _ROOT):
            breaking = found.breaking
            shown: JSON | Absent = ABSENT
            if breaking is not _NO:
                shown = whole_value(inner, found.path, found.value)
                if shown is ABSENT or not is_valid(accepted, shown) or is_valid(outer, shown):
                    shown = ABSENT
                    breaking = min(breaking, self._breaks(self.old, self.new), key=(_NO, _UNKNOWN, _YES).index)
                else:
                    breaking = _YES
            yield SchemaChange(found.kind, breaking, found.pointer, pointers.build(found.path), shown)

    def _roles(self, old: JSON, new: JSON) -> tuple[JSON, JSON]:
        """The schema of the values that come, and the one that has to accept them, as documents of their own."""
        one, other = within(self.old, old), within(self.new, new)
        return (one, other) if self.is_input else (other, one)

    def _breaks(self, old: JSON, new: JSON) -> Verdict:
        """Whether a new part breaks users of the old one."""
        inner, outer = self._roles(old, new)
        return _opposite(covers(outer, closed(inner)))

    def _changes(self, old: JSON, new: JSON, place: _Place) -> Iterator[_Found]:
        """The changes between two parts that stand at the same place."""
        if key(old) == key(new) and not (_is_reference(old) or _is_reference(new)):
            return
        breaks = self._breaks(old, new)
        inside = self._inside(old, new, place) if len(place.data) < _DEEPEST else None
        if inside is None or (breaks is _YES and all(one.breaking is _NO for one in inside)):
            yield from self._as_whole(old, new, breaks, place)
        elif breaks is _NO:
            yield from (replace(one, breaking=_NO) for one in inside)
        else:
            yield from inside

    def _as_whole(self, old: JSON, new: JSON, breaks: Verdict, place: _Place) -> Iterator[_Found]:
        """The change of a part that is not looked into; none where the same values are valid."""
        kind = _kind(within(self.old, old), within(self.new, new))
        if kind is not None:
            yield _Found(kind, breaks, place.pointer, place.data, self._shown(old, new, breaks))

    def _inside(self, old: JSON, new: JSON, place: _Place) -> list[_Found] | None:
        """The changes within two objects or two arrays, which are all that there is to say of them; else None.

        A reference that leads back to a pair that is being compared adds nothing to what is found there.
        """
        if _is_reference(old) or _is_reference(new):
            pair = follow(self.old, old), follow(self.new, new)
            seen = id(pair[0]), id(pair[1])
            if any(map(_is_reference, pair)):
                return None
            return [] if seen in place.seen else [*self._changes(*pair, replace(place, seen=place.seen | {seen}))]
        if _is_object(old) and _is_object(new) and old.get("type") == new.get("type"):
            return [*self._properties(old, new, place), *self._undeclared(old, new, place)]
        if _is_array(old) and _is_array(new) and key(_without_items(old)) == key(_without_items(new)):
            return [*self._changes(old["items"], new["items"], place.items())]
        return None

    def _properties(self, old: dict[str, Any], new: dict[str, Any], place: _Place) -> Iterator[_Found]:
        before, after = old.get("properties", {}), new.get("properties", {})
        was, now = _required(old), _required(new)
        for name in before:
            if name in after:
                yield from self._changes(before[name], after[name], place.property(name))
            else:
                yield self._removed(name, old, new, place)
        yield from (self._added(name, old, new, place) for name in after if name not in before)
        for name in sorted(was ^ now):
            if (name in before) == (name in after):
                yield self._requirement(name, new, place, is_new=name in now)

    def _requirement(self, name: str, new: dict[str, Any], place: _Place, *, is_new: bool) -> _Found:
        """A property that is required now, or no longer."""
        pointer = place.at("required", new["required"].index(name)) if is_new else place.pointer
        kind = ChangeKind.NOW_REQUIRED if is_new else ChangeKind.NOW_OPTIONAL
        return _Found(kind, _YES if is_new is self.is_input else _NO, pointer, (*place.data, name))

    def _added(self, name: str, old: dict[str, Any], new: dict[str, Any], place: _Place) -> _Found:
        """A new property. It breaks an input where it is required, an output where nothing else was to come."""
        part, path = new["properties"][name], (*place.data, name)
        pointer = place.property(name).pointer
        if self.is_input and name in _required(new) - _required(old):
            return _Found(ChangeKind.PROPERTY_ADDED, _YES, pointer, path)
        others = _others(old, else_=not self.is_input)
        breaks = self._breaks(others, part)
        return _Found(ChangeKind.PROPERTY_ADDED, breaks, pointer, path, self._shown(others, part, breaks))

    def _removed(self, name: str, old: dict[str, Any], new: dict[str, Any], place: _Place) -> _Found:
        """A property that is gone. It breaks an output where it was required, an input where no other may come."""
        part, path = old["properties"][name], (*place.data, name)
        if not self.is_input and name in _required(old) - _required(new):
            return _Found(ChangeKind.PROPERTY_REMOVED, _YES, place.pointer, path)
        others = _others(new, else_=self.is_input)
        breaks = self._breaks(part, others)
        return _Found(ChangeKind.PROPERTY_REMOVED, breaks, place.pointer, path, self._shown(part, others, breaks))

    def _undeclared(self, old: dict[str, Any], new: dict[str, Any], place: _Place) -> Iterator[_Found]:
        """A change of what undeclared properties may be. Those that no keyword allows or forbids do not come."""
        kind = _kind(within(self.old, _others(old)), within(self.new, _others(new)))
        if kind is None:
            return
        before, after = _others(old, else_=not self.is_input), _others(new, else_=self.is_input)
        breaks = self._breaks(before, after)
        pointer = place.at("additionalProperties") if "additionalProperties" in new else place.pointer
        yield _Found(kind, breaks, pointer, (*place.data, _UNDECLARED), self._shown(before, after, breaks))

    def _shown(self, old: JSON, new: JSON, breaks: Verdict) -> JSON | Absent:
        """A value of a part that comes and is not accepted, where something ``breaks``."""
        inner, outer = self._roles(old, new)
        return ABSENT if breaks is _NO else example(outer, closed(inner))


def _others(schema: dict[str, Any], *, else_: bool = True) -> JSON:
    """The schema of undeclared properties."""
    value: JSON = schema.get("additionalProperties", else_)
    return value


def _opposite(verdict: Verdict) -> Verdict:
    return {_YES: _NO, _NO: _YES}.get(verdict, _UNKNOWN)


def _kind(old: JSON, new: JSON) -> ChangeKind | None:
    """How the valid values changed; None where they did not."""
    wider, narrower = covers(new, old), covers(old, new)
    if wider is _YES and narrower is _YES:
        return None
    return ChangeKind.WIDENED if wider is _YES else ChangeKind.NARROWED if narrower is _YES else ChangeKind.CHANGED


def _is_reference(schema: JSON) -> bool:
    return isinstance(schema, dict) and "$ref" in schema


def _is_object(schema: JSON) -> TypeGuard[dict[str, Any]]:
    """Whether a schema decides only which properties an object has, and what they may be."""
    if not isinstance(schema, dict) or not schema.keys() <= _OBJECT:
        return False
    properties, required = schema.get("properties", {}), schema.get("required", [])
    return (
        isinstance(properties, dict)
        and isinstance(required, list)
        and all(isinstance(name, str) for name in required)
        and (schema.get("type") == "object" or "properties" in schema)
    )


def _is_array(schema: JSON) -> TypeGuard[dict[str, Any]]:
    return isinstance(schema, dict) and isinstance(schema.get("items"), dict | bool)


def _without_items(schema: dict[str, Any]) -> dict[str, Any]:
    return {keyword: value for keyword, value in schema.items() if keyword != "items"}


def _required(schema: dict[str, Any]) -> set[str]:
    return set(schema.get("required", ()))
