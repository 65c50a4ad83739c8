"""The Handler tab: the source as it ran with the lines that matter, and the exception with the frames it went through.

All source comes with the run's own frames, so a later edit does not change this page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import ErrorInfo, Frame, Outcome, Run, Status
from workbench.explain import code_locations, endings
from workbench.explain.text import count
from workbench.web.runs.tabs.packages_view import PackagesView, packages_view
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.ui.source_lines import SourceLine, source_lines

LONGEST = 400
"""Lines of one excerpt that are shown."""
FRAMES = 8
"""Frames of one exception, and of a stack that hung, that are shown."""
CAUSES = 8
"""Causes of an exception that are shown."""
TRACEBACK = 30_000
"""Characters of the traceback that are shown."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of one file, whose path is from the integration's folder. Without lines it is just the place."""

    file: str
    function: str
    line: int
    lines: tuple[SourceLine, ...] = ()
    in_handler: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """One exception of the chain. ``because`` joins it to the one before it."""

    type: str
    message: str
    frames: tuple[Excerpt, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class HandlerView:
    """The tab. ``missing`` says why there is no source where there is none."""

    excerpt: Excerpt | None
    chain: tuple[ExceptionView, ...]
    traceback: str
    stopped_at: tuple[Excerpt, ...]
    missing: str = ""
    packages: PackagesView | None = None


def present(run: Run) -> HandlerView:
    """The tab."""
    outcome, handler = run.outcome, run.outcome.handler
    body = _excerpt(run, handler, _marks(run, handler)) if handler and handler.source else None
    return HandlerView(
        excerpt=body,
        chain=tuple(_exception(run, error, body, place) for place, error in enumerate(_exceptions(outcome))),
        traceback=outcome.error.traceback[:TRACEBACK] if outcome.error else "",
        stopped_at=tuple(_stop(run, frame, body) for frame in _to_the_last_own(run)),
        missing=_missing(run, handler),
        packages=packages_view(run),
    )


def _missing(run: Run, handler: Frame | None) -> str:
    if handler is None:
        return "The handler did not run."
    if not handler.source:
        return f"The source of {code_locations.place(handler, run.request.root)} could not be read during the run."
    return ""


def _exceptions(outcome: Outcome) -> Sequence[ErrorInfo]:
    """The exceptions to draw; those of a stop stand in the headline and under “Position when it stopped”."""
    stopped = outcome.status in (Status.TIMED_OUT, Status.CANCELLED)
    return [error for error in _chain(outcome.error) if error.frames or not stopped]


def _chain(error: ErrorInfo | None) -> Sequence[ErrorInfo]:
    return () if error is None else (error, *error.causes[:CAUSES])


def _exception(run: Run, error: ErrorInfo, body: Excerpt | None, position: int) -> ExceptionView:
    last = len(error.frames) - 1
    frames = tuple(
        _around(run, frame, body, "raised", "raised here" if place == last else "called here")
        for place, frame in enumerate(error.frames)
    )[-FRAMES:]
    return ExceptionView(
        error.type.removeprefix("builtins."),
        endings.message(error, run.request)[:2_000],
        frames,
        "caused by" if position else "",
    )


def _to_the_last_own(run: Run) -> tuple[Frame, ...]:
    """The frames of a run that hung, without those outside of the integration."""
    frames = run.outcome.stuck_at
    own = [place for place, frame in enumerate(frames) if code_locations.is_own(frame, run.request.root)]
    return frames[: own[-1] + 1][-FRAMES:] if own else frames[:FRAMES]


def _stop(run: Run, frame: Frame, body: Excerpt | None) -> Excerpt:
    if not code_locations.is_own(frame, run.request.root):
        return Excerpt(code_locations.relative(frame.file, run.request.root), frame.function, frame.line)
    return _around(run, frame, body, "stands", "stopped here")


def _around(run: Run, frame: Frame, body: Excerpt | None, mark: str, note: str) -> Excerpt:
    """The lines around a frame; a line of the handler is marked there and not shown again."""
    file = code_locations.relative(frame.file, run.request.root)
    if body is not None and body.file == file and any(line.number == frame.line for line in body.lines):
        return Excerpt(file, frame.function, frame.line, in_handler=True)
    return _excerpt(run, frame, {frame.line: (mark, note)})


def _excerpt(run: Run, frame: Frame, marks: dict[int, tuple[str, str]]) -> Excerpt:
    first = frame.source_line or frame.line
    texts = frame.source.splitlines()[:LONGEST] if frame.source else ()
    lines = source_lines(texts, first, frame.file, marks)
    return Excerpt(code_locations.relative(frame.file, run.request.root), frame.function, frame.line, lines)


def _marks(run: Run, handler: Frame | None) -> dict[int, tuple[str, str]]:
    """The lines of the handler's file that matter; where there is more to say of one, the worst."""
    if handler is None:
        return {}
    outcome, file = run.outcome, handler.file
    marks = _calls(outcome, file)
    if outcome.return_line is not None:
        marks[outcome.return_line] = ("returned", "returned here")
    marks |= {frame.line: ("stands", "stopped here") for frame in outcome.stuck_at if frame.file == file}
    for error in reversed(_chain(outcome.error)):
        raised = ("raised", f"raised {error.type.rpartition('.')[2]}")
        marks |= {frame.line: raised for frame in error.frames if frame.file == file}
    return marks


def _calls(outcome: Outcome, file: str) -> dict[int, tuple[str, str]]:
    calls: dict[int, list[int]] = {}
    for exchange in outcome.exchanges:
        if exchange.call_site is not None and exchange.call_site.file == file:
            calls.setdefault(exchange.call_site.line, []).append(exchange.id)
    return {
        line: ("asked", f"exchange {ids[0]}" if len(ids) == 1 else count(len(ids), "exchange"))
        for line, ids in calls.items()
    }


class HandlerTab(Tab):
    """The handler's source with the lines that matter, and the exception with its frames."""

    name = "handler"
    title = "Handler"
    template = "runs/tabs/handler.html"

    def badge(self, run: Run) -> Badge:
        """A mark where an exception has lines to show."""
        return Badge("!" if run.outcome.error and run.outcome.error.frames else "", "bad")

    def present(self, context: TabContext) -> HandlerView:
        """The source and the exception."""
        return present(context.run)
