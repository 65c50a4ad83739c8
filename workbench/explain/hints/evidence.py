"""What recognising a mistake needs: its words, and the lines of the handler that were seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain import ErrorInfo, Run
from workbench.explain import code_locations
from workbench.explain.text import Part, Sentence, sentence


@dataclass(frozen=True, slots=True)
class Mistake:
    """A likely cause: what is wrong and in which line, and what to write instead.

    One that is only ``beside`` the outcome did not bring it about.
    """

    cause: Sentence
    remedy: Sentence
    beside: bool = False


def mistake(cause: Sentence, remedy: Sentence, place: Part | None = None) -> Mistake:
    """A mistake of the sentence ``cause`` (without its full stop), made at ``place``."""
    return Mistake(cause + (sentence(" (", place, ").") if place else sentence(".")), remedy)


def errors(error: ErrorInfo | None) -> tuple[ErrorInfo, ...]:
    """The exception that ended the run, and its causes."""
    return () if error is None else (error, *error.causes)


def raised_at(run: Run, error: ErrorInfo) -> Part | None:
    """The integration's line that raised."""
    return code_locations.raised_at(error, run.request.root)


def returned_at(run: Run) -> Part | None:
    """The line that returned."""
    handler, line = run.outcome.handler, run.outcome.return_line
    return code_locations.link(handler.file, line, run.request.root) if handler and line else None


def raising_line(error: ErrorInfo) -> str:
    """The text of the line that raised; empty where it is not known."""
    frame = error.frames[-1] if error.frames else None
    lines = frame.source.splitlines() if frame else []
    at = frame.line - frame.source_line if frame and frame.source_line else 0
    return lines[at].strip() if 0 <= at < len(lines) else ""


def handler_source(run: Run) -> str:
    """The handler's text as it ran."""
    return run.outcome.handler.source if run.outcome.handler else ""


def line_at(run: Run, pattern: re.Pattern[str]) -> Part | None:
    """The first line of the handler that matches."""
    number = next((number for number, text in _lines(run) if pattern.search(text)), None)
    handler = run.outcome.handler
    return code_locations.link(handler.file, number, run.request.root) if handler and number else None


def _lines(run: Run) -> Iterator[tuple[int, str]]:
    handler = run.outcome.handler
    first = handler.source_line or handler.line if handler else 0
    yield from enumerate(handler_source(run).splitlines(), first)
