"""Source text as coloured tokens, line by line; Pygments knows the languages."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from workbench.domain.masked_text import join

LARGEST = 300_000
"""Characters beyond which a text is not coloured."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a line. ``kind`` names its class of style sheets; empty for plain text."""

    text: str
    kind: str = ""


type _Read = tuple[int, Any, str]
"""Where a token starts, its type as Pygments names it, and its text."""


def highlight(lines: Sequence[str], path: str) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each line; of a file in another language, or a huge one, each line as one."""
    read = _reader(path) if sum(map(len, lines)) <= LARGEST else None
    if read is None:
        return tuple((Token(line),) for line in lines)
    starts = (0, *accumulate(len(line) + 1 for line in lines))
    made: list[list[Token]] = [[] for _ in lines]
    for start, end, kind in _stretches(read(join(lines, "\n"))):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        for number in range(first, min(last, len(lines) - 1) + 1):
            piece = lines[number][max(0, start - starts[number]) : max(0, end - starts[number])]
            if piece:
                made[number].append(Token(piece, kind))
    return tuple(map(tuple, made))


def _reader(path: str) -> Callable[[str], Iterable[_Read]] | None:
    """What reads the tokens of that language, imported when the first source is shown."""
    if path.endswith(".py"):
        from pygments.lexers.python import PythonLexer

        return PythonLexer().get_tokens_unprocessed
    if path.endswith(".json"):
        from pygments.lexers.data import JsonLexer

        return JsonLexer().get_tokens_unprocessed
    if path.endswith((".html", ".xml")):
        from pygments.lexers.html import HtmlLexer, XmlLexer

        return (HtmlLexer() if path.endswith(".html") else XmlLexer()).get_tokens_unprocessed
    return None


def _stretches(tokens: Iterable[_Read]) -> Iterator[tuple[int, int, str]]:
    """Neighbours of one kind as one: start, end and kind."""
    from pygments.token import Comment, Keyword, Name, Number, String, is_token_subtype

    kinds = (
        (Comment, "comment"), (Name.Tag, "property"), (Name.Attribute, "function"),
        (Name.Decorator, "decorator"), (Name.Function, "function"),
        (Name.Class, "function"), (Name.Builtin, "builtin"), (String, "string"), (Number, "number"),
        (Keyword.Constant, "number"), (Keyword, "keyword"),
    )  # fmt: skip
    start = end = 0
    current = ""
    for at, type_, text in tokens:
        kind = next((name for each, name in kinds if is_token_subtype(type_, each)), "")
        if kind != current and end > start:
            yield start, end, current
            start = at
        current, end = kind, at + len(text)
    if end > start:
        yield start, end, current
