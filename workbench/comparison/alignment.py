"""Two sequences put beside each other, in time that grows with their length."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

type Pair = tuple[int | None, int | None]
"""The places of an item in the first and in the second sequence; None where it has none there."""


def align(first: Sequence[Hashable], second: Sequence[Hashable], *, pairs_changed: bool = True) -> Iterator[Pair]:
    """Each item of both, in order. Items that stand once in each are found wherever they moved forward.

    Between equal items the others are paired by their place: one that changed. Without ``pairs_changed`` they are
    taken out and put in, as lines of a text are.
    """
    a = b = 0
    for i, j in [*_anchors(first, second), (len(first), len(second))]:
        while a < i and b < j and first[a] == second[b]:
            yield a, b
            a, b = a + 1, b + 1
        tail = 0
        while i - tail > a and j - tail > b and first[i - tail - 1] == second[j - tail - 1]:
            tail += 1
        yield from _between(range(a, i - tail), range(b, j - tail), pairs_changed=pairs_changed)
        yield from zip(range(i - tail, i), range(j - tail, j), strict=True)
        if i < len(first) and j < len(second):
            yield i, j
        a, b = i + 1, j + 1


def align_by_key[Item](
    first: Sequence[Item], second: Sequence[Item], key: Callable[[Item], Hashable]
) -> Iterator[Pair]:
    """Each item of both in the order of ``second``, those of one key together; for keys that are unique in each."""
    places = {key(item): place for place, item in enumerate(first)}
    known = {key(item) for item in second}
    gone = iter(sorted(place for own, place in places.items() if own not in known))
    waiting = next(gone, None)
    for place, item in enumerate(second):
        before = places.get(key(item))
        while waiting is not None and before is not None and waiting < before:
            yield waiting, None
            waiting = next(gone, None)
        yield before, place
    while waiting is not None:
        yield waiting, None
        waiting = next(gone, None)


def _between(left: range, right: range, *, pairs_changed: bool) -> Iterator[Pair]:
    paired = min(len(left), len(right)) if pairs_changed else 0
    yield from zip(left[:paired], right[:paired], strict=True)
    yield from ((place, None) for place in left[paired:])
    yield from ((None, place) for place in right[paired:])


def _anchors(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest row of pairs, rising in both, among items that stand once in each."""
    once, again = Counter(first), Counter(second)
    places = {item: place for place, item in enumerate(second) if again[item] == 1}
    pairs = [(i, places[item]) for i, item in enumerate(first) if once[item] == 1 and item in places]
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(last[at - 1] if at else None)
        ends[at : at + 1], last[at : at + 1] = [j], [number]
    found: list[tuple[int, int]] = []
    number_or_none = last[-1] if last else None
    while number_or_none is not None:
        found.append(pairs[number_or_none])
        number_or_none = before[number_or_none]
    return found[::-1]
