"""A run on one screen: verdict and headline, then the tabs; the one that matters opens first."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain import Kind, Run, RunState, RunWarningKind, Status
from workbench.explain import dependencies, durations, headline, hints, missing_credentials, value_origin
from workbench.explain.hints import Hint, HintAction
from workbench.explain.http import answer_origins, network, uncaptured
from workbench.explain.statuses import status_word
from workbench.explain.text import Sentence, count
from workbench.explain.warnings import run_warnings
from workbench.web.runs.exchanges import exchange_detail
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs import TABS, Tab, TabContext, tab_named
from workbench.web.runs.values.validated_value import Around
from workbench.web.ui.moments import Moment, moment
from workbench.web.ui.widgets import Pill


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab in the row of tabs. ``badge`` is its count, ``tone`` says whether that is bad."""

    name: str
    title: str
    selected: bool
    badge: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """All that the partial prints. Of the panels, only the open tab's is there.

    ``elapsed`` and ``limit`` are in seconds. Where the headline gives what brought the run's end about and what to do,
    ``cause`` and ``advice`` are its two parts. ``seen`` is how the run ended, where the headline gives the hint at what
    brought it about; ``hint`` is one that it does not give, as are ``warnings``. ``origin`` says who brought an
    invalid value about; ``installs`` shows the button that installs the requirements, ``opens_auth`` the
    link to the Auth page.
    """

    run_id: str
    query: OutcomeQuery
    live: bool
    stoppable: bool
    pill: Pill
    headline: Sentence
    facts: tuple[str, ...]
    at: Moment
    elapsed: float
    limit: float
    hint: Hint | None
    tabs: tuple[TabLink, ...]
    tab: str
    template: str
    panel: object
    cause: Sentence = ()
    advice: Sentence = ()
    seen: Sentence = ()
    installs: bool = False
    warnings: tuple[Sentence, ...] = ()
    origin: Sentence = ()
    lacks_credentials: bool = False
    opens_auth: bool = False


def present(run: Run, query: OutcomeQuery, now: float, around: Callable[[], Around] = Around) -> OutcomeView:
    """The screen of ``run``. ``now`` is in seconds since the epoch; ``around`` reads what the Validation tab needs."""
    outcome = run.outcome
    live = outcome.state is not RunState.FINISHED
    elapsed = max(0.0, now - run.created_at) if outcome.finished_at is None else outcome.finished_at
    tab = tab_named(query.tab) or tab_named(default_tab(run)) or TABS[0]
    decisive, beside = hints.decisive(run), run_warnings.hint_beside(run)
    lacks_credentials = bool(missing_credentials.labels(run))
    return OutcomeView(
        run_id=run.id,
        query=query,
        live=live,
        stoppable=outcome.state in (RunState.QUEUED, RunState.STARTING, RunState.RUNNING),
        pill=status_pill(run),
        headline=headline.tell(run),
        facts=_facts(run, live, elapsed),
        at=moment(run.created_at),
        elapsed=round(elapsed, 1),
        limit=run.request.timeout,
        hint=beside,
        cause=decisive.cause_sentence if decisive else (),
        advice=decisive.fix if decisive else (),
        seen=headline.as_seen(run) if decisive else (),
        installs=decisive is not None and decisive.action is HintAction.INSTALL,
        tabs=_tabs(run, tab),
        tab=tab.name,
        template=tab.template,
        panel=tab.present(TabContext(run, query, elapsed, around)),
        origin=value_origin.explain(run) if not live else (),
        lacks_credentials=lacks_credentials,
        opens_auth=not lacks_credentials and _is_of_auth_page(decisive or beside),
        warnings=(
            *(warning.sentence for warning in run_warnings.further(run)),
            *uncaptured.sentences(run),
            *answer_origins.warnings(run),
        ),
    )


def _is_of_auth_page(hint: Hint | None) -> bool:
    return hint is not None and hint.action is HintAction.CREDENTIALS


def status_pill(run: Run) -> Pill:
    """The run's state or verdict in a word."""
    word = status_word(run)
    return Pill(word.text, word.tone)


def default_tab(run: Run) -> str:
    """The name of the tab that says most about this run."""
    outcome = run.outcome
    if outcome.state is not RunState.FINISHED:
        return "http" if outcome.exchanges or not outcome.output else "output"
    if run.request.kind is Kind.REQUEST:
        return "http"
    if outcome.status in (Status.INVALID_AUTH, Status.INVALID_INPUT, Status.INVALID_OUTPUT):
        return "validation" if outcome.errors or outcome.returned is None else "result"
    if outcome.status is Status.FAILED:
        return "http" if _is_http_failure(run) else "handler"
    if outcome.status in (Status.TIMED_OUT, Status.CANCELLED):
        waited = bool(outcome.exchanges) and exchange_detail.has_failed(outcome.exchanges[-1])
        return "http" if waited else "handler"
    if outcome.status is Status.CRASHED:
        return "output" if outcome.output else "handler"
    if outcome.status is Status.LOAD_FAILED:
        return "handler"
    warning = run_warnings.doubt(run)
    return "http" if warning and warning.kind is RunWarningKind.REQUESTS_FAILED else "result"


def _is_http_failure(run: Run) -> bool:
    """Whether the exception is about the last exchange rather than about the code."""
    error, seen = run.outcome.error, run.outcome.exchanges
    if error is None or not seen or not exchange_detail.has_failed(seen[-1]):
        return False
    return network.is_about_exchange(error)


def _facts(run: Run, live: bool, elapsed: float) -> tuple[str, ...]:
    seen = len(run.outcome.exchanges)
    if run.request.pasted:
        return "pasted, not run", f"run {run.id}"
    facts = () if live else (durations.took(run.outcome),)
    if not run.request.sdk.is_ours:
        facts = (*facts, f"SDK {run.request.sdk.release} ({dependencies.SDK_WORDS[run.request.sdk.source]})")
    missed = uncaptured.fact(run)
    traffic = [count(seen, "exchange")] if seen else [] if missed else ["no HTTP"]
    answers = answer_origins.summary(run) or answer_origins.run_text(run.request.answers)
    return (*facts, *traffic, *filter(None, (missed, answers)), f"run {run.id}")


def _tabs(run: Run, selected: Tab) -> tuple[TabLink, ...]:
    badges = ((tab, tab.badge(run)) for tab in TABS)
    return tuple(TabLink(tab.name, tab.title, tab is selected, badge.text, badge.tone) for tab, badge in badges)
