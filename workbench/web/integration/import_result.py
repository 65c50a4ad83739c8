"""What the last import of an integration showed, in words, beside the findings."""

from dataclasses import dataclass

from workbench.domain import Kind, Outcome, Run, RunState, Status
from workbench.explain import endings
from workbench.explain.text import Sentence, clock, code, count, sentence, span

_NOT_YET = "Static checks only."
_WHAT = "Imports the code in a separate process and calls no handler, like `workbench check`."
_NOUNS = {Kind.ACTION: "action", Kind.TRIGGER: "trigger", Kind.ACCOUNT: "connected account"}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The second half of the check. ``button`` starts it, empty where there is nothing to start.

    ``run_id`` is the run that can be looked at. ``elapsed`` and ``limit`` are in seconds, of one that goes on.
    """

    text: Sentence
    button: str = ""
    hint: str = ""
    tone: str = ""
    run_id: str = ""
    live: bool = False
    elapsed: float = 0.0
    limit: float = 0.0


def present(entry_point: str, possible: bool, run: Run | None, stale: bool, now: float) -> ImportResult:
    """The words for ``run``, the last import; None where there was none. ``now`` is in seconds since the epoch."""
    again = "Import again" if possible else ""
    if run is None and not possible:
        return ImportResult(sentence("Static checks only: there is no code to import."))
    if run is None:
        return ImportResult(sentence(_NOT_YET), "Import and check handlers", _WHAT)
    if run.outcome.state is not RunState.FINISHED:
        limit = run.request.timeout
        text = sentence("Importing ", code(entry_point), "…")
        return ImportResult(
            text, run_id=run.id, live=True, elapsed=round(max(0.0, now - run.created_at), 1), limit=limit
        )
    if stale:
        text = sentence(f"Imported at {clock(run.created_at)}; files have changed since. ", _NOT_YET)
        return ImportResult(text, again, tone="warn")
    text, tone = _ended(run, entry_point)
    return ImportResult(text, again, tone=tone, run_id=run.id)


def _ended(run: Run, entry_point: str) -> tuple[Sentence, str]:
    outcome = run.outcome
    if failure := endings.workbench_failure(outcome, run.request):
        return sentence("The workbench failed to import it. ", failure), "bad"
    if outcome.status is Status.CANCELLED:
        return sentence("Import cancelled. ", _NOT_YET), "warn"
    if outcome.status is Status.SUCCEEDED:
        return sentence(
            code(entry_point), f" imported in {span(outcome.duration)}. It registers {_registered(outcome)}."
        ), "ok"
    after = f" after {span(outcome.duration)}" if outcome.status is Status.TIMED_OUT else ""
    return sentence(code(entry_point), f" failed to load{after}: see below."), "bad"


def _registered(outcome: Outcome) -> str:
    kinds = [one.kind for one in outcome.registered or ()]
    text = [count(kinds.count(kind), noun) for kind, noun in _NOUNS.items() if kind in kinds]
    return " and ".join(filter(None, (", ".join(text[:-1]), text[-1]))) if text else "no handlers"
