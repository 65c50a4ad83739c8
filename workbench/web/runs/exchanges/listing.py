"""The exchanges of a run as the HTTP tab lists them: those that a query finds, in its order, and which are shown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.domain import Exchange, Outcome, RunState
from workbench.explain.http import retries, urls
from workbench.explain.http.redirects import find_redirects
from workbench.explain.outcome_cache import once_an_outcome
from workbench.web.runs.exchanges.exchange_detail import exchange_pill, has_failed
from workbench.web.runs.exchanges.query import ExchangeQuery, SortColumn
from workbench.web.runs.exchanges.words import ExchangeWords

SHOWN = 40
"""Exchanges of one part of the list: more than a screen has, so that the next part is there before it is seen."""
_BEFORE = 25
"""Exchanges at least that are shown before the opened one, where there are so many."""
_IN_BODY = "body:"
"""What stands before a word that is searched for in headers and bodies."""
_STEP = 10
"""The part moves by so many: while a run goes on, its rows are not sent again for each new exchange."""


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


class RunExchanges:
    """The exchanges of one outcome in the order in which they began, and what the tab tells of all of them."""

    def __init__(self, outcome: Outcome) -> None:
        self.live = outcome.state is not RunState.FINISHED
        self._exchanges = outcome.exchanges
        hosts: dict[str, str] = {}
        self.listed = tuple(
            ListedExchange(one, _host(one.request.url, hosts), _class(one), has_failed(one, self.live))
            for one in sorted(outcome.exchanges, key=lambda exchange: exchange.started_at)
        )
        self.hosts = sorted({one.host for one in self.listed})
        self.status_classes = {one.status_class for one in self.listed}
        self.libraries = {one.exchange.library for one in self.listed}
        self.failed = sum(one.failed for one in self.listed)
        self.end = max((one.ended_at or 0.0 for one in outcome.exchanges), default=0.0)
        self.redirects = find_redirects(outcome.exchanges)
        self.pending = retries.pending(outcome.exchanges)
        self.previous = _previous(one.exchange for one in self.listed)
        self.waited = {one.group for one in outcome.exchanges if one.retry}
        self._words = ExchangeWords([one.exchange for one in self.listed])

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """What the filter searches of each, in the order of ``listed``."""
        return tuple(
            f"{one.exchange.request.method} {one.exchange.request.url} {one.exchange.library} "
            f"{exchange_pill(one.exchange).text}".lower()
            for one in self.listed
        )

    def _test(self, word: str) -> Callable[[int], bool]:
        """Whether the row at a position has a word; ``-word``: has it not; ``body:word``: headers or bodies have it."""
        if word.startswith("-") and len(word) > 1:
            inner = self._test(word[1:])
            return lambda at: not inner(at)
        if word.startswith(_IN_BODY):
            return self._words.positions(word.removeprefix(_IN_BODY)).__contains__
        return lambda at: word in self._texts[at]

    def find(self, query: ExchangeQuery) -> Sequence[ListedExchange]:
        """Those that the query asks for, in its order."""
        found: Sequence[ListedExchange] = self.listed
        if words := query.q.lower().split():
            tests = [self._test(word) for word in words]
            found = [one for at, one in enumerate(self.listed) if all(test(at) for test in tests)]
        if query.is_filter:
            found = [one for one in found if _is_wanted(one, query)]
        if query.sort is not None:
            found = sorted(found, key=_KEYS[query.sort], reverse=query.descending)
        return found


@once_an_outcome
def of_outcome(outcome: Outcome) -> RunExchanges:
    """The exchanges of an outcome."""
    return RunExchanges(outcome)


def opened(found: Sequence[ListedExchange], query: ExchangeQuery, selected: int | None) -> Exchange | None:
    """The exchange to open: the selected one, else the newest, or the first that a filter or an order brings."""
    chosen = next((one.exchange for one in found if one.exchange.id == selected), None)
    if chosen is not None or not found:
        return chosen
    return found[-1 if query.is_in_order else 0].exchange


def part_start(found: Sequence[ListedExchange], query: ExchangeQuery, opened: Exchange | None) -> int:
    """The position from which the list is shown: that of the query, else one near the opened exchange."""
    last = max(0, len(found) - SHOWN)
    if query.start is not None:
        return min(query.start, max(0, len(found) - 1))
    at = next((at for at, one in enumerate(found) if one.exchange is opened), 0)
    return min(max(0, at - _BEFORE) // _STEP * _STEP, -(-last // _STEP) * _STEP)


def part(found: Sequence[ListedExchange], start: int, opened: Exchange | None) -> Iterator[int | Hidden]:
    """The positions that are shown of a list, and what is hidden between them: a part, and the opened exchange."""
    shown = {*range(start, min(start + SHOWN, len(found)))}
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


def _previous(exchanges: Iterable[Exchange]) -> dict[int, Exchange]:
    """The attempt before each that is not the first of its call, by its id."""
    latest: dict[int, Exchange] = {}
    found: dict[int, Exchange] = {}
    for one in exchanges:
        if one.group in latest:
            found[one.id] = latest[one.group]
        latest[one.group] = one
    return found


def _host(url: str, known: dict[str, str]) -> str:
    """The host of a URL; those that begin alike up to their path have the same, so that each is read once."""
    end = url.find("/", url.find("://") + 3)
    start = url if end < 0 else url[:end]
    if start not in known:
        known[start] = urls.host_and_path(start)[0]
    return known[start]


def _hidden(found: Sequence[ListedExchange], start: int, stop: int) -> Hidden:
    return Hidden(start, stop, sum(one.failed for one in found[start:stop]))


def _class(exchange: Exchange) -> str:
    status = exchange.response.status if exchange.response else 0
    return f"{status // 100}xx" if status else "none"


def _is_wanted(one: ListedExchange, query: ExchangeQuery) -> bool:
    if query.failed and not one.failed:
        return False
    if query.status not in ("", one.status_class) or query.host not in ("", one.host):
        return False
    return query.library in ("", one.exchange.library)


type _Key = Callable[[ListedExchange], str | float]

_KEYS: dict[SortColumn, _Key] = {
    SortColumn.METHOD: lambda one: str(one.exchange.request.method),
    SortColumn.URL: lambda one: str(one.exchange.request.url),
    SortColumn.STATUS: lambda one: one.exchange.response.status if one.exchange.response else 0,
    SortColumn.SIZE: lambda one: one.exchange.response.size if one.exchange.response else -1,
    SortColumn.TIME: lambda one: took(one.exchange) or 0.0,
    SortColumn.START: lambda one: one.exchange.started_at,
}
