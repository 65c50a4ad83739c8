"""``oneOf`` and ``anyOf``: which branch the data was meant for, and which place in the data kept it from fitting.

Every branch is read as an explanation: "the data is of this branch, but for one place". The likeliest is the one whose
type and distinguishing members agree, that fails at the fewest places, and that knows most of the members present.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain import ABSENT
from workbench.schema import pointers
from workbench.schema.faults import Ask, Branch, Fault
from workbench.schema.refs import named
from workbench.schema.sentences import outline
from workbench.schema.words import choices, either, kind, quote, types


@dataclass(frozen=True, slots=True)
class Choice:
    """The closest branch, the place to look at, and its fault there (None: the value as a whole is not of any kind)."""

    branch: Branch
    pointer: str
    cause: Fault | None


def choose(rows: Sequence[Branch], instance: object, at: str) -> Choice | None:
    """The closest of branches that all failed on ``instance``, which stands at ``at``."""
    if not rows:
        return None
    best = min(rows, key=lambda row: _distance(row, rows, instance, at))
    if _refuses_kind(best, at):
        same = next((fault for fault in best.faults if fault.pointer == at), None)
        return Choice(best, at, same if len(rows) == 1 else None)
    places = _places(best, instance, at)
    here = pointers.common(places)
    strange = isinstance(instance, dict) and bool(instance) and not _known(best, instance)
    if here == at or (len(places) > 1 and not _meant(best, instance, at)) or (strange and _lacks(best, at)):
        return Choice(best, at, None)
    first = best.faults[0]
    return Choice(best, here if len(places) == 1 else first.pointer, first)


def _distance(row: Branch, rows: Sequence[Branch], instance: object, at: str) -> tuple[int, ...]:
    places = _places(row, instance, at)
    return (
        int(_refuses_kind(row, at)),
        _wrong_marks(row, rows, at),
        len(places),
        -_known(row, instance),
        sum(_size(instance, place, at) for place in places),
        sum(fault.keyword in ("required", "additionalProperties") for fault in row.faults),
        -max((place.count("/") for place in places), default=0),
    )


def _places(row: Branch, instance: object, at: str) -> set[str]:
    """Where the data would have to change for this branch. An object that lacks most of its members is one place."""
    missing: dict[str, int] = Counter(
        pointers.parent(fault.pointer) for fault in row.faults if fault.keyword == "required"
    )
    found = set()
    for fault in row.faults:
        holder = pointers.parent(fault.pointer)
        lacking = missing.get(holder, 0) if fault.keyword == "required" else 0
        held = pointers.follow(instance, holder[len(at) :]) if lacking > 1 else None
        found.add(holder if isinstance(held, dict) and lacking > len(held) else fault.pointer)
    return found


def _size(instance: object, place: str, at: str) -> int:
    """How much of the data a place holds; counted to a hundred."""
    waiting, size = [pointers.follow(instance, place[len(at) :])], 0
    while waiting and size < 100:
        node = waiting.pop()
        size += node is not ABSENT
        waiting.extend(inner for _, inner in named(node))
    return size


def _lacks(row: Branch, at: str) -> bool:
    return any(fault.keyword == "required" and pointers.parent(fault.pointer) == at for fault in row.faults)


def _refuses_kind(row: Branch, at: str) -> bool:
    """Whether the branch wants another type, or another constant, than the value is."""
    return any(fault.pointer == at and fault.keyword in ("type", "const", "enum", "") for fault in row.faults)


def _wrong_marks(row: Branch, rows: Sequence[Branch], at: str) -> int:
    """Members by which branches are told apart (``const``, ``enum``) that are of another branch."""

    def marks(branch: Branch) -> set[str]:
        return {
            fault.pointer
            for fault in branch.faults
            if fault.keyword in ("const", "enum") and pointers.parent(fault.pointer) == at
        }

    mine = marks(row)
    return sum(any(place not in marks(other) and not _refuses_kind(other, at) for other in rows) for place in mine)


def _known(row: Branch, instance: object) -> int:
    return len(row.members & instance.keys()) if isinstance(instance, dict) else 0


def _meant(row: Branch, instance: object, at: str) -> bool:
    """Whether there is enough of the branch in the data to speak of its faults one by one."""
    if isinstance(instance, dict):
        return _known(row, instance) > 0
    if isinstance(instance, list):
        return len({pointers.split(fault.pointer[len(at) :])[:1] for fault in row.faults}) < len(instance)
    return True


def members(schema: Any) -> frozenset[str]:
    """The names that a schema speaks of: declared or required, in itself or in its ``allOf``."""
    if not isinstance(schema, dict):
        return frozenset()
    declared = schema.get("properties")
    required = schema.get("required")
    names = {*(declared if isinstance(declared, dict) else ()), *_texts(required)}
    return frozenset(names).union(*(members(part) for part in _dicts(schema.get("allOf"))))


def label(schema: Any, applying: Any) -> str:
    """A short name for a branch: its title, the constant that tells it apart, or what it asks."""
    for candidate in (schema, applying):
        if isinstance(candidate, dict) and isinstance(title := candidate.get("title"), str) and title:
            return title
    mark = next(iter(_marks(applying)), None)
    return f"{quote(mark[0])} is {mark[1]}" if mark else outline(applying)


def asks(schema: Any, faults: Sequence[Fault], at: str, *, matched: bool) -> tuple[Ask, ...]:
    """What a branch asks of the value at ``at``, each with whether it is met."""
    if not isinstance(schema, dict):
        return (Ask(outline(schema), matched),)
    failed = {(fault.pointer, fault.keyword) for fault in faults}
    asked = []
    if schema.get("type"):
        asked.append(Ask(types(schema["type"]), (at, "type") not in failed))
    if (at, "type") in failed:
        return tuple(asked)
    asked += [
        Ask(f"a member {quote(name)}", (pointers.join(at, name), "required") not in failed)
        for name in _texts(schema.get("required"))
    ]
    asked += [
        Ask(f"{quote(name)} is {value}", not any(pointers.join(at, name) == place for place, _ in failed))
        for name, value in _marks(schema)
    ]
    said = {(at, "type"), *((pointers.join(at, name), "required") for name in _texts(schema.get("required")))}
    said |= {(pointers.join(at, name), word) for name, _ in _marks(schema) for word in ("const", "enum")}
    asked += [
        Ask(f"{fault.pointer[len(at) :] or 'the value'}: {fault.expected}", met=False)
        for fault in faults
        if (fault.pointer, fault.keyword) not in said
    ]
    return tuple(asked) or (Ask(outline(schema), matched),)


def wants(rows: Sequence[Branch]) -> str:
    """What the branches want, one by one: ``a string or an array``."""
    return either(dict.fromkeys(row.label for row in rows))


def _marks(schema: Any) -> list[tuple[str, str]]:
    """The members with a fixed value, which tell branches apart, and that value in words."""
    declared = schema.get("properties") if isinstance(schema, dict) else None
    found = []
    for name, inner in declared.items() if isinstance(declared, dict) else ():
        if isinstance(inner, dict) and "const" in inner:
            found.append((name, quote(inner["const"])))
        elif isinstance(inner, dict) and isinstance(values := inner.get("enum"), list) and len(values) == 1:
            found.append((name, choices(values)))
    return found


def _texts(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _dicts(value: Any) -> list[Any]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def difference(wanted: Any, keyword: str, instance: object) -> tuple[tuple[str | int, ...], Any]:
    """For a container that must equal a constant: the one place where it differs from the closest, and that constant.

    The path is ``()`` where there is no such place.
    """
    values = wanted if keyword == "enum" and isinstance(wanted, list) else [wanted]
    if not isinstance(instance, dict | list):
        return (), wanted
    paths = [(_one_difference(value, instance), value) for value in values if type(value) is type(instance)]
    return max((found for found in paths if found[0]), key=lambda found: len(found[0]), default=((), wanted))


def _one_difference(wanted: Any, instance: Any) -> tuple[str | int, ...]:
    if isinstance(wanted, dict) and isinstance(instance, dict):
        names: list[Any] = [*wanted, *(name for name in instance if name not in wanted)]
        different = [name for name in names if not _same(wanted.get(name, ...), instance.get(name, ...))]
    elif isinstance(wanted, list) and isinstance(instance, list) and len(wanted) == len(instance):
        different = [i for i, (a, b) in enumerate(zip(wanted, instance, strict=True)) if not _same(a, b)]
    else:
        return ()
    if len(different) != 1:
        return ()
    name = different[0]
    inner = isinstance(wanted, list) or (name in wanted and name in instance)
    return (name, *(_one_difference(wanted[name], instance[name]) if inner else ()))


def _same(one: Any, other: Any) -> bool:
    if kind(one) == kind(other) and isinstance(one, dict | list):
        return not _differs(one, other)
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _differs(one: Any, other: Any) -> bool:
    if len(one) != len(other):
        return True
    if isinstance(one, dict):
        return any(name not in other or not _same(value, other[name]) for name, value in one.items())
    return any(not _same(a, b) for a, b in zip(one, other, strict=True))


def forbidden_member(schema: Any, instance: object) -> str | None:
    """For ``not: {required: [one]}``: that member, which should not be there; else None."""
    if isinstance(schema, dict) and isinstance(instance, dict) and set(schema) == {"required"}:
        names = _texts(schema["required"])
        return names[0] if len(names) == 1 and names[0] in instance else None
    return None
