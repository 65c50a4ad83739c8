"""What is searched for in a body or a result: its places in a JSON value, and its stretches of a text."""

from collections.abc import Iterator, Sequence

from workbench.domain import JSON
from workbench.domain.masked_text import json_text
from workbench.jsondoc import pointer as pointers
from workbench.web.ui.highlight import Token
from workbench.web.ui.json_tree import Mark, Node, grow

MOST = 200
"""Matches that are counted; there may be more."""
HIT = "hit"
"""The kind of a token that is a match."""
LONG = 500
"""Bytes from which on a search is offered."""
_MOST_MARKS = 20
"""Matches that are marked in a tree."""


def tree(value: JSON, words: str) -> tuple[Node, int | None]:
    """The tree of a value with the matches marked and opened, and their number; None where there are no words."""
    found = places(value, words) if words else []
    return grow(value, {place: Mark("", "calm") for place in found[:_MOST_MARKS]}), len(found) if words else None


type _Place = tuple[_Place, str | int] | None
"""The way to a value: that to what holds it, and its key there. A pointer is made of it where something is found."""


def places(value: JSON, words: str) -> list[str]:
    """JSON Pointers of the keys and values that contain the words, in order, at most :data:`MOST`."""
    wanted = words.lower()
    found: list[str] = []
    todo: list[tuple[_Place, JSON]] = [(None, value)]
    while todo and len(found) < MOST:
        place, item = todo.pop()
        key = "" if place is None else str(place[1])
        if wanted in key.lower() or wanted in _scalar(item).lower():
            found.append(_pointer(place))
        if isinstance(item, dict):
            todo += [((place, name), inner) for name, inner in reversed(item.items())]
        elif isinstance(item, list):
            todo += [((place, at), item[at]) for at in range(len(item) - 1, -1, -1)]
    return found


def _scalar(item: JSON) -> str:
    if isinstance(item, str):
        return item
    if type(item) is int:
        return str(item)
    return "" if isinstance(item, dict | list) else json_text(item)


def _pointer(place: _Place) -> str:
    keys: list[str | int] = []
    while place is not None:
        place, key = place
        keys.append(key)
    return pointers.build(reversed(keys))


def marked(lines: Sequence[Sequence[Token]], words: str) -> tuple[tuple[Token, ...], ...]:
    """The lines with each match in tokens of its own, also where it begins in one token and ends in another."""
    return tuple(tuple(_marked(line, words.lower())) for line in lines)


def _marked(line: Sequence[Token], wanted: str) -> Iterator[Token]:
    text = "".join(token.text for token in line)
    low, hits, at = text.lower(), [], 0
    while len(low) == len(text) and (at := low.find(wanted, at)) >= 0:  # some letters have two in lower case
        hits.append((at, at + len(wanted)))
        at += len(wanted)
    start = 0
    for token in line:
        yield from pieces(token, [(max(0, one - start), other - start) for one, other in hits if other > start])
        start += len(token.text)


def pieces(token: Token, hits: Sequence[tuple[int, int]]) -> Iterator[Token]:
    """A token as those of its stretches, the ``hits`` (start and end, in order) as matches."""
    at, length = 0, len(token.text)
    for start, end in hits:
        if start >= length:
            break
        if start > at:
            yield Token(token.text[at:start], token.kind)
        yield Token(token.text[start : min(end, length)], HIT)
        at = min(end, length)
    if at < length:
        yield Token(token.text[at:], token.kind)


def count_text(number: int, *, in_tree: bool = False) -> str:
    """How many matches there are, in words, and how many of them a tree shows."""
    if not number:
        return "No matches."
    more = f"{MOST} or more matches" if number >= MOST else "1 match" if number == 1 else f"{number} matches"
    return f"{more}. The first {_MOST_MARKS} are shown." if in_tree and number > _MOST_MARKS else f"{more}."
