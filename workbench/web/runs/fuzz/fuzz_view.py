"""What the page of a fuzz session prints."""

from dataclasses import dataclass

from workbench.domain import Run
from workbench.explain import headline
from workbench.explain.text import Sentence, count
from workbench.fuzz import Finding, FuzzSession, Verdict, words
from workbench.web.ui.widgets import Pill

_TONES = {
    Verdict.CRASH: "bad",
    Verdict.HANG: "bad",
    Verdict.HIDDEN_FAILURE: "bad",
    Verdict.INVALID_OUTPUT: "warn",
    Verdict.PYTHON_TEXT: "warn",
    Verdict.HANDLED: "ok",
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as a row. ``number`` names the variant, ``note`` is a doubt about the verdict."""

    number: int
    pill: Pill
    change: Sentence
    headline: Sentence
    note: str = ""


@dataclass(frozen=True, slots=True)
class FuzzView:
    """A session so far. ``rows`` are what was not handled, the worst first; ``handled`` the rest.

    ``done`` of ``total`` replays have ended; ``live`` says that more come. ``failure`` is what the run ended with that
    the session was to begin with; there is no session then.
    """

    live: bool
    done: int = 0
    total: int = 0
    summary: str = ""
    tone: str = ""
    rows: tuple[FindingRow, ...] = ()
    handled: tuple[FindingRow, ...] = ()
    handled_title: str = ""
    failure: Sentence = ()


def present(run: Run, session: FuzzSession | None, *, is_waiting: bool, is_made: bool) -> FuzzView | None:
    """The session of a run as it stands; None where none was started.

    ``is_waiting`` tells that it begins once the run has ended, ``is_made`` that the run was made for it.
    """
    if is_waiting:
        return FuzzView(live=True, summary=f"Run {run.id} comes first")
    if session is None:
        return FuzzView(live=False, summary="nothing was replayed", failure=headline.tell(run)) if is_made else None
    progress = session.progress
    rows = [_row(finding, session.shown) for finding in progress.worst_first]
    handled = progress.count(Verdict.HANDLED)
    cut = len(rows) - handled
    tone = "" if not progress.is_over else rows[0].pill.tone if rows else ""
    return FuzzView(
        live=not progress.is_over,
        done=progress.done,
        total=progress.total,
        summary=words.summary(progress),
        tone=tone,
        rows=tuple(rows[:cut]),
        handled=tuple(rows[cut:]),
        handled_title=count(handled, "handled change"),
    )


def _row(finding: Finding, recorded: Run) -> FindingRow:
    pill = Pill(words.verdict(finding.verdict), _TONES[finding.verdict])
    note = "" if finding.is_confirmed else "A second replay had another result."
    return FindingRow(finding.number, pill, words.change(finding.variant, recorded), finding.headline, note)
