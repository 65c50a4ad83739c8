"""The Handler tab: the source with the lines that matter, and the exception with the frames it went through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain import ErrorInfo, Frame, Outcome, Run
from workbench.web.presenters import places
from workbench.web.presenters.words import count

AROUND = 5
"""Lines shown on each side of a frame's line."""
TRACEBACK = 30_000
"""Characters of the traceback that are shown."""
LONGEST = 160
"""Lines of the handler that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of source. ``mark`` is ``raised``, ``returned``, ``stands``, ``asked`` or empty; ``note`` says it."""

    number: int
    text: str
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of one file. ``file`` is its path in the integration."""

    file: str
    function: str
    line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of the chain. ``because`` joins it to the one before it."""

    type: str
    message: str
    frames: tuple[Excerpt, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """The tab. ``missing`` says why there is no source where there is none."""

    excerpt: Excerpt | None
    chain: tuple[Raised, ...]
    traceback: str
    stands: tuple[Excerpt, ...]
    missing: str = ""


def files(outcome: Outcome) -> tuple[str, ...]:
    """The files whose text the tab would like to have, as the frames name them."""
    frames = [*outcome.stuck_at[:8]]
    for error in _chain(outcome.error):
        frames += error.frames[-8:]
    if outcome.handler is not None:
        frames.insert(0, outcome.handler)
    return tuple(dict.fromkeys(frame.file for frame in frames))


def present(run: Run, texts: Mapping[str, str]) -> Handler:
    """The tab; ``texts`` maps files, as frames name them, to their text where it could be read."""
    outcome, handler = run.outcome, run.outcome.handler
    text = texts.get(handler.file) if handler else None
    body = _body(run, handler, text.splitlines()) if handler and text is not None else None
    drawn = _Drawn(run, texts, body)
    return Handler(
        excerpt=body,
        chain=tuple(_raised(drawn, error, position) for position, error in enumerate(_chain(outcome.error))),
        traceback=outcome.error.traceback[:TRACEBACK] if outcome.error else "",
        stands=tuple(_around(drawn, frame, "stands", "stood here") for frame in outcome.stuck_at[:8]),
        missing=_missing(run, handler, text),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What excerpts are cut from; a frame within ``body`` is marked there and not drawn again."""

    run: Run
    texts: Mapping[str, str]
    body: Excerpt | None

    def within_body(self, file: str, line: int) -> bool:
        return self.body is not None and self.body.file == file and any(line == each.number for each in self.body.lines)


def _missing(run: Run, handler: Frame | None, text: str | None) -> str:
    if handler is None:
        return "The handler was not reached in this run."
    if text is None:
        where = places.place(handler, run.request.root)
        return f"The source of {where} cannot be shown: it lies outside the integration, or is gone."
    return ""


def _chain(error: ErrorInfo | None) -> Sequence[ErrorInfo]:
    return () if error is None else (error, *error.causes[:8])


def _raised(drawn: _Drawn, error: ErrorInfo, position: int) -> Raised:
    last = len(error.frames) - 1
    frames = tuple(
        _around(drawn, frame, "raised", "raised here" if place == last else "called here")
        for place, frame in enumerate(error.frames)
    )[-8:]
    return Raised(error.type.removeprefix("builtins."), error.message[:2_000], frames, "caused by" if position else "")


def _around(drawn: _Drawn, frame: Frame, mark: str, note: str) -> Excerpt:
    file = places.relative(frame.file, drawn.run.request.root)
    text = drawn.texts.get(frame.file)
    if drawn.within_body(file, frame.line):
        return Excerpt(file, frame.function, frame.line, ())
    if text is None:
        lines: tuple[Line, ...] = (Line(frame.line, frame.source, mark, note),) if frame.source else ()
        return Excerpt(file, frame.function, frame.line, lines)
    known = text.splitlines()
    first, last = max(1, frame.line - AROUND), min(len(known), frame.line + AROUND)
    lines = tuple(
        Line(number, known[number - 1], mark if number == frame.line else "", note if number == frame.line else "")
        for number in range(first, last + 1)
    )
    return Excerpt(file, frame.function, frame.line, lines)


def _body(run: Run, handler: Frame, known: list[str]) -> Excerpt:
    """The handler's function with its decorators and class line, as far as its indentation reaches."""
    first = min(max(1, handler.line), max(1, len(known)))
    last = _end(known, first)
    begin = _begin(known, first)
    marks = _marks(run, handler)
    lines = tuple(
        Line(number, known[number - 1], *marks.get(number, ("", "")))
        for number in range(begin, min(last, begin + LONGEST) + 1)
        if number <= len(known)
    )
    return Excerpt(places.relative(handler.file, run.request.root), handler.function, handler.line, lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end(known: list[str], first: int) -> int:
    """The last line of the block that begins at ``first``: the one before the next that is not deeper."""
    margin, last, opened = _indent(known[first - 1]) if known else 0, first, False
    for number in range(first + 1, len(known) + 1):
        line = known[number - 1]
        if not line.strip():
            continue
        if _indent(line) <= margin and opened and not line.lstrip().startswith(")"):
            break
        opened = opened or known[number - 2].rstrip().endswith(":") or known[first - 1].rstrip().endswith(":")
        last = number
    return last


def _begin(known: list[str], first: int) -> int:
    """The class line above a method with its decorators, where it is near."""
    margin = _indent(known[first - 1]) if known else 0
    begin = first
    while begin > 1 and known[begin - 2].strip().startswith("@") and _indent(known[begin - 2]) == margin:
        begin -= 1
    for number in range(begin - 1, max(0, begin - 40), -1):
        line = known[number - 1]
        if line.startswith("class ") and margin:
            while number > 1 and known[number - 2].startswith("@"):
                number -= 1
            return number
        if line.strip() and _indent(line) < margin:
            break
    return begin


def _marks(run: Run, handler: Frame) -> dict[int, tuple[str, str]]:
    marks: dict[int, tuple[str, str]] = {}
    outcome = run.outcome
    calls: dict[int, list[int]] = {}
    for exchange in outcome.exchanges:
        if exchange.call_site is not None and exchange.call_site.file == handler.file:
            calls.setdefault(exchange.call_site.line, []).append(exchange.id)
    for line, ids in calls.items():
        marks[line] = ("asked", f"exchange {ids[0]}" if len(ids) == 1 else count(len(ids), "exchange"))
    if outcome.return_line is not None:
        marks[outcome.return_line] = ("returned", "returned here")
    for frame in reversed(outcome.stuck_at):
        if frame.file == handler.file:
            marks[frame.line] = ("stands", "stood here")
    for error in reversed(_chain(outcome.error)):
        for frame in error.frames:
            if frame.file == handler.file:
                marks[frame.line] = ("raised", f"raised {error.type.rpartition('.')[2]}")
    return marks
