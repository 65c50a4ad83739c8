"""What a hint is, and the lines of the handler that speak for one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain import ErrorInfo, Run
from workbench.explain import code_locations
from workbench.explain.code_locations import CodeLocation
from workbench.explain.text import Sentence, bare, prose, sentence


class HintAction(StrEnum):
    """What can be done about a mistake in the workbench: install requirements, or edit what the Auth page has."""

    INSTALL = "install"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class Hint:
    """A likely cause: what is wrong (without its full stop), what to write instead, and in which line.

    ``beside`` marks one that did not bring the outcome about; ``action`` is what a button can do about it.
    """

    cause: Sentence
    fix: Sentence
    location: CodeLocation | None = None
    beside: bool = False
    action: HintAction | None = None

    @property
    def cause_sentence(self) -> Sentence:
        """The cause with its location and full stop."""
        return self.cause + (sentence(" (", self.location.part, ").") if self.location else sentence("."))


def hint(cause: Sentence, fix: Sentence, location: CodeLocation | None = None) -> Hint:
    """A hint of the sentence ``cause`` (without its full stop), about the line at ``location``."""
    return Hint(cause, fix, location)


def credential_hint(cause: Sentence, fix: Sentence, location: CodeLocation | None = None) -> Hint:
    """The same about something that is set on the Auth page."""
    return Hint(cause, fix, location, action=HintAction.CREDENTIALS)


def missing_method(run: Run) -> Hint | None:
    """That the handler's class lacks the method which the SDK calls; None where one of the integration was called."""
    returned, called, shape = run.outcome.returned, run.outcome.handler, run.request.kind.handler
    if returned is None or bare(returned.type_name) != "NoneType" or called is None:
        return None
    if code_locations.is_own(called, run.request.root):
        return None
    name = shape.method
    cause = prose("The handler’s class has no method `{}`, so the SDK’s own was called, which does nothing", name)
    return hint(cause, prose("Write `{}` in it.", shape.signature))


def errors(error: ErrorInfo | None) -> tuple[ErrorInfo, ...]:
    """The exception that ended the run, and its causes."""
    return () if error is None else (error, *error.causes)


def raised_at(run: Run, error: ErrorInfo) -> CodeLocation | None:
    """The integration's line that raised."""
    return code_locations.of_error(error, run.request.root)


def returned_at(run: Run) -> CodeLocation | None:
    """The line that returned."""
    return _in_handler(run, run.outcome.return_line)


def handler_source(run: Run) -> str:
    """The handler's text as it ran."""
    return run.outcome.handler.source if run.outcome.handler else ""


def line_at(run: Run, pattern: re.Pattern[str]) -> CodeLocation | None:
    """The first line of the handler that matches."""
    return _in_handler(run, next((number for number, text in _lines(run) if pattern.search(text)), None))


def _in_handler(run: Run, line: int | None) -> CodeLocation | None:
    handler, root = run.outcome.handler, run.request.root
    if handler is None or not line:
        return None
    file, own = code_locations.relative(handler.file, root), code_locations.is_own(handler, root)
    return CodeLocation(file, line, handler.function, own)


def _lines(run: Run) -> Iterator[tuple[int, str]]:
    handler = run.outcome.handler
    first = handler.source_line or handler.line if handler else 0
    yield from enumerate(handler_source(run).splitlines(), first)
