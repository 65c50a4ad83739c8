"""Exceptions as values: type, message, causes, and a traceback cut down to the integration's own lines."""

import traceback
from collections.abc import Iterable

from workbench.domain import ErrorInfo, Frame
from workbench.worker.source import OwnCode, frame_of
from workbench.worker.text import shorten

MAX_MESSAGE = 20_000
MAX_TRACEBACK = 100_000
MAX_FRAMES = 40
MAX_CAUSES = 20


def describe(error: BaseException, own: OwnCode) -> ErrorInfo:
    """``error`` with its causes (``__cause__``, else ``__context__``) and, for a group, its members."""
    return _info(traceback.TracebackException.from_exception(error, lookup_lines=False), own)


def trimmed(error: BaseException, own: OwnCode) -> str:
    """The traceback of ``error`` as text, with the integration's own lines only."""
    return describe(error, own).traceback


def _info(error: traceback.TracebackException, own: OwnCode) -> ErrorInfo:
    _trim(error, own)
    return _convert(error, depth=0)


def _related(error: traceback.TracebackException) -> list[traceback.TracebackException]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [other for other in (cause, *(error.exceptions or ())) if other is not None]


def _trim(error: traceback.TracebackException, own: OwnCode) -> None:
    """Drop every frame that is not the integration's own, here and in the causes, before the text is made."""
    pending, seen = [error], 0
    while pending and seen < 1000:
        one = pending.pop()
        seen += 1
        one.stack[:] = [summary for summary in one.stack if own.has(summary.filename)]
        pending += _related(one)


def _convert(error: traceback.TracebackException, depth: int) -> ErrorInfo:
    causes = _related(error)[:MAX_CAUSES] if depth < MAX_CAUSES else []
    return ErrorInfo(
        type=error.exc_type_str.removeprefix("builtins.").rpartition(".")[2],
        message=shorten(str(error), MAX_MESSAGE),
        traceback=shorten("".join(error.format()), MAX_TRACEBACK) if depth == 0 else "",
        frames=_frames(error),
        causes=tuple(_convert(cause, depth + 1) for cause in causes),
    )


def _frames(error: traceback.TracebackException) -> tuple[Frame, ...]:
    stack: Iterable[traceback.FrameSummary] = error.stack
    if len(error.stack) > MAX_FRAMES:
        stack = [*error.stack[: MAX_FRAMES // 2], *error.stack[-MAX_FRAMES // 2 :]]
    frames = [frame_of(one.filename, one.lineno or 0, one.name) for one in stack]
    if _has_place(error):
        frames.append(frame_of(error.filename or "", int(error.lineno or 0)))
    return tuple(frames)


def _has_place(error: traceback.TracebackException) -> bool:
    # Only a SyntaxError has these; Python sets them on no other.
    return bool(getattr(error, "filename", None) and getattr(error, "lineno", None))
