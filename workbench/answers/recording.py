"""The exchanges of a recording, each of which answers one request."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from workbench.answers.comparison import differences, distance
from workbench.answers.request_parts import RequestParts, parts_of
from workbench.domain import Exchange, Noise, Request, RequestDifference, Unmatched

MOST_DIFFERENCES = 20
_BEFORE_REQUEST = ("dns", "connect", "tls", "request")
"""Phases of a failure before which nothing was sent."""


@dataclass(slots=True)
class _Entry:
    exchange: Exchange
    parts: RequestParts
    noise: tuple[Noise, ...]
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
        self._mask = mask or (lambda request: request)
        by_exchange: defaultdict[int, list[Noise]] = defaultdict(list)
        for one in noise:
            if one.exchange is not None:
                by_exchange[one.exchange].append(one)
        self._entries = [
            _Entry(exchange, parts_of(self._mask(exchange.request)), tuple(by_exchange[exchange.id]))
            for exchange in exchanges
            if exchange.request.method != "CONNECT" or _failed_early(exchange)  # to a proxy: a replay needs none
        ]
        self._exact: defaultdict[Hashable, deque[_Entry]] = defaultdict(deque)
        for entry in self._entries:
            self._exact[entry.parts.key].append(entry)
        self._inexact = [entry for entry in self._entries if entry.noise or entry.parts.is_cut]

    def take(self, request: Request) -> Exchange | Unmatched:
        """The exchange that answers ``request`` and from now on no other; else what comes closest."""
        sent = parts_of(self._mask(request))
        if (found := self._found(sent)) is None:
            return self._unmatched(request, sent)
        found.used = True
        return found.exchange

    def next(self, request: Request) -> Exchange | None:
        """The exchange that :meth:`take` would give; it stays free. Where each has answered, None."""
        entry = self._found(parts_of(self._mask(request)))
        return None if entry is None else entry.exchange

    def closest(self, request: Request) -> Exchange | None:
        """The response that such a request would likely get: that of the same method and host that differs least.

        Of several the last, as it is the one that a service goes on to give. None where there is none.
        """
        sent = parts_of(self._mask(request))
        known = [
            (distance(differences(entry.parts, sent, entry.noise)), -place, entry.exchange)
            for place, entry in enumerate(self._entries)
            if (entry.parts.method, entry.parts.host) == (sent.method, sent.host) and entry.exchange.response
        ]
        return min(known, key=lambda one: one[:2])[2] if known else None

    def take_unconnected(self, method: str, url: str) -> Exchange | None:
        """The exchange for a request that is about to connect, where that one failed before it was sent."""
        sent = parts_of(self._mask(Request(method, url)))
        entry = self._next_before_body(sent)
        if entry is None or not _failed_early(entry.exchange):
            return None
        entry.used = True
        return entry.exchange

    def will_not_connect(self, url: str) -> bool:
        """Whether the next unused exchange with that URL's host failed to connect, so that none is open by then."""
        host = parts_of(Request("GET", url)).host
        entry = next((one for one in self._entries if not one.used and one.parts.host == host), None)
        return entry is not None and _failed_early(entry.exchange)

    def _next_before_body(self, sent: RequestParts) -> _Entry | None:
        for entry in self._entries:
            if entry.used or entry.parts.method != sent.method:
                continue
            known = replace(entry.parts, headers=sent.headers, body=sent.body, is_cut=False)
            if not differences(known, sent, entry.noise):
                return entry
        return None

    def _found(self, sent: RequestParts) -> _Entry | None:
        """The first unused entry that is equal, or differs in nothing but noise."""
        equal = self._exact.get(sent.key, deque())
        while equal and equal[0].used:
            equal.popleft()
        if equal:
            return equal[0]
        free = (entry for entry in self._inexact if not entry.used)
        return next((entry for entry in free if not differences(entry.parts, sent, entry.noise)), None)

    def _unmatched(self, request: Request, sent: RequestParts) -> Unmatched:
        text = f"{request.method} {self._mask(request).url}"
        best: tuple[int, _Entry, tuple[RequestDifference, ...]] | None = None
        for entry in self._entries:
            found = differences(entry.parts, sent, entry.noise)
            far = 2 * distance(found) + (entry.used and bool(found))
            if best is None or far < best[0]:
                best = far, entry, found
        if best is None:
            return Unmatched(text)
        _, entry, found = best
        return Unmatched(text, entry.exchange.id, found[:MOST_DIFFERENCES], used=entry.used)


def _failed_early(exchange: Exchange) -> bool:
    return exchange.error is not None and exchange.error.phase in _BEFORE_REQUEST and exchange.response is None
