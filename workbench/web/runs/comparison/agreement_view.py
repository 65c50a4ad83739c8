"""Two runs of one handler with two SDKs on one page: how each ended, and where they disagree."""

from dataclasses import dataclass

from workbench.domain import Run, RunState
from workbench.explain import agreement, headline
from workbench.explain.agreement import Difference
from workbench.explain.statuses import status_word
from workbench.explain.text import Sentence, sentence
from workbench.web.ui.widgets import Pill


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two runs."""

    run_id: str
    sdk: str
    pill: Pill
    headline: Sentence


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The page. While a run goes on it is ``live``, and nothing is compared yet."""

    name: str
    integration_id: str
    sides: tuple[SideView, SideView]
    live: bool
    text: Sentence
    tone: str
    differences: tuple[Difference, ...]


def agreement_view(first: Run, second: Run) -> AgreementView:
    """The page of two runs."""
    live = any(run.outcome.state is not RunState.FINISHED for run in (first, second))
    found = () if live else agreement.differences(first, second)
    return AgreementView(
        name=first.request.name,
        integration_id=first.request.integration_id,
        sides=(_side(first), _side(second)),
        live=live,
        text=sentence("Both are running…") if live else agreement.tell(first, second),
        tone="live" if live else "bad" if found else "ok",
        differences=found,
    )


def _side(run: Run) -> SideView:
    word = status_word(run)
    return SideView(run.id, agreement.sdk_name(run), Pill(word.text, word.tone), headline.tell(run))
