"""Calls that are made again after they failed, by a package on top of a library or the handler: attempts of one call.

A library's own retries are attempts of one group as they are captured. Nothing on the wire tells who sends a request
again: it is the same request, of the same line, after one that failed and is over.
"""

from dataclasses import dataclass
from typing import Final

from workbench.domain import Exchange
from workbench.domain.content_type import content_type_of

_TRY_AGAIN: Final = (401, 408, 409, 425, 429)
"""Statuses below 500 after which clients send the same request again."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A call by its first request. It is of ``group``, where ``before`` attempts were made of it already."""

    first: Exchange
    group: int
    before: int = 0


class RepeatedCalls:
    """The calls of a run, as their exchanges end."""

    def __init__(self) -> None:
        self._calls: dict[int, _Call] = {}
        self._failed: dict[object, tuple[_Call, int, float]] = {}
        """By what a call asks for: the last that failed, its attempts, and when it was over."""

    def place(self, exchange: Exchange) -> tuple[int, int]:
        """The group and the number of an exchange that has just ended."""
        call = self._calls.get(exchange.group)
        if call is None:
            if exchange.call_site is None or exchange.attempt != 1:
                return exchange.group, exchange.attempt
            call = self._calls[exchange.group] = self._begin(exchange)
        attempt, has_failed = exchange.attempt + call.before, _has_failed(exchange)
        if has_failed:
            self._failed[_key(call.first)] = call, attempt, exchange.ended_at or 0.0
        elif self._failed:
            self._failed.pop(_key(call.first), None)
        return call.group, attempt

    def _begin(self, exchange: Exchange) -> _Call:
        if self._failed and (found := self._failed.get(_key(exchange))) is not None:
            before, attempts, ended_at = found
            if ended_at <= exchange.started_at and _plain(before.first) == _plain(exchange):
                return _Call(exchange, before.group, attempts)
        return _Call(exchange, exchange.group)


def _key(exchange: Exchange) -> object:
    return exchange.call_site, exchange.request.method, exchange.request.url


def _has_failed(exchange: Exchange) -> bool:
    if exchange.error is not None:
        return not exchange.error.is_cancelled
    status = exchange.response.status if exchange.response else 0
    return status >= 500 or status in _TRY_AGAIN


def _plain(exchange: Exchange) -> bytes:
    """The body without the boundary of multipart, which is another one in each request."""
    boundary = content_type_of(exchange.request.headers).boundary
    body = exchange.request.body
    return body.replace(boundary.encode("latin-1", "replace"), b"") if boundary else body
