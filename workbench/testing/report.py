"""The results of tests in words and as documents: the same for the command, pytest and the page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from workbench.domain import Run
from workbench.explain import code_locations, headline
from workbench.explain.code_locations import CodeLocation
from workbench.explain.statuses import StatusWord
from workbench.explain.text import count, plain, span
from workbench.recordings.messages import difference_text
from workbench.testing.junit import Case, Suite, as_xml
from workbench.testing.replays import ReplayResult, ReplayState

REPLAY_WORDS: Mapping[ReplayState, StatusWord] = MappingProxyType(
    {
        ReplayState.PASSED: StatusWord("Passed", "ok"),
        ReplayState.FAILED: StatusWord("Failed", "bad"),
        ReplayState.UNTESTED: StatusWord("Could not run", "warn"),
    }
)
"""The word for the result of a test."""


@dataclass(frozen=True, slots=True)
class FailureReport:
    """What is said of a test that did not pass: the run's headline, each difference, the handler's line.

    ``location`` is None where it is not known; of a test that could not run, ``headline`` says why.
    """

    headline: str
    differences: tuple[str, ...] = ()
    location: CodeLocation | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, a line each."""
        place = (f"At {self.location}",) if self.location else ()
        return (self.headline, *self.differences, *place)


def failure_report(result: ReplayResult) -> FailureReport | None:
    """What is said of a test; None of one that passed."""
    if result.state is ReplayState.PASSED:
        return None
    if result.run is None or result.state is ReplayState.UNTESTED:
        return FailureReport(result.reason)
    told = tuple(map(difference_text, result.differences))
    return FailureReport(plain(headline.tell(result.run)), told, handler_location(result.run))


def handler_location(run: Run) -> CodeLocation | None:
    """The line that a run leads to: what raised, or what returned the result."""
    outcome, root = run.outcome, run.request.root
    found = code_locations.of_run(outcome, root)
    if found is not None or outcome.handler is None:
        return found
    line = outcome.return_line or outcome.handler.line
    return code_locations.locate(replace(outcome.handler, line=line), root)


def summary(results: Sequence[ReplayResult], seconds: float) -> str:
    """``2 passed, 1 failed in 1.2 s``."""
    states = Counter(one.state for one in results)
    told = [f"{states[state]} {word.text.lower()}" for state, word in REPLAY_WORDS.items() if states[state]]
    return f"{', '.join(told) or count(0, 'test')} in {span(seconds)}"


def as_document(results: Sequence[ReplayResult], seconds: float) -> dict[str, Any]:
    """The results as a JSON document."""
    states = Counter(one.state for one in results)
    return {
        "passed": states[ReplayState.PASSED],
        "failed": states[ReplayState.FAILED],
        "untested": states[ReplayState.UNTESTED],
        "seconds": round(seconds, 3),
        "tests": [_test(result) for result in results],
    }


def as_junit(results: Iterable[ReplayResult]) -> bytes:
    """The results as JUnit XML, a suite for each integration."""
    by_root: dict[str, list[Case]] = {}
    for result in results:
        by_root.setdefault(result.file.root.name, []).append(_case(result))
    return as_xml([Suite(name, tuple(cases)) for name, cases in by_root.items()])


def _case(result: ReplayResult) -> Case:
    file, told = result.file, failure_report(result)
    return Case(
        file.name,
        told.headline if told else "",
        "\n".join(told.lines) if told else "",
        is_error=result.state is ReplayState.UNTESTED,
        group=file.handler,
        seconds=result.seconds,
    )


def _test(result: ReplayResult) -> dict[str, Any]:
    told, run = failure_report(result), result.run
    return {
        "integration": result.file.root.name,
        "handler": result.file.handler,
        "name": result.file.name,
        "file": result.file.relative,
        "state": result.state,
        "seconds": round(result.seconds, 3),
        "status": run.outcome.status if run else None,
        "headline": plain(headline.tell(run)) if run else result.reason,
        "differences": [
            {
                "part": one.part,
                "pointer": one.pointer,
                "expected": one.expected,
                "actual": one.actual,
                "exchange": one.exchange,
                "message": difference_text(one),
            }
            for one in result.differences
        ],
        "location": asdict(told.location) if told and told.location else None,
        "reason": result.reason or None,
    }
