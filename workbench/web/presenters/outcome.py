"""A run on one screen: verdict and headline, then the tabs; the one that matters opens first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbench.domain import Run, RunState, Status
from workbench.explain import headline, hints
from workbench.explain.hints import Mistake
from workbench.explain.text import Sentence, bare, clock, count, span
from workbench.web.presenters import console, exchange, exchanges, result, source, validation
from workbench.web.presenters.console import Console
from workbench.web.presenters.exchange import Pill
from workbench.web.presenters.exchanges import Network
from workbench.web.presenters.result import Result
from workbench.web.presenters.source import Handler
from workbench.web.presenters.subject import Around
from workbench.web.presenters.validation import Selection, Validation

TABS = ("result", "http", "validation", "output", "handler")

STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.SUCCEEDED: ("Succeeded", "ok"),
    Status.ACTION_ERROR: ("Action error", "warn"),
    Status.INVALID_AUTH: ("Auth refused", "bad"),
    Status.INVALID_INPUT: ("Inputs refused", "bad"),
    Status.INVALID_OUTPUT: ("Output refused", "bad"),
    Status.FAILED: ("Failed", "bad"),
    Status.TIMED_OUT: ("Timed out", "bad"),
    Status.CANCELLED: ("Cancelled", "warn"),
    Status.CRASHED: ("Crashed", "bad"),
    Status.LOAD_FAILED: ("Did not load", "bad"),
}
"""The word and the tone of every status, the same on all pages."""

_STATE_WORDS = {
    RunState.QUEUED: "Queued",
    RunState.STARTING: "Starting",
    RunState.RUNNING: "Running",
    RunState.STOPPING: "Stopping",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a run is wanted on the screen, as its URL says: a tab, an exchange, a fault, a raw body, a source.

    An empty ``tab`` means the one that matters. ``here`` is the page's own URL without these, for the links. ``at`` (in
    the data) and ``rule`` (in the schema) are places of the value ``where``: JSON Pointers behind ``#``, or empty.
    """

    here: str = ""
    tab: str = ""
    exchange: int | None = None
    fault: int | None = None
    raw: str = ""
    source: str = ""
    warning: int | None = None
    where: str = ""
    at: str = ""
    rule: str = ""

    @property
    def selection(self) -> Selection:
        """What is chosen on the Validation tab."""
        at = self.at[1:] if self.at.startswith("#") else None
        rule = self.rule[1:] if self.rule.startswith("#") else None
        return Selection(self.fault, self.warning, self.where, at, rule)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the strip. ``badge`` is its count, ``tone`` says whether that is bad."""

    name: str
    title: str
    selected: bool
    badge: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """All that the partial prints. Of the panels, only the open tab's is there.

    ``elapsed`` and ``limit`` are in seconds. ``seen`` is how the run ended, where the headline names the mistake behind
    it; ``mistake`` is one that it does not name.
    """

    run_id: str
    wanted: Wanted
    live: bool
    stoppable: bool
    pill: Pill
    headline: Sentence
    facts: tuple[str, ...]
    elapsed: float
    limit: float
    mistake: Mistake | None
    tabs: tuple[Tab, ...]
    tab: str
    result: Result | None = None
    http: Network | None = None
    validation: Validation | None = None
    seen: Sentence = ()
    output: Console | None = None
    handler: Handler | None = None


def present(run: Run, wanted: Wanted, now: float, around: Callable[[], Around] = Around) -> OutcomeView:
    """The screen of ``run``. ``now`` is in seconds since the epoch; ``around`` reads what the Validation tab needs."""
    outcome = run.outcome
    live = outcome.state is not RunState.FINISHED
    elapsed = max(0.0, now - run.created_at) if outcome.finished_at is None else outcome.finished_at
    tab = wanted.tab if wanted.tab in TABS else matters(run)
    decisive = hints.decisive(run)
    view = OutcomeView(
        run_id=run.id,
        wanted=wanted,
        live=live,
        stoppable=outcome.state in (RunState.QUEUED, RunState.STARTING, RunState.RUNNING),
        pill=pill(run),
        headline=headline.tell(run),
        facts=_facts(run, live, elapsed),
        elapsed=round(elapsed, 1),
        limit=run.request.timeout,
        mistake=None if decisive else hints.recognise(run),
        seen=headline.as_seen(run) if decisive else (),
        tabs=_tabs(run, tab),
        tab=tab,
    )
    return _with_panel(view, run, elapsed, around)


def _with_panel(view: OutcomeView, run: Run, elapsed: float, around: Callable[[], Around]) -> OutcomeView:
    wanted = view.wanted
    if view.tab == "http":
        return replace(view, http=exchanges.present(run, wanted.exchange, elapsed, wanted.raw))
    if view.tab == "validation":
        return replace(view, validation=validation.present(run, wanted.selection, around()))
    if view.tab == "output":
        return replace(view, output=console.present(run, wanted.source))
    if view.tab == "handler":
        return replace(view, handler=source.present(run))
    return replace(view, result=result.present(run, raw=wanted.raw == "result"))


def pill(run: Run) -> Pill:
    """The run's state or verdict in a word."""
    outcome = run.outcome
    if outcome.state is not RunState.FINISHED or outcome.status is None:
        return Pill(_STATE_WORDS.get(outcome.state, "Finished"), "live")
    if run.request.pasted and not outcome.problems:
        return Pill("Fits", "ok")
    return Pill(*STATUS_WORDS[outcome.status])


