"""The replays of all variants of a run, several at once, each in a worker of its own with the network closed."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import ABSENT, Answers, AnswerSource, OnUnmatched, Run, RunRequest, Status
from workbench.events.run_redactor import run_redactor
from workbench.fuzz.input_changes import cut_inputs, size_of
from workbench.fuzz.variants import ChangeKind, Variant
from workbench.fuzz.verdicts import Finding, Verdict, find_verdict, keys_of
from workbench.testing.replays import Replays

TIME_LIMIT: Final = 5.0
"""Seconds that a replay may take: its answers come at once, and it waits for nothing."""

MEMORY_LIMIT: Final = 2_000
"""Megabytes that a replay may take: a large number among its inputs must not take all that the machine has."""

_SHORT: Final = 16
"""Characters or items of an input that are not shrunk any further."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session is: ``done`` of ``total`` variants, with the findings so far in order of the variants.

    A change of all answers is no finding of its own where one of them alone has the same. ``is_over`` says that no more
    will come; ``is_cancelled`` that it was cancelled.
    """

    total: int
    findings: tuple[Finding, ...] = ()
    done: int = 0
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
        answers = replace(answers, rules=(*variant.rules, *answers.rules), on_unmatched=OnUnmatched.CLOSEST)
        request = request if variant.inputs is ABSENT else replace(request, inputs=variant.inputs)
    memory = min(request.resources.memory or MEMORY_LIMIT, MEMORY_LIMIT)
    resources = replace(request.resources, memory=memory)
    return replace(request, answers=answers, timeout=min(request.timeout, TIME_LIMIT), resources=resources)


class FuzzSession:
    """Replays variants of one run, with a verdict on each. :meth:`run` blocks; others may be called meanwhile.

    ``recorded`` has its secrets, ``shown`` and all findings have masks.
    """

    def __init__(self, recorded: Run, variants: Sequence[Variant]) -> None:
        self.recorded = recorded
        self._redactor = run_redactor(recorded, os.environ)
        answers = recorded.request.answers
        known = tuple(map(self._redactor.exchange, answers.recorded))
        request = replace(recorded.request, answers=replace(answers, recorded=known))
        self.shown = self._redactor.run(replace(recorded, request=request))
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
        shown = tuple(map(self._masked, _without_repetitions(found)))
        return Progress(len(self._variants), shown, len(found), self._over.is_set(), self._cancelled.is_set())

    def request(self, number: int) -> RunRequest | None:
        """The request that replays the variant of that number; None where there is none."""
        if not 0 <= number < len(self._variants):
            return None
        with self._lock:
            found = self._found.get(number)
        return replay_request(self.recorded, found.variant if found else self._variants[number])

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
        finding = self._finding(replays, variant)
        if finding.verdict is not Verdict.HANDLED:
            again = self._finding(replays, variant)
            if again.verdict is not finding.verdict:
                finding = replace(max(finding, again, key=lambda each: each.verdict.rank), is_confirmed=False)
            else:
                finding = self._shrunk(replays, finding)
        if finding.status is Status.CANCELLED:
            return
        finding = replace(finding, number=place)
        with self._lock:
            self._found[place] = finding
            if on_finding is not None:
                on_finding(finding)

    def _masked(self, finding: Finding) -> Finding:
        inputs = finding.variant.inputs
        if inputs is ABSENT:
            return finding
        return replace(finding, variant=replace(finding.variant, inputs=self._redactor.json(inputs)))

    def _finding(self, replays: Replays, variant: Variant) -> Finding:
        return find_verdict(variant, replays.run(replay_request(self.recorded, variant)), self.recorded, self._keys)

    def _shrunk(self, replays: Replays, finding: Finding) -> Finding:
        """The finding with the shortest beginning of a long input that still has its verdict, as a replay shows."""
        low, high, shortest = 0, size_of(finding.variant), finding
        while high > _SHORT and low < high and not self._cancelled.is_set():
            middle = (low + high) // 2
            variant = cut_inputs(finding.variant, middle)
            found = self._finding(replays, variant) if variant else finding
            if variant and found.verdict is finding.verdict:
                shortest, high = found, middle
            else:
                low = middle + 1
        return shortest


def _without_repetitions(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings but for those of all answers at once that one answer alone has, too."""
    alone = {(each.variant.kind, each.verdict) for each in findings if each.variant.exchange is not None}
    for each in findings:
        of_all = each.variant.exchange is None and each.variant.kind is not ChangeKind.INPUT
        if not of_all or each.verdict is Verdict.HANDLED or (each.variant.kind, each.verdict) not in alone:
            yield each
