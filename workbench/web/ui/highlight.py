"""Source text as coloured tokens, line by line; Pygments knows the languages."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from workbench.domain.masked_text import join

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LARGEST = 300_000
"""Characters beyond which a text is not coloured."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a line. ``kind`` names its class of style sheets; empty for plain text."""

    text: str
    kind: str = ""


def highlight(lines: Sequence[str], path: str) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each line; of a file that is neither Python nor JSON, or is huge, each line as one."""
    lexer = _lexer(path) if sum(map(len, lines)) <= LARGEST else None
    if lexer is None:
        return tuple((Token(line),) for line in lines)
    starts = (0, *accumulate(len(line) + 1 for line in lines))
    made: list[list[Token]] = [[] for _ in lines]
    for start, end, kind in _stretches(lexer.get_tokens_unprocessed(join(lines, "\n"))):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        for number in range(first, min(last, len(lines) - 1) + 1):
            piece = lines[number][max(0, start - starts[number]) : max(0, end - starts[number])]
            if piece:
                made[number].append(Token(piece, kind))
    return tuple(map(tuple, made))


def _lexer(path: str) -> "Lexer | None":
    """Imported when the first source is shown: the rest of the workbench does not need it."""
    if path.endswith(".py"):
        from pygments.lexers.python import PythonLexer

        return PythonLexer()
    if path.endswith(".json"):
        from pygments.lexers.data import JsonLexer

        return JsonLexer()
    return None


def _stretches(tokens: "Iterable[tuple[int, _TokenType, str]]") -> Iterator[tuple[int, int, str]]:
    """Neighbours of one kind as one: start, end and kind."""
    from pygments.token import Comment, Keyword, Name, Number, String, is_token_subtype

    kinds = (
        (Comment, "comment"), (Name.Tag, "property"), (Name.Decorator, "decorator"), (Name.Function, "function"),
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
