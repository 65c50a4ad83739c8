"""Where a value that the handler returned came from: the exchange whose body carried it, where one alone did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workbench.domain import ABSENT, JSON, Absent, Exchange, Problem, Run
from workbench.web.presenters import bodies, pointers

_VISITED = 200_000
"""Values within all bodies that are looked at; beyond them nothing is claimed."""
_FEWEST = 2
"""Values that an object must share with what was returned before it is taken for its origin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The exchange, and the place in the body of its response. ``missing`` tells that it lacks the member, too."""

    exchange: int
    pointer: str
    missing: bool = False


def find(run: Run, problem: Problem) -> Origin | None:
    """The one place in the recorded responses that the refused value came from; None where none or several fit.

    A value that is telling (a text, a large number, an object) is looked for itself. For ``null``, ``0``, ``""`` or
    what is missing, the object around it is: the one that shares the most telling values with it.
    """
    returned = run.outcome.returned
    if problem.where != "output" or returned is None:
        return None
    documents = _documents(run.outcome.exchanges)
    value = pointers.resolve(returned.value, problem.pointer)
    name = pointers.split(problem.pointer)[-1] if problem.pointer else ""
    if value is not ABSENT and _telling(value):
        found = [
            (number, place)
            for number, place, item in _everything(documents)
            if type(item) is type(value) and item == value
        ]
        same_name = [(number, place) for number, place in found if place and pointers.split(place)[-1] == name]
        one = _only(found) or _only(same_name)
        return Origin(*one) if one else None
    around = pointers.resolve(returned.value, problem.pointer.rpartition("/")[0]) if problem.pointer else ABSENT
    return _of_object(documents, around, name)


def _of_object(documents: Sequence[tuple[int, JSON]], around: JSON | Absent, name: str) -> Origin | None:
    if not isinstance(around, dict):
        return None
    wanted = _marks(value for key, value in around.items() if key != name)
    best, found = 0, list[tuple[int, str, JSON]]()
    for number, place, item in _everything(documents):
        if not isinstance(item, dict):
            continue
        shared = len(wanted & _marks(item.values()))
        if shared > best:
            best, found = shared, []
        if shared == best > 0:
            found.append((number, place, item))
    if len(found) != 1 or best < min(_FEWEST, len(wanted)):
        return None
    number, place, item = found[0]
    has = isinstance(item, dict) and name in item
    return Origin(number, pointers.join(place, name) if has else place, missing=not has)


def _documents(exchanges: Sequence[Exchange]) -> list[tuple[int, JSON]]:
    parsed = (
        (exchange.id, bodies.parse(exchange.response.headers, exchange.response.body))
        for exchange in exchanges
        if exchange.response is not None
    )
    return [(number, value) for number, value in parsed if value is not ABSENT]


def _everything(documents: Sequence[tuple[int, JSON]]) -> Iterator[tuple[int, str, JSON]]:
    """Every value of every document with its place; nothing at all where there are too many to be sure."""
    return iter(seen) if len(seen := list(islice(_walk(documents), _VISITED + 1))) <= _VISITED else iter(())


def _walk(documents: Sequence[tuple[int, JSON]]) -> Iterator[tuple[int, str, JSON]]:
    waiting: list[tuple[int, str, JSON]] = [(number, "", value) for number, value in reversed(documents)]
    while waiting:
        number, place, value = waiting.pop()
        yield number, place, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend((number, pointers.join(place, key), item) for key, item in inner)


def _telling(value: JSON) -> bool:
    """Whether a value found twice is hardly so by chance."""
    if isinstance(value, str):
        return len(value) > 3
    if isinstance(value, bool) or value is None:
        return False
    return abs(value) > 99 or not float(value).is_integer() if isinstance(value, int | float) else len(value) > 0


def _marks(values: Iterable[JSON]) -> frozenset[tuple[str, str | int | float]]:
    scalars = (value for value in values if isinstance(value, str | int | float))
    return frozenset((type(value).__name__, value) for value in scalars if _telling(value))


def _only(found: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
    return found[0] if len(found) == 1 else None
