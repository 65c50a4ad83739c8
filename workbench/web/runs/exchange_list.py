"""The exchanges that a query finds, in its order, and which of them are shown; those that failed always are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workbench.domain import Exchange
from workbench.explain import urls
from workbench.web.runs.exchange_detail import exchange_pill
from workbench.web.runs.exchange_query import ExchangeQuery, SortColumn

SHOWN = 200
"""Exchanges of one part of the list, and those that failed elsewhere that are shown beside it."""


@dataclass(frozen=True, slots=True)
class ListedExchange:
    """An exchange with the facts that lists ask for; ``status_class`` is ``4xx``, or ``none`` without a response."""

    exchange: Exchange
    host: str
    status_class: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """Exchanges ``start`` to ``stop`` (exclusive) of the list, not shown; ``failed`` counts those that failed."""

    start: int
    stop: int
    failed: int


def facts_of(exchanges: Sequence[Exchange], live: bool) -> tuple[ListedExchange, ...]:
    """The exchanges in the order in which they began; ``live`` is whether their run goes on."""
    ordered = sorted(exchanges, key=lambda exchange: exchange.started_at)
    hosts: dict[str, str] = {}
    return tuple(
        ListedExchange(one, _host(one.request.url, hosts), _class(one), exchange_pill(one, live).tone == "bad")
        for one in ordered
    )


def _host(url: str, known: dict[str, str]) -> str:
    """The host of a URL; those that begin alike up to their path have the same, so that each is read once."""
    end = url.find("/", url.find("://") + 3)
    start = url if end < 0 else url[:end]
    if start not in known:
        known[start] = urls.host_and_path(start)[0]
    return known[start]


def find(listed: Sequence[ListedExchange], query: ExchangeQuery) -> list[ListedExchange]:
    """Those that the query asks for, in its order."""
    words = query.q.lower().split()
    found = [one for one in listed if _is_wanted(one, query, words)]
    if query.sort is not None:
        found.sort(key=_KEYS[query.sort], reverse=query.descending)
    return found


def part(found: Sequence[ListedExchange], start: int, opened: Exchange | None) -> Iterator[int | Hidden]:
    """The positions that are shown of a list, and what is hidden between them.

    These are a part from ``start`` on, those that failed, and the one that is ``opened``.
    """
    start = min(start, max(0, len(found) - 1))
    shown = {*range(start, min(start + SHOWN, len(found)))}
    beside = [at for at, one in enumerate(found) if one.failed and at not in shown]
    shown.update(beside[:SHOWN])
    shown.update(at for at, one in enumerate(found) if one.exchange is opened)
    at = 0
    for position in sorted(shown):
        if position > at:
            yield _hidden(found, at, position)
        yield position
        at = position + 1
    if at < len(found):
        yield _hidden(found, at, len(found))


def took(exchange: Exchange) -> float | None:
    """Seconds from its first phase to its last; None while it is under way."""
    if exchange.timings.total is not None:
        return exchange.timings.total / 1000
    return None if exchange.ended_at is None else exchange.ended_at - exchange.started_at


def _hidden(found: Sequence[ListedExchange], start: int, stop: int) -> Hidden:
    return Hidden(start, stop, sum(one.failed for one in found[start:stop]))


def _class(exchange: Exchange) -> str:
    status = exchange.response.status if exchange.response else 0
    return f"{status // 100}xx" if status else "none"


def _is_wanted(one: ListedExchange, query: ExchangeQuery, words: Sequence[str]) -> bool:
    if query.failed and not one.failed:
        return False
    exchange = one.exchange
    if query.status not in ("", one.status_class) or query.host not in ("", one.host):
        return False
    if query.library not in ("", exchange.library):
        return False
    return not words or _has(one, words)


def _has(one: ListedExchange, words: Sequence[str]) -> bool:
    request = one.exchange.request
    text = f"{request.method} {request.url} {one.exchange.library} {exchange_pill(one.exchange).text}".lower()
    return all(word in text for word in words)


type _Key = Callable[[ListedExchange], str | float]

_KEYS: dict[SortColumn, _Key] = {
    SortColumn.METHOD: lambda one: str(one.exchange.request.method),
    SortColumn.URL: lambda one: str(one.exchange.request.url),
    SortColumn.STATUS: lambda one: one.exchange.response.status if one.exchange.response else 0,
    SortColumn.SIZE: lambda one: one.exchange.response.size if one.exchange.response else -1,
    SortColumn.TIME: lambda one: took(one.exchange) or 0.0,
}
