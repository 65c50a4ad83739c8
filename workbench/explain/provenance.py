"""Where a value that the handler returned came from: the exchange whose body carried it, where one alone did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.domain import ABSENT, JSON, Absent, Exchange, Run, ValidationError
from workbench.explain.http import http_body
from workbench.jsondoc import pointer as pointers

_VISITED = 300_000
"""Values within all bodies that are looked at; beyond them nothing is claimed."""
_SCALARS = (str, int, float)
_FEWEST = 2
"""Values that an object must share with what was returned before it is taken for its origin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The exchange, and the place in the body of its response that holds the value.

    ``missing`` tells that it is the place of the object around it, which lacks the property, too; ``other`` that it is
    that object's place, whose property has another value, so that the handler made one of the other.
    """

    exchange: int
    pointer: str
    missing: bool = False
    other: bool = False

    @property
    def description(self) -> str:
        """What is at the place, in words."""
        if self.missing:
            return "The object that it came from has no such property either"
        return "The object that it came from has another value there" if self.other else "Where the value came from"


def find(run: Run, error: ValidationError) -> Origin | None:
    """The one place in the recorded responses that the invalid value came from; None where none or several match.

    A value that is distinctive (a text, a large number, an object) is looked for itself. For ``null``, ``0``, ``""`` or
    what is missing, the object around it is: the one that shares the most distinctive values with it. Where nothing
    around it is distinctive, the name decides, if it stands in one place alone.
    """
    returned = run.outcome.returned
    if error.where != "output" or returned is None:
        return None
    documents = _documents(run.outcome.exchanges)
    if not documents:
        return None
    value = pointers.resolve(returned.value, error.pointer)
    name = pointers.split(error.pointer)[-1] if error.pointer else ""
    if value is not ABSENT and _is_distinctive(value) and (found := _equal(documents, value)):
        one = _only(found) or _only([seen for seen in found if seen.key == name])
        return Origin(one.exchange, one.pointer) if one else None
    around = pointers.resolve(returned.value, pointers.parent(error.pointer)) if error.pointer else ABSENT
    if isinstance(around, dict) and _has_marks(around, name):
        return _of_object(documents, around, name, value)
    return None if value is ABSENT else _of_name(documents, name, value)


@dataclass(slots=True)
class _Seen:
    """A value of a document; its place is put together only where it is asked for."""

    exchange: int
    key: str | int
    value: JSON
    parent: "_Seen | None"

    @property
    def pointer(self) -> str:
        way, at = list[str | int](), self
        while at.parent is not None:
            way.append(at.key)
            at = at.parent
        return pointers.join("", *reversed(way))


def _of_object(documents: Sequence[_Seen], around: dict[str, JSON], name: str, value: JSON | Absent) -> Origin | None:
    """The one object that shares the most distinctive values with the object ``around`` the invalid value."""
    if len(around) > _VISITED:
        return None
    wanted = _marks(value for key, value in around.items() if key != name)
    best, found = 0, list[_Seen]()
    for seen in _containers(documents) if wanted else ():
        shared = _shared(wanted, seen.value)
        if shared > best:
            best, found = shared, []
        if shared == best > 0:
            found.append(seen)
    one = _only(found)
    if one is None or best < min(_FEWEST, len(wanted)):
        return None
    there = one.value.get(name, ABSENT) if isinstance(one.value, dict) else ABSENT
    if there is ABSENT:
        return Origin(one.exchange, one.pointer, missing=True)
    if type(there) is type(value) and there == value:
        return Origin(one.exchange, pointers.join(one.pointer, name))
    return Origin(one.exchange, one.pointer, other=True)


def _of_name(documents: Sequence[_Seen], name: str, value: JSON) -> Origin | None:
    """The one place of all bodies with a property called ``name`` that has that very value."""
    named = [seen for seen in _containers(documents) if isinstance(seen.value, dict) and name in seen.value]
    one = _only(named)
    there = one.value[name] if one and isinstance(one.value, dict) else ABSENT
    if one is None or type(there) is not type(value) or there != value:
        return None
    return Origin(one.exchange, pointers.join(one.pointer, name))


def _documents(exchanges: Sequence[Exchange]) -> list[_Seen]:
    parsed = (
        (exchange.id, http_body.parse(exchange.response.headers, exchange.response.body))
        for exchange in exchanges
        if exchange.response is not None
    )
    return [_Seen(number, "", value, None) for number, value in parsed if value is not ABSENT]


def _containers(documents: Sequence[_Seen]) -> Sequence[_Seen]:
    """Every object and list of every document; nothing at all where there are too many values to be sure."""
    seen, visited = list(documents), 0
    for at in seen:
        if isinstance(at.value, dict | list):
            visited += len(at.value)
        if visited > _VISITED:
            return ()
        for key, item in _inner(at.value):
            if isinstance(item, dict | list):
                seen.append(_Seen(at.exchange, key, item, at))
    return seen


def _equal(documents: Sequence[_Seen], value: JSON) -> list[_Seen]:
    """Every place that holds that very value."""
    kind = type(value)
    found = [each for each in documents if type(each.value) is kind and each.value == value]
    for at in _containers(documents):
        found += [
            _Seen(at.exchange, key, item, at) for key, item in _inner(at.value) if type(item) is kind and item == value
        ]
    return found


def _inner(value: JSON) -> Iterable[tuple[str | int, JSON]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _is_distinctive(value: JSON) -> bool:
    """Whether a value found twice is hardly a coincidence."""
    if isinstance(value, str):
        return len(value) > 3
    if isinstance(value, bool) or value is None:
        return False
    return abs(value) > 99 or not float(value).is_integer() if isinstance(value, int | float) else len(value) > 0


def _marks(values: Iterable[JSON]) -> frozenset[str | int | float]:
    return frozenset(value for value in values if isinstance(value, str | int | float) and _is_distinctive(value))


def _has_marks(around: dict[str, JSON], name: str) -> bool:
    others = (value for key, value in around.items() if key != name)
    return any(isinstance(value, _SCALARS) and _is_distinctive(value) for value in others)


def _shared(wanted: frozenset[str | int | float], value: JSON) -> int:
    """How many of the values an object has."""
    if not isinstance(value, dict):
        return 0
    return len({item for item in value.values() if item.__class__ in _SCALARS and item in wanted})


def _only(found: Sequence[_Seen]) -> _Seen | None:
    return found[0] if len(found) == 1 else None
