"""Noise found by replays: what changes from run to run though code and answers are the same, and its kind."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from workbench.answers.comparison import differences
from workbench.answers.noise_values import has_kind
from workbench.answers.request_body import BodyForm
from workbench.answers.request_parts import RequestParts, parts_of
from workbench.domain import (
    ABSENT,
    JSON,
    Absent,
    Exchange,
    Noise,
    NoiseKind,
    NoisePlace,
    RequestDifference,
    RequestPart,
    Run,
)
from workbench.jsondoc import pointer as pointers
from workbench.recordings.differences import changed_values, portable_text
from workbench.recordings.from_run import expected_of
from workbench.recordings.recording import Recording

_PLACES: Final = {RequestPart.QUERY: NoisePlace.QUERY, RequestPart.BODY: NoisePlace.BODY}
_ORDER: Final = (NoiseKind.UUID, NoiseKind.DATE_TIME, NoiseKind.NUMBER)
_WORDS: Final = re.compile(r"\w+|\W")
_LETTERS: Final = ("[0-9]", "[0-9a-f]", "[0-9A-F]", "[A-Za-z]", "[A-Za-z0-9]", r"\w")
_LONGEST: Final = 500


def find_noise(recording: Recording, run: Run) -> tuple[Noise, ...]:
    """The noise that a finished replay shows, which must be its masked view; that of the recording is not found again.

    Requests that differ in something else than values have none, nor has a run that ended in another way.
    """
    found = [*_of_requests(recording, run)]
    expected, actual = recording.expected, expected_of(run.outcome)
    if expected.status is actual.status:
        found += _of_result(recording, expected.result, actual.result)
        found += _of_error(recording, run)
    return tuple(found)


def with_noise(recording: Recording, found: Iterable[Noise]) -> tuple[Noise, ...]:
    """The recording's noise and what was found, one for each place; a place that is known becomes more general."""
    merged = {(one.exchange, one.place, one.pointer): one for one in recording.noise}
    for one in found:
        key = (one.exchange, one.place, one.pointer)
        merged[key] = _wider(merged[key], one) if key in merged else one
    return tuple(merged.values())


def kind_of(values: Iterable[JSON | Absent]) -> tuple[NoiseKind, str]:
    """The narrowest kind that all values have, and the pattern of a text."""
    known = [value for value in values if value is not ABSENT]
    for kind in _ORDER:
        candidate = Noise(NoisePlace.RESULT, "", kind)
        if known and all(has_kind(candidate, one) and _is_plainly(kind, one) for one in known):
            return kind, ""
    texts = [one for one in known if isinstance(one, str)]
    if len(texts) == len(known) and texts:
        return NoiseKind.TEXT, _pattern(texts)
    return NoiseKind.ANY, ""


def _is_plainly(kind: NoiseKind, value: JSON) -> bool:
    """Whether a value is of the kind and of no wider one: a number can be a time, and is one for nobody."""
    if kind is NoiseKind.DATE_TIME:
        return isinstance(value, str) and not _is_numeric(value)
    return True


def _is_numeric(text: str) -> bool:
    with suppress(ValueError):
        float(text)
        return True
    return False


def _of_requests(recording: Recording, run: Run) -> Iterator[Noise]:
    recorded = {exchange.id: exchange for exchange in recording.exchanges}
    for exchange in run.outcome.exchanges:
        unmatched = exchange.origin.unmatched
        closest = recorded.get(unmatched.closest or 0) if unmatched is not None else None
        if closest is not None and unmatched is not None and not unmatched.used:
            yield from _of_request(recording, closest, exchange)


def _of_request(recording: Recording, closest: Exchange, exchange: Exchange) -> Iterator[Noise]:
    before, after = parts_of(closest.request), parts_of(exchange.request)
    own = [one for one in recording.noise if one.exchange == closest.id]
    found = differences(before, after, own)
    if any(one.part not in (*_PLACES, RequestPart.PATH) for one in found):
        return
    for one in found:
        for noise in _of_difference(one, before, after, closest.id):
            yield noise
            yield from _likewise(recording, closest, noise)


def _of_difference(one: RequestDifference, before: RequestParts, after: RequestParts, exchange: int) -> Iterator[Noise]:
    if one.part is RequestPart.PATH:
        if len(before.segments) == len(after.segments):
            for place, (old, new) in enumerate(zip(before.segments, after.segments, strict=True)):
                if old != new:
                    kind, pattern = kind_of((old, new))
                    yield Noise(NoisePlace.PATH, str(place), kind, exchange, pattern)
        return
    values = [_value_at(parts, one) for parts in (before, after)]
    is_other_form = one.part is RequestPart.BODY and before.body.form is not after.body.form  # as where none was sent
    if is_other_form or any(value is ABSENT for value in values):
        return
    kind, pattern = kind_of(values)
    yield Noise(_PLACES[one.part], one.pointer, kind, exchange, pattern)


