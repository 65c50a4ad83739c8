"""All values of a document in groups of about a thousand: C code looks at a group, no step in Python at each value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from gc import get_referents
from itertools import batched, chain
from typing import Any

_AT_ONCE = 1024
"""Values of a group: what they hold lies side by side in memory, and is still near when it is looked at next."""

SCALARS = frozenset({str, int, float, bool, type(None)})
PLAIN = SCALARS | {dict, list}
"""JSON's own types, exactly: no subclass of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some values that stand on one level of a document, their types, and the objects among them."""

    values: Sequence[Any]
    types: set[type]
    level: int
    objects: Sequence[dict[Any, Any]]

    def of_type(self, kind: type) -> Sequence[Any]:
        """Those of exactly that type."""
        return _of_type(kind, self.values, self.types)

    def inner(self) -> list[Any]:
        """What its arrays and objects hold, names left out."""
        if self.types <= SCALARS:
            return []
        if self.types <= PLAIN and not self.objects:
            return get_referents(*self.values)
        arrays = self.of_type(list)
        found = get_referents(*self.objects, *arrays)
        # without the values in the __dict__ of an instance that is still there, which the collector does not see
        if len(found) == sum(map(len, self.objects)) + sum(map(len, arrays)):
            return found
        return list(chain(chain.from_iterable(map(dict.values, self.objects)), chain.from_iterable(arrays)))


def groups(value: object) -> Iterator[Group]:
    """All values from ``value`` down, each in one group; what is of no type of JSON's is not looked into.

    A value that holds itself has no end.
    """
    waiting: list[Iterator[tuple[Any, ...]]] = [iter([(value,)])]
    while waiting:
        values = next(waiting[-1], None)
        if values is None:
            waiting.pop()
            continue
        types = set(map(type, values))
        group = Group(values, types, len(waiting) - 1, _of_type(dict, values, types))
        yield group
        if inner := group.inner():
            waiting.append(batched(inner, _AT_ONCE, strict=False))


def _of_type(kind: type, values: Sequence[Any], types: set[type]) -> Sequence[Any]:
    if kind not in types:
        return ()
    return values if len(types) == 1 else [one for one in values if type(one) is kind]
