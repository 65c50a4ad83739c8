"""The exchanges of two runs put beside each other by their requests, and what differs in each pair."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

from workbench.answers.request_body import BodyForm, body_value
from workbench.comparison.value_changes import ValueChange, ValueChanges, value_changes
from workbench.comparison.volatile_values import VOLATILE_HEADERS
from workbench.domain import ABSENT, JSON, Absent, Exchange, Headers, NoiseKind, Request, Response
from workbench.jsondoc import pointer as pointers

_NUMBERED = re.compile(r"/(?:\d+|[0-9a-fA-F-]{16,})(?=/|$)")
_LONGEST: Final = 4_000
"""Characters of a body that is not JSON."""


class ExchangePart(StrEnum):
    """A part of an exchange in which two of them may differ."""

    METHOD = "method"
    URL = "url"
    REQUEST_HEADERS = "request headers"
    REQUEST_BODY = "request body"
    STATUS = "status"
    RESPONSE_HEADERS = "response headers"
    RESPONSE_BODY = "response body"
    RESPONSE_TRAILERS = "trailing metadata"
    FAILURE = "failure"


_HEADERS = (ExchangePart.REQUEST_HEADERS, ExchangePart.RESPONSE_HEADERS, ExchangePart.RESPONSE_TRAILERS)


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What differs in one part; headers and fields of forms and queries are an object of their names."""

    part: ExchangePart
    changes: ValueChanges


@dataclass(frozen=True, slots=True)
class ExchangePair:
    """An exchange of each run; None where only one of them has it. ``parts`` are those that differ."""

    first: Exchange | None
    second: Exchange | None
    parts: tuple[PartChanges, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether one lacks it, or something differs but noise."""
        return self.first is None or self.second is None or any(one.changes for one in self.parts)


def exchange_pairs(first: Sequence[Exchange], second: Sequence[Exchange]) -> tuple[ExchangePair, ...]:
    """All exchanges of both runs, in the order of the second; those with equal requests together."""
    pairs = _matched(first, second)
    behind = [-0.5, *(max((place for one, place in pairs if one < end), default=-0.5) for end in range(1, len(first)))]
    gone = set(range(len(first))) - {one for one, _ in pairs}
    new = set(range(len(second))) - {other for _, other in pairs}
    rows = [(float(other), exchange_pair(first[one], second[other])) for one, other in pairs]
    rows += [(float(place), ExchangePair(None, second[place])) for place in new]
    rows += [(behind[place] + 0.5, ExchangePair(first[place], None)) for place in sorted(gone)]
    return tuple(pair for _, pair in sorted(rows, key=lambda row: row[0]))


def _matched(first: Sequence[Exchange], second: Sequence[Exchange]) -> list[tuple[int, int]]:
    """Places of exchanges that belong together: by the whole request, else by its URL, else by the form of its path."""
    levels: tuple[Callable[[Request], Hashable], ...] = (
        lambda one: (one.method, one.url, one.body),
        lambda one: (one.method, one.url),
        lambda one: (one.method, one.url.partition("?")[0]),
        lambda one: (one.method, _NUMBERED.sub("/*", one.url.partition("?")[0])),
    )
    left, right = list(range(len(first))), list(range(len(second)))
    pairs: list[tuple[int, int]] = []
    for key_of in levels:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for place in left:
            waiting[key_of(first[place].request)].append(place)
        found = {place: known.popleft() for place in right if (known := waiting[key_of(second[place].request)])}
        pairs += [(one, other) for other, one in found.items()]
        taken = set(found.values())
        left, right = [one for one in left if one not in taken], [one for one in right if one not in found]
    return pairs


def exchange_pair(first: Exchange, second: Exchange) -> ExchangePair:
    """Two exchanges beside each other."""
    before, after = _parts(first), _parts(second)
    found = ((part, _changes(part, before[part], after[part])) for part in ExchangePart)
    parts = tuple(PartChanges(part, changes) for part, changes in found if changes or changes.noise)
    return ExchangePair(first, second, parts)


def _changes(part: ExchangePart, before: JSON | Absent, after: JSON | Absent) -> ValueChanges:
    changes = value_changes(before, after)
    return changes if part not in _HEADERS else _quiet(changes)


def _quiet(changes: ValueChanges) -> ValueChanges:
    """The changes of headers, those that follow from others or differ in each response as noise."""
    quiet = tuple(one for one in changes.changes if _is_volatile(one))
    if not quiet:
        return changes
    named = tuple(replace(one, noise=NoiseKind.TEXT) for one in quiet)
    loud = tuple(one for one in changes.changes if one not in quiet)
    return replace(
        changes,
        changes=loud,
        noise=(*changes.noise, *named),
        total=changes.total - len(quiet),
        total_noise=changes.total_noise + len(quiet),
    )


def _is_volatile(change: ValueChange) -> bool:
    both = change.before is not ABSENT and change.after is not ABSENT
    return both and pointers.split(change.pointer)[0] in VOLATILE_HEADERS


def _parts(exchange: Exchange) -> Mapping[ExchangePart, JSON | Absent]:
    request, response, error = exchange.request, exchange.response, exchange.error
    return {
        ExchangePart.METHOD: request.method,
        ExchangePart.URL: _url(request.url),
        ExchangePart.REQUEST_HEADERS: _headers(request.headers),
        ExchangePart.REQUEST_BODY: _body(request),
        ExchangePart.STATUS: ABSENT if response is None else response.status,
        ExchangePart.RESPONSE_HEADERS: ABSENT if response is None else _headers(response.headers),
        ExchangePart.RESPONSE_BODY: ABSENT if response is None else _body(response),
        ExchangePart.RESPONSE_TRAILERS: ABSENT if response is None else _headers(response.trailers),
        ExchangePart.FAILURE: ABSENT if error is None else {"type": error.type, "phase": error.phase},
    }


def _url(url: str) -> JSON:
    base, _, query = url.partition("?")
    return {"address": base, "query": _by_name(parse_qsl(urlsplit(f"?{query}").query, keep_blank_values=True))}


def _headers(headers: Headers) -> JSON:
    return _by_name((name.lower(), value) for name, value in headers)


def _by_name(pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> JSON:
    """An object of the names; one that stands more than once has an array."""
    found: dict[str, list[JSON]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: _single(values) for name, values in found.items()}


def _body(message: Request | Response) -> JSON | Absent:
    """A body as JSON, as the fields of its form, or as its text; ABSENT where there is none."""
    read = body_value(message.headers, message.body)
    if read.form is BodyForm.NONE:
        return ABSENT
    if read.form is BodyForm.FIELDS and isinstance(read.value, dict):
        return {name: _single(values) for name, values in read.value.items()}
    if read.form is BodyForm.TEXT and isinstance(read.value, str) and len(read.value) > _LONGEST:
        return f"{read.value[:_LONGEST]}… ({crc32(message.body):08x})"
    return read.value


def _single(values: JSON) -> JSON:
    """The one value of an array that has no other; any other array as it is."""
    return values[0] if isinstance(values, list) and len(values) == 1 else values
