"""The list of an integration's tests, and the page of one, as they are printed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.domain import Exchange
from workbench.explain.statuses import STATUS_WORDS
from workbench.explain.text import count, span
from workbench.recordings.files import RecordingFile
from workbench.recordings.messages import noise_text
from workbench.recordings.recording import Recording
from workbench.testing.replays import ReplayResult
from workbench.testing.report import REPLAY_WORDS, FailureReport, failure_report
from workbench.web.services.test_results import Progress

_LONGEST = 200
"""Noise and exchanges that a page lists."""


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test. ``report`` is what is said of its failure; ``seconds`` is empty where it was not replayed."""

    __test__ = False

    handler: str
    name: str
    path: str
    state: str
    tone: str
    seconds: str = ""
    report: FailureReport | None = None


@dataclass(frozen=True, slots=True)
class TestListing:
    """All tests of an integration; ``summary`` counts them by their state."""

    __test__ = False

    rows: tuple[TestRow, ...]
    summary: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class RecordingView:
    """What a recording holds: its expected status, requests, masked names and noise, in words."""

    status: str
    tone: str
    requests: tuple[tuple[str, str, str], ...]
    more_requests: int
    masked: str
    noise: tuple[str, ...]
    has_clock: bool


def present(
    files: Sequence[RecordingFile],
    results: Mapping[str, ReplayResult],
    waiting: Collection[str],
    progress: Progress,
) -> TestListing:
    """The list of ``files`` with the results that are known."""
    rows = tuple(row(file, results.get(file.label), is_live=file.label in waiting) for file in files)
    tones = [(one.state, one.tone) for one in rows]
    told = [f"{tones.count(each)} {each[0].lower()}" for each in dict.fromkeys(tones)]
    return TestListing(rows, f"{count(len(rows), 'test')}: {', '.join(told)}" if rows else "none", progress)


def row(file: RecordingFile, result: ReplayResult | None, *, is_live: bool = False) -> TestRow:
    """One test and its last result."""
    if is_live:
        return TestRow(file.handler, file.name, file.relative, "Running", "live")
    if result is None:
        return TestRow(file.handler, file.name, file.relative, "Not run yet", "")
    word, took = REPLAY_WORDS[result.state], span(result.seconds)
    return TestRow(file.handler, file.name, file.relative, word.text, word.tone, took, failure_report(result))


def recording_view(recording: Recording) -> RecordingView:
    """What a recording holds."""
    word = STATUS_WORDS[recording.expected.status]
    return RecordingView(
        status=word.text,
        tone=word.tone,
        requests=tuple(map(_request, recording.exchanges[:_LONGEST])),
        more_requests=max(len(recording.exchanges) - _LONGEST, 0),
        masked=", ".join(recording.secrets),
        noise=tuple(map(noise_text, recording.noise[:_LONGEST])),
        has_clock=recording.has_clock,
    )


def _request(exchange: Exchange) -> tuple[str, str, str]:
    response, error = exchange.response, exchange.error
    status = str(response.status) if response else error.type if error else "–"
    return exchange.request.method, exchange.request.url, status
