"""What differs between two runs, in a sentence; the words for its parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from workbench.comparison import Comparison, ErrorChanges, ValueChanges
from workbench.domain import ABSENT, JSON, Absent, ErrorInfo, NoiseKind, Run, Status, ValidationError
from workbench.domain.masked_text import json_text
from workbench.explain.text import Sentence, bare, code, count, sentence, shorten, span, value_text

_SLOWER: Final = 0.1
"""The share by which the times have to differ before a sentence says so."""
_LEAST: Final = 0.003
"""Seconds by which they have to differ."""
_LONGEST: Final = 400

_BEFORE: Mapping[Status, str] = MappingProxyType(
    {
        Status.SUCCEEDED: "succeeded",
        Status.ACTION_ERROR: "returned an action error",
        Status.INVALID_AUTH: "had invalid credentials",
        Status.INVALID_INPUT: "had invalid inputs",
        Status.INVALID_OUTPUT: "was rejected",
        Status.FAILED: "failed",
        Status.TIMED_OUT: "timed out",
        Status.CANCELLED: "was cancelled",
        Status.CRASHED: "crashed",
        Status.LOAD_FAILED: "failed to load",
    }
)
_NOW: Mapping[Status, str] = MappingProxyType(
    {
        Status.SUCCEEDED: "succeeds now",
        Status.ACTION_ERROR: "returns an action error now",
        Status.INVALID_AUTH: "has invalid credentials now",
        Status.INVALID_INPUT: "has invalid inputs now",
        Status.INVALID_OUTPUT: "is rejected now",
        Status.FAILED: "fails now",
        Status.TIMED_OUT: "times out now",
        Status.CANCELLED: "was cancelled now",
        Status.CRASHED: "crashes now",
        Status.LOAD_FAILED: "fails to load now",
    }
)
_JUDGED = frozenset({Status.INVALID_AUTH, Status.INVALID_INPUT, Status.INVALID_OUTPUT})

NOISE_WORDS: Mapping[NoiseKind, str] = MappingProxyType(
    {
        NoiseKind.DATE_TIME: "date-time",
        NoiseKind.UUID: "uuid",
        NoiseKind.NUMBER: "number",
        NoiseKind.TEXT: "token",
        NoiseKind.ANY: "any value",
    }
)
"""What the values are that differ in each run."""


def tell(comparison: Comparison) -> Sentence:
    """What differs, the most important first: ``Was rejected at /n, is valid now; one request fewer; 40 ms faster.``"""
    clauses = [*_clauses(comparison)]
    if not clauses:
        noise = any(changes.total_noise for changes in _all_values(comparison))
        clauses = [sentence("nothing differs except values that change with each run" if noise else "nothing differs")]
    if faster := _time(comparison):
        clauses.append(sentence(faster))
    first, *others = clauses
    begun = (replace(first[0], text=first[0].text[:1].upper() + first[0].text[1:]), *first[1:])
    return (*begun, *(part for clause in others for part in (*sentence("; "), *clause)), *sentence("."))


def text_of(value: JSON | Absent) -> str:
    """A value as JSON on one line, cut; empty for none."""
    if value is ABSENT:
        return ""
    if isinstance(value, dict | list) and (len(value) > _LONGEST // 8):
        return value_text(value)
    return shorten(json_text(value), _LONGEST)


def more_text(changes: ValueChanges, shown: int) -> str:
    """How many changes there are beyond those that are shown; empty where there are none."""
    more = changes.total - shown
    return f"and {'more than ' * changes.is_open}{more:,} more" if more > 0 else ""


def place_text(pointer: str) -> str:
    """A place as it is shown; the whole value has no pointer."""
    return pointer or "the whole value"


def _clauses(comparison: Comparison) -> Iterator[Sentence]:
    if not comparison.has_same_handler:
        one, other = comparison.first.request, comparison.second.request
        yield sentence("two handlers, ", code(one.name), " and ", code(other.name))
    yield from _outcome(comparison)
    if comparison.inputs:
        yield sentence(f"{_total(comparison.inputs)} of the inputs {_differ(comparison.inputs)}")
    if comparison.settings and comparison.has_same_handler:
        names = " and ".join(one.pointer[1:] or "settings" for one in comparison.settings.changes[:2])
        yield sentence(f"other {names}")
    if comparison.result:
        yield sentence(f"{_total(comparison.result)} of the result {_differ(comparison.result)}")
    yield from _requests(comparison)
    if comparison.output:
        total = comparison.output.total
        yield sentence(f"{count(total, 'line')} of output {'differs' if total == 1 else 'differ'}")


def _outcome(comparison: Comparison) -> Iterator[Sentence]:
    one, other = comparison.first.outcome, comparison.second.outcome
    was, now, errors = one.status, other.status, comparison.validation
    if was is None or now is None:
        return
    if was is not now:
        yield (*_was(was, now, errors), *sentence(", "), *_is_now(was, now, errors))
    elif now in _JUDGED and errors.new and not errors.gone:
        yield (*_at(f"{count(len(errors.new), 'more error')}", errors.new[:1]),)
    elif now in _JUDGED and errors.new:
        yield (*_at(_BEFORE[was], errors.gone), *sentence(", "), *_now_at(now, errors))
    elif now in _JUDGED and errors.gone:
        yield (*_at("is valid", errors.gone), *sentence(f" now, {count(errors.both, 'error')} left"))
    elif comparison.has_other_error and one.error and other.error:
        yield _other_error(one.error, other.error)


def _was(was: Status, now: Status, errors: ErrorChanges) -> Sentence:
    if was in _JUDGED:
        return _at(_BEFORE[was], errors.gone)
    return sentence("was valid" if was is Status.SUCCEEDED and now in _JUDGED else _BEFORE[was])


def _is_now(was: Status, now: Status, errors: ErrorChanges) -> Sentence:
    if now in _JUDGED:
        return _now_at(now, errors)
    return sentence("is valid now" if now is Status.SUCCEEDED and was in _JUDGED else _NOW[now])


def _now_at(now: Status, errors: ErrorChanges) -> Sentence:
    return (*_at(_NOW[now].removesuffix(" now"), errors.new), *sentence(" now"))


def _at(verb: str, errors: Sequence[ValidationError]) -> Sentence:
    """The verb with the place of the first error, and how many others there are."""
    place = next((error.pointer for error in errors if error.pointer), "")
    if not place:
        return sentence(verb)
    others = f" and {count(len(errors) - 1, 'other place')}" if len(errors) > 1 else ""
    return sentence(f"{verb} at ", code(place), others)


def _other_error(one: ErrorInfo, other: ErrorInfo) -> Sentence:
    was, now = bare(one.type), bare(other.type)
    if was != now:
        return sentence("failed with ", code(was), ", fails with ", code(now), " now")
    return sentence("another message of ", code(now) if now else "the error")


def _requests(comparison: Comparison) -> Iterator[Sentence]:
    fewer = sum(pair.second is None for pair in comparison.exchanges)
    more = sum(pair.first is None for pair in comparison.exchanges)
    if more != fewer:
        number, word = abs(more - fewer), "more" if more > fewer else "fewer"
        yield sentence(f"{'one' if number == 1 else number} request{'s' * (number != 1)} {word}")
    elif more:
        yield sentence(f"{count(more, 'other request')}")
    changed = sum(pair.differs for pair in comparison.exchanges) - fewer - more
    if changed:
        yield sentence(f"{count(changed, 'exchange')} {'differs' if changed == 1 else 'differ'}")


def _time(comparison: Comparison) -> str:
    was, now = comparison.seconds
    if was is None or now is None or abs(was - now) < max(_LEAST, _SLOWER * max(was, now)):
        return ""
    return f"{span(abs(was - now))} {'faster' if now < was else 'slower'}"


def _total(changes: ValueChanges) -> str:
    return f"{'more than ' * changes.is_open}{count(changes.total, 'value')}"


def _differ(changes: ValueChanges) -> str:
    return "differs" if changes.total == 1 else "differ"


def _all_values(comparison: Comparison) -> Iterator[ValueChanges]:
    yield from (comparison.inputs, comparison.settings, comparison.result)
    yield from (part.changes for pair in comparison.exchanges for part in pair.parts)


def label(run: Run) -> str:
    """What a run is called beside another one: ``run 17``, or the name of its file."""
    return f"run {run.id}" if run.id.isdecimal() else run.id
