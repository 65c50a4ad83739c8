"""The exchanges of a recording, each of which answers one request."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workbench.answers.comparison import differences, distance, is_match, target_differences
from workbench.answers.request_parts import RequestParts, as_far_as, parts_of
from workbench.domain import Exchange, FailureKind, Noise, NoisePlace, Request, RequestDifference, Unmatched

MOST_DIFFERENCES = 20
_MOST_EFFORT = 10_000
"""KiB of recorded requests that are compared for what comes closest; one counts at least one. That takes 2 s."""
_FEW = 10
"""Recorded requests with the same method, host and path that are compared when all of that is spent."""
_BEFORE_REQUEST = ("dns", "connect", "tls")
"""Phases of a failure before which nothing was sent."""
_MARGIN = 65_536
"""Bytes of a body beyond the longest recorded one that are compared: values may be longer than those recorded."""


@dataclass(slots=True)
class _Entry:
    exchange: Exchange
    parts: RequestParts
    noise: tuple[Noise, ...]
    has_path_noise: bool
    used: bool = False


def stored_in_part(exchange: Exchange) -> Unmatched | None:
    """What is said of an exchange whose response is too long to be stored whole; None where it is whole.

    A part of a response is no answer: code that reads it fails in a way in which it never failed before. Nobody reads
    the body of a redirect, which browsers do not store.
    """
    response = exchange.response
    if response is None or not response.cut or 300 <= response.status < 400:
        return None
    request = f"{exchange.request.method} {exchange.request.url}"
    return Unmatched(request, exchange.id, stored=len(response.body), size=response.size)


def incomplete_responses(exchanges: Iterable[Exchange]) -> int:
    """How many of them cannot answer, since their response was not stored whole."""
    return sum(stored_in_part(one) is not None for one in exchanges)


def was_rejected(exchange: Exchange) -> bool:
    """Whether its library did not send it. A replay does not answer it: the library rejects it again."""
    return exchange.error is not None and exchange.error.phase == "request" and exchange.response is None


class Recording:
    """Finds the recorded exchange for a request. Those that are equal answer in order of recording.

    ``mask`` gives a request without its secrets; both sides are compared so.
    """

    def __init__(
        self,
        exchanges: Iterable[Exchange],
        noise: Iterable[Noise] = (),
        mask: Callable[[Request], Request] | None = None,
    ) -> None:
        exchanges = tuple(exchanges)
        self._mask = mask or (lambda request: request)
        by_exchange: defaultdict[int, list[Noise]] = defaultdict(list)
        has_body_noise = False
        for one in noise:
            has_body_noise |= one.place is NoisePlace.BODY
            if one.exchange is not None:
                by_exchange[one.exchange].append(one)
        longest = max((len(one.request.body) for one in exchanges), default=0) + _MARGIN
        self._longest = None if has_body_noise else longest
        self._entries = [
            _Entry(
                exchange,
                parts_of(self._mask(exchange.request)),
                tuple(by_exchange[exchange.id]),
                any(one.place is NoisePlace.PATH for one in by_exchange[exchange.id]),
            )
            for exchange in exchanges
            if not was_rejected(exchange)
            and (exchange.request.method != "CONNECT" or _failed_early(exchange))  # to a proxy: a replay needs none
        ]
        self._index()
        self._has_unconnected = any(_failed_early(entry.exchange) for entry in self._entries)
        self._has_unsent = any(_broke_while_sent(entry.exchange) for entry in self._entries)
        self._effort = 0

    def _index(self) -> None:
        self._exact: defaultdict[Hashable, deque[_Entry]] = defaultdict(deque)
        for entry in self._entries:
            self._exact[entry.parts.key].append(entry)
        self._inexact = [entry for entry in self._entries if entry.noise or entry.parts.is_cut]

    def mask_again(self) -> None:
        """Compare with recorded requests as ``mask`` gives them now that it knows more secrets."""
        for entry in self._entries:
            entry.parts = parts_of(self._mask(entry.exchange.request))
        self._index()

    def take(self, request: Request) -> Exchange | Unmatched:
        """The exchange that answers ``request`` and from now on no other; else what comes closest.

        Of a ``request`` that is cut more lines are to come.
        """
        sent = self._sent(request)
        if (found := self._found(sent)) is None:
            return self._unmatched(request, sent)
        found.used = True
        return found.exchange

    def departure(self, exchange: int, request: Request) -> Unmatched | None:
        """What ``request``, of which more is known now, has otherwise than the exchange that answers it."""
        sent = self._sent(request)
        entry = next(one for one in self._entries if one.exchange.id == exchange)
        found = _differences(entry, sent)
        return Unmatched(self._named(request), exchange, found[:MOST_DIFFERENCES]) if found else None

    def next(self, request: Request) -> Exchange | None:
        """The exchange that :meth:`take` would give; it stays free. Where each has answered, None."""
        entry = self._found(self._sent(request))
        return None if entry is None else entry.exchange

    def closest(self, request: Request) -> Exchange | None:
        """The response that such a request would likely get: that of the same method and host that differs least.

        Of several the last, as it is the one that a service goes on to give. None where there is none.
        """
        sent = self._sent(request)
        target = sent.method, sent.host
        known = [one for one in self._entries if (one.parts.method, one.parts.host) == target and one.exchange.response]
        found = self._closest(known[::-1], sent)
        return None if found is None else found[0].exchange

    def take_unconnected(self, method: str, url: str) -> Exchange | None:
        """The exchange for a request that is about to connect, where that one failed before it was sent."""
        if not self._has_unconnected:
            return None
        entry = self._next_before_body(parts_of(self._mask(Request(method, url))))
        if entry is None or not _failed_early(entry.exchange):
            return None
        entry.used = True
        return entry.exchange

    def fails_to_send(self, method: str, url: str) -> bool:
        """Whether the connection of the next exchange with that method and URL broke while its request was sent."""
        if not self._has_unsent:
            return False
        entry = self._next_before_body(parts_of(self._mask(Request(method, url))))
        return entry is not None and _broke_while_sent(entry.exchange)

    def will_not_connect(self, url: str) -> bool:
        """Whether the next unused exchange with that URL's host failed to connect, so that none is open by then."""
        if not self._has_unconnected:
            return False
        host = parts_of(Request("GET", url)).host
        entry = next((one for one in self._entries if not one.used and one.parts.host == host), None)
        return entry is not None and _failed_early(entry.exchange)

    def _sent(self, request: Request) -> RequestParts:
        """The parts of a request. Of a long body the beginning will do, as its secrets take a second for 2 MB.

        Not where a value in a body is compared by its kind alone: it may be of any length.
        """
        request = replace(request, body=request.body[: self._longest])
        return parts_of(self._mask(request))

    def _next_before_body(self, sent: RequestParts) -> _Entry | None:
        for entry in _of_target((one for one in self._entries if not one.used), sent):
            known = replace(entry.parts, headers=sent.headers, body=sent.body, is_cut=False)
            if is_match(known, sent, entry.noise):
                return entry
        return None

    def _found(self, sent: RequestParts) -> _Entry | None:
        """The first unused entry that is equal, or differs in nothing but noise."""
        if sent.is_cut:
            begun = _of_target((entry for entry in self._entries if not entry.used), sent)
            return next((entry for entry in begun if not _differences(entry, sent)), None)
        equal = self._exact.get(sent.key, deque())
        while len(equal) > 1 and equal[0].used:
            equal.popleft()
        if equal and not equal[0].used:
            return equal[0]
        free = _of_target((entry for entry in self._inexact if not entry.used), sent)
        return next((entry for entry in free if is_match(entry.parts, sent, entry.noise)), None)

    def _answered_already(self, sent: RequestParts) -> _Entry | None:
        """The last of the entries for such a request, where each has answered one."""
        if sent.is_cut:
            return None
        if equal := self._exact.get(sent.key):
            return equal[-1]
        used = _of_target(reversed(self._inexact), sent)
        return next((entry for entry in used if is_match(entry.parts, sent, entry.noise)), None)

    def _unmatched(self, request: Request, sent: RequestParts) -> Unmatched:
        text = self._named(request)
        if (answered := self._answered_already(sent)) is not None:
            return Unmatched(text, answered.exchange.id, used=True)
        closest = self._closest(sorted(self._entries, key=lambda one: one.used), sent)
        if closest is None:
            return Unmatched(text)
        entry, found = closest
        return Unmatched(text, entry.exchange.id, found[:MOST_DIFFERENCES], used=entry.used)

    def _named(self, request: Request) -> str:
        return f"{request.method} {self._mask(replace(request, body=b'')).url}"

    def _closest(
        self, candidates: Sequence[_Entry], sent: RequestParts
    ) -> tuple[_Entry, tuple[RequestDifference, ...]] | None:
        """The first of the candidates that differ least, and what differs.

        Bodies are compared only where method, host and path leave a chance. A replay in which thousands of requests
        match nothing would take minutes all the same: after some effort a few with the same target stand for all, or
        the first.
        """
        most = max(_MOST_EFFORT, self._effort + _FEW)
        if self._effort < _MOST_EFFORT:
            self._effort += len(candidates) // 100
        else:
            candidates = [*islice(_of_target(candidates, sent), _FEW)] or candidates[:1]
        ranked = sorted(
            (distance(target_differences(one.parts, sent, one.noise)), place) for place, one in enumerate(candidates)
        )
        best: tuple[int, int] | None = None
        closest: tuple[_Entry, tuple[RequestDifference, ...]] | None = None
        for least, place in ranked:
            if best is not None and (least > best[0] or self._effort >= most):
                break
            entry = candidates[place]
            found = _differences(entry, sent)
            self._effort += 1 + len(entry.parts.raw) // 1024
            far = distance(found), place
            if best is None or far < best:
                best, closest = far, (entry, found)
        return closest


def _of_target(entries: Iterable[_Entry], sent: RequestParts) -> Iterator[_Entry]:
    """Those with the method, scheme, host and path of ``sent``; most others have another path."""
    for one in entries:
        if (one.has_path_noise or one.parts.segments == sent.segments) and not any(
            True for _ in target_differences(one.parts, sent, one.noise)
        ):
            yield one


def _differences(entry: _Entry, sent: RequestParts) -> tuple[RequestDifference, ...]:
    recorded = entry.parts
    if sent.is_cut:
        recorded, sent = as_far_as(recorded, sent)
    return differences(recorded, sent, entry.noise)


def _failed_early(exchange: Exchange) -> bool:
    return exchange.error is not None and exchange.error.phase in _BEFORE_REQUEST and exchange.response is None


def _broke_while_sent(exchange: Exchange) -> bool:
    error = exchange.error if exchange.response is None else None
    return error is not None and error.phase == "send" and error.kind is FailureKind.DISCONNECTED
