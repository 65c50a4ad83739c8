"""What a replay did otherwise than its recording says."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Final

from workbench.answers.noise_values import has_kind
from workbench.answers.recording import was_rejected
from workbench.domain import ABSENT, JSON, Absent, Exchange, Noise, NoisePlace, RequestDifference, Run
from workbench.jsondoc import equality
from workbench.jsondoc import pointer as pointers
from workbench.recordings.from_run import expected_of
from workbench.recordings.made_up_secrets import fill_text
from workbench.recordings.masked_today import masked_today
from workbench.recordings.recording import Expected, ExpectedError, ExpectedValidationError, Recording

MOST: Final = 100
"""Differences of one kind that are listed."""

_SHOWN: Final = 120


class DifferencePart(StrEnum):
    """What differs: how the run ended, its error, a validation error, the result, or its requests."""

    STATUS = "status"
    ERROR = "error"
    NEW_VALIDATION_ERROR = "new-problem"  # as the JSON of a run, which has `problems`
    LOST_VALIDATION_ERROR = "lost-problem"
    RESULT = "result"
    NEW_REQUEST = "new-request"
    LOST_REQUEST = "lost-request"


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """One difference; ``pointer`` is that of the value or of the validation error.

    ``expected`` and ``actual`` are short texts, of JSON where they are values; None where there is none. A request is
    its method and URL; ``details`` say in what a new one differs from ``exchange``, the recorded one that is closest.
    """

    part: DifferencePart
    pointer: str = ""
    expected: str | None = None
    actual: str | None = None
    exchange: int | None = None
    details: tuple[RequestDifference, ...] = ()


def find_differences(recording: Recording, run: Run) -> tuple[ReplayDifference, ...]:
    """The differences of a finished replay, which must be its masked view; none where the test passes."""
    found = _outcome(recording, run)
    if found and (masked := masked_today(recording)) is not None:
        found = _outcome(masked, run)
    return (*found, *_requests(recording, run))


def _outcome(recording: Recording, run: Run) -> list[ReplayDifference]:
    expected, actual = recording.expected, expected_of(run.outcome)
    found = [*_status(expected, actual), *_errors(expected.errors, actual.errors)]
    if expected.status is actual.status:
        found += _error(expected.error, actual.error, run.request.root, recording.noise)
        noise = {one.pointer: one for one in recording.noise if one.place is NoisePlace.RESULT}
        found += value_differences(expected.result, actual.result, noise)[:MOST]
    return found


def value_differences(expected: JSON, actual: JSON, noise: Mapping[str, Noise]) -> list[ReplayDifference]:
    """The differences of two results, in the order of the expected one."""
    return [
        ReplayDifference(DifferencePart.RESULT, place, _short(one), _short(other))
        for place, one, other in changed_values(expected, actual)
        if not _is_noise(noise, place, other)
    ]


def changed_values(
    expected: JSON | Absent, actual: JSON | Absent, place: str = ""
) -> Iterator[tuple[str, JSON | Absent, JSON | Absent]]:
    """The pointer and both values of each difference, as deep as both are objects or arrays."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in dict.fromkeys((*expected, *actual)):
            below = pointers.join(place, name)
            yield from changed_values(expected.get(name, ABSENT), actual.get(name, ABSENT), below)
    elif isinstance(expected, list) and isinstance(actual, list):
        for index, (one, other) in enumerate(zip_longest(expected, actual, fillvalue=ABSENT)):
            yield from changed_values(one, other, pointers.join(place, index))
    elif expected is ABSENT or actual is ABSENT or not _is_same(expected, actual):
        yield place, expected, actual


def _is_same(expected: JSON, actual: JSON) -> bool:
    """Whether two values are equal, masks filled: what is masked by its place alone stands there made up."""
    if isinstance(expected, str) and isinstance(actual, str) and expected != actual:
        return fill_text(expected) == fill_text(actual)
    return equality.key(expected) == equality.key(actual)


def portable_text(text: str, root: Path) -> str:
    """A message without the path of the integration's folder, which differs from machine to machine."""
    return text.replace(f"{root}/", "").replace(str(root), ".")


def _is_noise(noise: Mapping[str, Noise], place: str, value: JSON | Absent) -> bool:
    known = noise.get(place)
    return known is not None and value is not ABSENT and has_kind(known, value)


def _status(expected: Expected, actual: Expected) -> Iterator[ReplayDifference]:
    if expected.status is not actual.status:
        yield ReplayDifference(DifferencePart.STATUS, "", expected.status, actual.status)


def _error(
    expected: ExpectedError | None, actual: ExpectedError | None, root: Path, noise: Iterable[Noise]
) -> Iterator[ReplayDifference]:
    one = replace(expected, message=portable_text(expected.message, root)) if expected else None
    other = replace(actual, message=portable_text(actual.message, root)) if actual else None
    if one is not None and other is not None and one.type == other.type:
        known = next((each for each in noise if each.place is NoisePlace.ERROR), None)
        if known is not None and has_kind(known, other.message):
            return
    if one != other:
        yield ReplayDifference(DifferencePart.ERROR, "", _message(one), _message(other))


def _message(error: ExpectedError | None) -> str | None:
    return None if error is None else f"{error.type}: {error.message}"[: 4 * _SHOWN]


def _errors(
    expected: Iterable[ExpectedValidationError], actual: Iterable[ExpectedValidationError]
) -> Iterator[ReplayDifference]:
    """Validation errors by place and keyword: their messages quote values, which may be noise."""
    before = {(one.where, one.pointer, one.keyword): one for one in expected}
    after = {(one.where, one.pointer, one.keyword): one for one in actual}
    for key, one in after.items():
        if key not in before:
            yield ReplayDifference(DifferencePart.NEW_VALIDATION_ERROR, one.pointer, None, one.message)
    for key, one in before.items():
        if key not in after:
            yield ReplayDifference(DifferencePart.LOST_VALIDATION_ERROR, one.pointer, one.message, None)


def _requests(recording: Recording, run: Run) -> Iterator[ReplayDifference]:
    answered: set[int | None] = set()
    failed = Counter[tuple[str, str, str]]()
    for exchange in run.outcome.exchanges:
        unmatched = exchange.origin.unmatched
        if unmatched is None and exchange.origin.recorded is None:
            failed[_failure(exchange)] += 1
        answered.add(exchange.origin.recorded)
        if unmatched is not None:
            if not unmatched.used:
                answered.add(unmatched.closest)  # it is listed as a difference, and not once more as missing
            yield ReplayDifference(
                DifferencePart.NEW_REQUEST,
                actual=unmatched.request,
                exchange=unmatched.closest,
                details=unmatched.differences,
            )
    for exchange in recording.exchanges:
        if exchange.id not in answered and exchange.request.method != "CONNECT" and not was_rejected(exchange):
            if exchange.error is not None and failed[_failure(exchange)]:
                failed[_failure(exchange)] -= 1  # by itself, before it asked for an answer
                continue
            request = f"{exchange.request.method} {exchange.request.url}"
            yield ReplayDifference(DifferencePart.LOST_REQUEST, expected=request, exchange=exchange.id)


def _failure(exchange: Exchange) -> tuple[str, str, str]:
    """What two exchanges have in common that fail in the same way."""
    error = exchange.error
    return exchange.request.method, error.phase if error else "", error.kind if error else ""


def _short(value: JSON | Absent) -> str | None:
    if value is ABSENT:
        return None
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
