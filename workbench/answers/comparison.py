"""Two requests compared part by part."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from workbench.answers.noise_values import at, has_kind
from workbench.answers.request_body import BodyForm
from workbench.answers.request_parts import RequestParts
from workbench.domain import ABSENT, JSON, Absent, Noise, NoisePlace, RequestDifference, RequestPart
from workbench.jsondoc import equality, pointer

_LONGEST = 120
_WEIGHTS = {RequestPart.HOST: 40, RequestPart.PATH: 12, RequestPart.METHOD: 10, RequestPart.SCHEME: 4}


def differences(
    recorded: RequestParts, sent: RequestParts, noise: Iterable[Noise] = ()
) -> tuple[RequestDifference, ...]:
    """What differs, in the order of a request's parts; nothing where the recorded answer is the one for ``sent``."""
    known = tuple(noise)
    return (*target_differences(recorded, sent, known), *_content_differences(recorded, sent, known))


def is_match(recorded: RequestParts, sent: RequestParts, noise: tuple[Noise, ...]) -> bool:
    """Whether nothing differs; the cheap parts are compared first."""
    return not any(True for _ in target_differences(recorded, sent, noise)) and not any(
        True for _ in _content_differences(recorded, sent, noise)
    )


def target_differences(
    recorded: RequestParts, sent: RequestParts, noise: tuple[Noise, ...]
) -> Iterator[RequestDifference]:
    """What differs before query and body: most requests that do not match differ there."""
    yield from _plain(RequestPart.METHOD, recorded.method, sent.method)
    yield from _plain(RequestPart.SCHEME, recorded.scheme, sent.scheme)
    yield from _plain(RequestPart.HOST, recorded.host, sent.host)
    yield from _path(recorded.segments, sent.segments, at(noise, NoisePlace.PATH))


def _content_differences(
    recorded: RequestParts, sent: RequestParts, noise: tuple[Noise, ...]
) -> Iterator[RequestDifference]:
    yield from _fields(RequestPart.QUERY, recorded.query, sent.query, at(noise, NoisePlace.QUERY))
    yield from _fields(RequestPart.HEADER, recorded.headers, sent.headers, at(noise, NoisePlace.HEADER))
    yield from _body(recorded, sent, at(noise, NoisePlace.BODY))


def distance(found: Iterable[RequestDifference]) -> int:
    """How far apart two requests are that differ so: another host counts more than another value."""
    return sum(_WEIGHTS.get(one.part, 1) for one in found)


def _plain(part: RequestPart, recorded: str, sent: str) -> Iterator[RequestDifference]:
    if recorded != sent:
        yield RequestDifference(part, "", recorded, sent)


def _path(recorded: tuple[str, ...], sent: tuple[str, ...], noise: Mapping[str, Noise]) -> Iterator[RequestDifference]:
    same = len(recorded) == len(sent) and all(
        one == other or ((known := noise.get(str(place))) is not None and has_kind(known, other))
        for place, (one, other) in enumerate(zip(recorded, sent, strict=True))
    )
    if not same:
        yield RequestDifference(RequestPart.PATH, "", "/" + "/".join(recorded), "/" + "/".join(sent))


def _body(recorded: RequestParts, sent: RequestParts, noise: Mapping[str, Noise]) -> Iterator[RequestDifference]:
    part, one, other = RequestPart.BODY, recorded.body, sent.body
    if recorded.is_cut and one.form is BodyForm.NONE:  # nothing of it is known
        return
    if recorded.is_cut and bytes(sent.raw).startswith(bytes(recorded.raw)):
        return
    if recorded.is_cut and isinstance(one.value, str) and isinstance(other.value, str):
        if not other.value.startswith(one.value):
            yield RequestDifference(part, "", _short(one.value), _short(other.value))
    elif one.form is not other.form:
        yield RequestDifference(part, "", _whole(one.form, one.value), _whole(other.form, other.value))
    elif one.form is BodyForm.FIELDS:
        yield from _fields(part, one.value, other.value, noise)
    else:
        yield from _json(part, "", one.value, other.value, noise)


def _json(
    part: RequestPart, place: str, recorded: JSON | Absent, sent: JSON | Absent, noise: Mapping[str, Noise]
) -> Iterator[RequestDifference]:
    if (known := noise.get(place)) is not None and sent is not ABSENT and has_kind(known, sent):
        return
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for name in dict.fromkeys((*recorded, *sent)):
            below = pointer.join(place, name)
            yield from _json(part, below, recorded.get(name, ABSENT), sent.get(name, ABSENT), noise)
    elif isinstance(recorded, list) and isinstance(sent, list):
        for index, (one, other) in enumerate(zip_longest(recorded, sent, fillvalue=ABSENT)):
            yield from _json(part, pointer.join(place, index), one, other, noise)
    elif recorded is ABSENT or sent is ABSENT or equality.key(recorded) != equality.key(sent):
        yield RequestDifference(part, place, _short(recorded), _short(sent))


def _fields(part: RequestPart, recorded: JSON, sent: JSON, noise: Mapping[str, Noise]) -> Iterator[RequestDifference]:
    """The differences of two sets of named values, whose order counts in neither."""
    before, after = _lists(recorded), _lists(sent)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) == after.get(name):
            continue
        shared = Counter(before.get(name, ())) & Counter(after.get(name, ()))
        missing = _without(before.get(name, ()), shared)
        rest = [value for _, value in _without(after.get(name, ()), shared)]
        pairs = list(zip_longest([one for one in missing if not _excused(one, name, rest, noise)], rest))
        for expected, value in pairs:
            index = expected[0] if expected else len(before.get(name, ()))
            place = pointer.join("", name) if not index else pointer.join("", name, index)
            yield RequestDifference(part, place, _short(expected[1]) if expected else None, _known(value))


def _without(values: Iterable[str], shared: Counter[str]) -> list[tuple[int, str]]:
    """The values that are not among the ``shared`` ones, each with its index."""
    left, found = Counter(shared), []
    for index, value in enumerate(values):
        if left[value] > 0:
            left[value] -= 1
        else:
            found.append((index, value))
    return found


def _excused(missing: tuple[int, str], name: str, rest: list[str], noise: Mapping[str, Noise]) -> bool:
    """Whether one of the values that were sent has the kind of the missing one; it is then taken out of ``rest``."""
    index = missing[0]
    known = noise.get(pointer.join("", name, index)) or (noise.get(pointer.join("", name)) if not index else None)
    if known is None:
        return False
    found = next((value for value in rest if has_kind(known, value)), None)
    if found is not None:
        rest.remove(found)
    return found is not None


def _lists(fields: JSON) -> dict[str, list[str]]:
    if not isinstance(fields, dict):
        return {}
    return {name: [str(value) for value in values] for name, values in fields.items() if isinstance(values, list)}


def _whole(form: BodyForm, value: JSON) -> str | None:
    return None if form is BodyForm.NONE else _short(value)


def _known(value: str | None) -> str | None:
    return None if value is None else _short(value)


def _short(value: JSON | Absent) -> str | None:
    """A value as a short text of JSON; None for an absent one."""
    if value is ABSENT:
        return None
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
