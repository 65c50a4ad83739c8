"""Lines of source as pages show them: numbered, coloured, with those marked that matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.web.ui.highlight import Token, highlight


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line. ``mark`` is ``raised``, ``returned``, ``stands``, ``asked``, ``asked-for`` or empty; ``note`` says it."""

    number: int
    text: str
    mark: str = ""
    note: str = ""
    tokens: tuple[Token, ...] = ()


def source_lines(
    texts: Sequence[str], first: int, path: str, marks: Mapping[int, tuple[str, str]]
) -> tuple[SourceLine, ...]:
    """The lines of the file at ``path`` from number ``first`` on; ``marks`` gives mark and note of a number."""
    coloured = highlight(texts, path)
    return tuple(
        SourceLine(number, text, *marks.get(number, ("", "")), tokens=tokens)
        for number, (text, tokens) in enumerate(zip(texts, coloured, strict=True), first)
    )
