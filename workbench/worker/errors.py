"""Exceptions as values: type, message, causes, and a traceback cut down to the integration's own lines."""

import traceback
from collections.abc import Iterable

from workbench.domain import ErrorInfo, Frame, Kind, UndeclaredHandler
from workbench.worker.error_kinds import kind_of
from workbench.worker.sdk import is_of_sdk
from workbench.worker.source import OwnCode, frame_of
from workbench.worker.text import clean, shorten, text_of

MAX_MESSAGE = 20_000
MAX_TRACEBACK = 100_000
MAX_FRAMES = 40
MAX_CAUSES = 20


def describe(error: BaseException, own: OwnCode) -> ErrorInfo:
    """``error`` with its causes (``__cause__``, else ``__context__``) and, for a group, its members. Never raises."""
    try:
        return _info(error, traceback.TracebackException.from_exception(error, lookup_lines=False), own)
    except Exception:  # an exception class of the user's own, or a SyntaxError made by hand, that cannot be formatted
        return _bare(error, own)


def trim_traceback(error: BaseException, own: OwnCode) -> str:
    """The traceback of ``error`` as text, with the integration's own lines only."""
    return describe(error, own).traceback


def _info(raised: BaseException, error: traceback.TracebackException, own: OwnCode) -> ErrorInfo:
    _trim(error, own)
    return _convert(raised, error, depth=0)


def _bare(error: BaseException, own: OwnCode) -> ErrorInfo:
    """``error`` without formatting it: its type, its text and the integration's lines that it passed."""
    stack = [one for one in traceback.extract_tb(error.__traceback__) if own.has(one.filename)]
    name, message = clean(type(error).__qualname__), shorten(text_of(error), MAX_MESSAGE)
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(stack), f"{name}: {message}\n"]
    frames = [frame_of(one.filename, one.lineno or 0, one.name) for one in stack[-MAX_FRAMES:]]
    return ErrorInfo(name, message, shorten("".join(lines), MAX_TRACEBACK), tuple(frames), kind=kind_of(error))


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


def _convert(raised: BaseException | None, error: traceback.TracebackException, depth: int) -> ErrorInfo:
    causes = _related(error)[:MAX_CAUSES] if depth < MAX_CAUSES else []
    exceptions = _behind(raised, error)
    return ErrorInfo(
        type=clean(error.exc_type_str.removeprefix("builtins.").rpartition(".")[2]),
        message=shorten(str(error), MAX_MESSAGE),
        traceback=shorten("".join(error.format()), MAX_TRACEBACK) if depth == 0 else "",
        frames=_frames(error),
        causes=tuple(_convert(exceptions.get(id(cause)), cause, depth + 1) for cause in causes),
        kind=kind_of(raised),
        undeclared=_undeclared(raised),
    )


def _undeclared(raised: BaseException | None) -> UndeclaredHandler | None:
    """The handler that the SDK did not register, by the section of ``config.json`` where its name is missing."""
    undeclared = getattr(raised, "undeclared", None) if is_of_sdk(raised, "ConfigurationError") else None
    if undeclared is None:  # a published release does not say it
        return None
    section, name = undeclared
    kind = next((kind for kind in Kind if kind.handler.section == section), None)
    return UndeclaredHandler(kind, clean(name)) if kind else None


def _behind(raised: BaseException | None, error: traceback.TracebackException) -> dict[int, BaseException | None]:
    """The exceptions behind the causes of ``error``, by the identity of what stands for them."""
    members = raised.exceptions if isinstance(raised, BaseExceptionGroup) else ()
    found = dict(zip(map(id, error.exceptions or ()), members, strict=False))
    return found | {
        id(error.__cause__): raised.__cause__ if raised else None,
        id(error.__context__): raised.__context__ if raised else None,
    }


def _frames(error: traceback.TracebackException) -> tuple[Frame, ...]:
    stack: Iterable[traceback.FrameSummary] = error.stack
    if len(error.stack) > MAX_FRAMES:
        stack = [*error.stack[: MAX_FRAMES // 2], *error.stack[-MAX_FRAMES // 2 :]]
    frames = [frame_of(one.filename, one.lineno or 0, one.name) for one in stack]
    if _has_place(error):
        frames.append(frame_of(str(error.filename), int(error.lineno or 0)))
    return tuple(frames)


def _has_place(error: traceback.TracebackException) -> bool:
    # Only a SyntaxError has these; Python sets them on no other.
    return bool(getattr(error, "filename", None) and getattr(error, "lineno", None))