def _value_at(parts: RequestParts, one: RequestDifference) -> JSON | Absent:
    """The value of a difference; of fields, whose values stand in arrays, the first where no index is named."""
    whole: JSON = parts.query if one.part is RequestPart.QUERY else parts.body.value
    value: JSON | Absent = pointers.resolve(whole, one.pointer)
    has_lists = one.part is RequestPart.QUERY or parts.body.form is BodyForm.FIELDS
    is_first = has_lists and len(pointers.split(one.pointer)) == 1
    return value[0] if is_first and isinstance(value, list) and value else value


def _likewise(recording: Recording, closest: Exchange, noise: Noise) -> Iterator[Noise]:
    """The same noise of other exchanges with the same method and path, where their value has the kind too."""
    if noise.kind is NoiseKind.ANY or noise.place is NoisePlace.PATH:
        return
    own = parts_of(closest.request)
    one = RequestDifference(RequestPart.QUERY if noise.place is NoisePlace.QUERY else RequestPart.BODY, noise.pointer)
    for exchange in recording.exchanges:
        other = parts_of(exchange.request)
        if exchange.id == closest.id or (other.method, other.host, other.segments) != (
            own.method,
            own.host,
            own.segments,
        ):
            continue
        value = _value_at(other, one)
        if value is not ABSENT and has_kind(noise, value) and (noise.kind is not NoiseKind.NUMBER or _is_epoch(value)):
            yield Noise(noise.place, noise.pointer, noise.kind, exchange.id, noise.pattern)


def _is_epoch(value: JSON) -> bool:
    """Whether a number can be a time in seconds or less since 1970; a smaller one may be a page or an amount."""
    return isinstance(value, str | int | float) and float(value) >= 1e9


def _of_result(recording: Recording, expected: JSON, actual: JSON) -> Iterator[Noise]:
    known = {one.pointer: one for one in recording.noise if one.place is NoisePlace.RESULT}
    for place, old, new in changed_values(expected, actual):
        if old is ABSENT or new is ABSENT or (place in known and has_kind(known[place], new)):
            continue
        kind, pattern = kind_of((old, new))
        yield Noise(NoisePlace.RESULT, place, kind, None, pattern)


def _of_error(recording: Recording, run: Run) -> Iterator[Noise]:
    expected, actual = recording.expected.error, run.outcome.error
    if expected is None or actual is None or expected.type != actual.type:
        return
    root = run.request.root
    old, new = portable_text(expected.message, root), portable_text(actual.message, root)
    known = next((one for one in recording.noise if one.place is NoisePlace.ERROR), None)
    if old != new and (known is None or not has_kind(known, new)):
        yield Noise(NoisePlace.ERROR, "/message", NoiseKind.TEXT, None, _pattern([old, new]))


def _wider(one: Noise, other: Noise) -> Noise:
    """One noise for what two say of a place."""
    if one == other:
        return one
    if one.kind is other.kind is NoiseKind.TEXT or {one.kind, other.kind} <= {
        NoiseKind.TEXT,
        NoiseKind.UUID,
        NoiseKind.DATE_TIME,
    }:
        patterns = [each.pattern for each in (one, other)]
        is_first = all(patterns) and not any("|" in each for each in patterns)
        return Noise(one.place, one.pointer, NoiseKind.TEXT, one.exchange, "|".join(patterns) if is_first else "")
    return Noise(one.place, one.pointer, NoiseKind.ANY, one.exchange, "")


def _pattern(texts: list[str]) -> str:
    """A regular expression for texts of one build: what they share as it is, of the rest the kinds of characters.

    Empty, for any text, where they are long or built differently.
    """
    if any(len(text) > _LONGEST for text in texts):
        return ""
    split = [_WORDS.findall(text) for text in texts]
    if len({tuple("a" if word[0].isalnum() else word for word in words) for words in split}) > 1:
        return _common_ends(texts)
    return "".join(_piece([words[place] for words in split]) for place in range(len(split[0])))


def _piece(words: list[str]) -> str:
    """The part of a pattern for words that stand in one place."""
    if len(set(words)) == 1:
        return re.escape(words[0])
    letters = next(letters for letters in _LETTERS if all(re.fullmatch(f"{letters}+", word) for word in words))
    lengths = set(map(len, words))
    return f"{letters}{{{lengths.pop()}}}" if len(lengths) == 1 and len(words[0]) > 3 else f"{letters}+"


def _common_ends(texts: list[str]) -> str:
    """What the texts share at their beginning and their end, anything between."""
    first, last = min(texts), max(texts)
    start = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    turned = [text[start:][::-1] for text in texts]
    first, last = min(turned), max(turned)
    end = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return f"{re.escape(texts[0][:start])}[\\s\\S]*{re.escape(turned[0][:end][::-1])}" if start or end else ""
