"""A coroutine where its result belongs: a call that lacks ``await``."""

import re

from workbench.domain import ErrorInfo, Kind, Run
from workbench.explain.code_locations import CodeLocation
from workbench.explain.hints.evidence import Hint, handler_source, hint, line_at, raised_at, returned_at
from workbench.explain.text import bare, prose

_USED = re.compile(r"'coroutine'|\btype coroutine\b|NoneType")
_FETCH = re.compile(r"(?<!await )\b(?:context|ctx|self\.context)\.fetch\(")
_PLAIN_DEF = re.compile(rf"^\s*def (?:{'|'.join(kind.handler.method for kind in Kind)})\b", re.MULTILINE)
_FETCH_NAME = "ExecutionContext.fetch"


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """What was raised because a coroutine was used as what it would give."""
    if "coroutine" not in error.message or not _USED.search(error.message):
        return None
    place = line_at(run, _FETCH)
    if place is not None and _PLAIN_DEF.search(handler_source(run)):
        cause = prose("The handler is a plain `def`, which cannot await `context.fetch(…)`")
        write = run.request.kind.handler.signature
        return hint(cause, prose("Write `{}` and `await context.fetch(…)`.", write), line_at(run, _PLAIN_DEF))
    if place is not None:
        return _lacking("context.fetch", place)
    cause = prose("A coroutine was used as if it were its result: a call lacks `await`")
    return hint(cause, prose("Write `await` before the call that made it."), raised_at(run, error))


def of_return(run: Run) -> Hint | None:
    """A coroutine that was returned, or never awaited at all."""
    returned, unawaited = run.outcome.returned, run.outcome.unawaited
    if returned and returned.coroutines:
        function = returned.coroutines[0]
    elif unawaited:
        function = unawaited[0].function
    else:
        return None
    if function == _FETCH_NAME:
        return _lacking("context.fetch", line_at(run, _FETCH) or returned_at(run))
    name = bare(function)
    called = re.compile(rf"(?<!await )(?<!await self\.)\b{re.escape(name)}\(")
    return _lacking(name, line_at(run, called) or returned_at(run))


def _lacking(name: str, place: CodeLocation | None) -> Hint:
    return hint(
        prose("`{}(…)` was called without `await`, which gives a coroutine and not its result", name),
        prose("Write `await {}(…)`.", name),
        place,
    )
