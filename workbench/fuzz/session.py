"""The replays of all variants of a run, several at once, each in a worker of its own with the network closed."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import ABSENT, Answers, AnswerSource, Run, RunRequest, Status
from workbench.fuzz.judgement import Finding, Verdict, judge, keys_of
from workbench.fuzz.variants import Variant
from workbench.testing.replays import Replays

TIME_LIMIT: Final = 5.0
"""Seconds that a replay may take: its answers come at once, and it waits for nothing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session is: the findings so far in order of the variants, of ``total`` variants.

    ``is_over`` says that no more will come; ``is_cancelled`` that it was cancelled.
    """

    total: int
    findings: tuple[Finding, ...] = ()
    is_over: bool = False
    is_cancelled: bool = False

    @property
    def worst_first(self) -> tuple[Finding, ...]:
        """The findings in order of weight."""
        return tuple(sorted(self.findings, key=lambda finding: finding.verdict.rank))

    def count(self, verdict: Verdict) -> int:
        """How many findings have that verdict."""
        return sum(finding.verdict is verdict for finding in self.findings)


def replay_request(recorded: Run, variant: Variant | None = None) -> RunRequest:
    """The request that replays a finished run, with the change of a variant."""
    request = recorded.request
    answers = request.answers
    if answers.source is not AnswerSource.RECORDING:
        answers = Answers(AnswerSource.RECORDING, f"run {recorded.id}", recorded.outcome.exchanges)
    if variant is not None:
        answers = replace(answers, rules=(*variant.rules, *answers.rules), unmatched_closest=True)
        request = request if variant.inputs is ABSENT else replace(request, inputs=variant.inputs)
    return replace(request, answers=answers, timeout=min(request.timeout, TIME_LIMIT))


class FuzzSession:
    """Replays variants of one run and judges each. :meth:`run` blocks; the other methods may be called meanwhile."""

    def __init__(self, recorded: Run, variants: Sequence[Variant]) -> None:
        self.recorded = recorded
        self._variants = tuple(variants)
        self._keys = keys_of(recorded)
        self._found: dict[int, Finding] = {}
        self._cancelled = threading.Event()
        self._over = threading.Event()
        self._lock = threading.Lock()

    @property
    def progress(self) -> Progress:
        """What is known by now."""
        with self._lock:
            found = tuple(self._found[place] for place in sorted(self._found))
        return Progress(len(self._variants), found, self._over.is_set(), self._cancelled.is_set())

    def request(self, number: int) -> RunRequest | None:
        """The request that replays the variant of that number; None where there is none."""
        known = 0 <= number < len(self._variants)
        return replay_request(self.recorded, self._variants[number]) if known else None

    def cancel(self) -> None:
        """Start no more replays; those under way end first."""
        self._cancelled.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of :meth:`run` in another thread; whether it has come."""
        return self._over.wait(timeout)

    def run(self, on_finding: Callable[[Finding], None] | None = None) -> Progress:
        """Replay all variants. ``on_finding`` hears of each finding, from several threads, one at a time."""
        try:
            with Replays() as replays, ThreadPoolExecutor(replays.at_once) as pool:
                for _ in pool.map(lambda place: self._do(replays, place, on_finding), range(len(self._variants))):
                    pass
        finally:
            self._over.set()
        return self.progress

    def _do(self, replays: Replays, place: int, on_finding: Callable[[Finding], None] | None) -> None:
        if self._cancelled.is_set():
            return
        variant = self._variants[place]
        finding = self._judged(replays, variant)
        if finding.verdict is not Verdict.HANDLED:
            again = self._judged(replays, variant)
            if again.verdict is not finding.verdict:
                finding = replace(max(finding, again, key=lambda each: each.verdict.rank), is_confirmed=False)
        if finding.status is Status.CANCELLED:
            return
        finding = replace(finding, number=place)
        with self._lock:
            self._found[place] = finding
            if on_finding is not None:
                on_finding(finding)

    def _judged(self, replays: Replays, variant: Variant) -> Finding:
        return judge(variant, replays.run(replay_request(self.recorded, variant)), self.recorded, self._keys)