def matters(run: Run) -> str:
    """The tab that tells most of this run."""
    outcome = run.outcome
    if outcome.state is not RunState.FINISHED:
        return "http" if outcome.exchanges or not outcome.output else "output"
    if outcome.status in (Status.INVALID_AUTH, Status.INVALID_INPUT, Status.INVALID_OUTPUT):
        return "validation" if outcome.problems or outcome.returned is None else "result"
    if outcome.status is Status.FAILED:
        return "http" if _is_http_failure(run) else "handler"
    if outcome.status in (Status.TIMED_OUT, Status.CANCELLED):
        waited = bool(outcome.exchanges) and exchange.pill(outcome.exchanges[-1]).tone == "bad"
        return "http" if waited else "handler"
    if outcome.status is Status.CRASHED:
        return "output" if outcome.output else "handler"
    return "handler" if outcome.status is Status.LOAD_FAILED else "result"


def _is_http_failure(run: Run) -> bool:
    """Whether the exception speaks of the last exchange rather than of the code."""
    error, seen = run.outcome.error, run.outcome.exchanges
    if error is None or not seen or exchange.pill(seen[-1]).tone != "bad":
        return False
    kinds = {error.type, *(cause.type for cause in error.causes)}
    return any(bare(kind) in ("HTTPError", "RateLimitError") or kind.startswith("aiohttp.") or
               "Timeout" in kind or "Connection" in kind or "Client" in kind for kind in kinds)  # fmt: skip


def _facts(run: Run, live: bool, elapsed: float) -> tuple[str, ...]:
    seen = len(run.outcome.exchanges)
    if run.request.pasted:
        return "pasted, nothing was run", f"run {run.id}", clock(run.created_at)
    facts = () if live else (span(elapsed),)
    return (*facts, count(seen, "exchange") if seen else "no HTTP", f"run {run.id}", clock(run.created_at))


def _failed_on_the_wire(run: Run) -> bool:
    live = run.outcome.state is not RunState.FINISHED
    return any(exchange.pill(each, live).tone == "bad" for each in run.outcome.exchanges)


def _tabs(run: Run, selected: str) -> tuple[Tab, ...]:
    outcome = run.outcome
    problems, warned, failed = len(outcome.problems), len(outcome.warnings), _failed_on_the_wire(run)
    badges: dict[str, tuple[str, str]] = {
        "http": (str(len(outcome.exchanges) or ""), "bad" if failed else ""),
        "validation": (str(problems or warned or ""), "bad" if problems else "warn"),
        "output": (str(sum(bool(line.text.strip()) for line in outcome.output) or ""), ""),
        "handler": ("!" if outcome.error and outcome.error.frames else "", "bad"),
    }
    titles = {"http": "HTTP"}
    return tuple(
        Tab(name, titles.get(name, name.capitalize()), name == selected, *badges.get(name, ("", ""))) for name in TABS
    )
