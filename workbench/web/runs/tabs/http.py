"""The HTTP tab: the exchanges that its filter finds, on the run's clock, and one of them in full."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain import Run
from workbench.explain.http import uncaptured
from workbench.explain.text import Sentence, count
from workbench.web.runs.exchanges import listing
from workbench.web.runs.exchanges.exchange_detail import ExchangeDetail, detail
from workbench.web.runs.exchanges.listing import RunExchanges
from workbench.web.runs.exchanges.query import ExchangeQuery, SortColumn, SortOrder
from workbench.web.runs.exchanges.rows import ListRow, Table, rows
from workbench.web.runs.exchanges.timings import Clock, clock_until
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.ui.widgets import Option

_FEW = 5
"""Exchanges from which on the list has a filter."""
_STATUSES = {"1xx": "1xx", "2xx": "2xx", "3xx": "3xx", "4xx": "4xx", "5xx": "5xx", "none": "no response"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted: ``query`` is what a click gives, ``order`` its ``aria-sort``."""

    title: str
    name: str
    query: ExchangeQuery
    order: SortOrder


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The filter: what it is set to, and its choices."""

    query: ExchangeQuery
    statuses: tuple[Option, ...]
    hosts: tuple[Option, ...]
    libraries: tuple[Option, ...]
    failed: int
    summary: str


@dataclass(frozen=True, slots=True)
class HttpView:
    """The whole tab. ``uncaptured`` says what is not in the table, ``filter`` is None where the list is short.

    The rows begin at the position ``start`` of the list; ``scrolled`` is whether the address says so.
    """

    rows: tuple[ListRow, ...]
    start: int
    scrolled: bool
    columns: tuple[Column, ...]
    filter: FilterForm | None
    uncaptured: tuple[Sentence, ...]
    detail: ExchangeDetail | None
    clock: Clock
    hosts: str
    total: int


def present(run: Run, query: OutcomeQuery, now: float) -> HttpView:
    """The tab with the exchange that the query names open, else the last; ``now`` is the run's clock."""
    wanted, exchanges = query.exchanges, listing.of_outcome(run.outcome)
    found = exchanges.find(wanted)
    chosen = listing.opened(found, wanted, query.exchange)
    start = listing.part_start(found, wanted, chosen)
    clock, hosts = clock_until(exchanges.end, now, exchanges.live), exchanges.hosts
    table = Table(exchanges, chosen, start, clock, run.outcome if wanted.is_in_order else None)
    redirect = exchanges.redirects.get(chosen.id) if chosen else None
    return HttpView(
        rows=tuple(rows(found, wanted, table)),
        start=start,
        scrolled=wanted.start is not None,
        columns=tuple(_columns(wanted)),
        filter=_filter(exchanges, len(found), wanted) if len(exchanges.listed) >= _FEW or wanted.is_filter else None,
        uncaptured=uncaptured.sentences(run),
        detail=detail(run, chosen, raw=query.raw, find=query.find, redirect=redirect) if chosen else None,
        clock=clock,
        hosts=hosts[0] if len(hosts) == 1 else count(len(hosts), "host"),
        total=len(exchanges.listed),
    )


def _columns(wanted: ExchangeQuery) -> Iterable[Column]:
    for title, column in (
        ("Method", SortColumn.METHOD),
        ("URL", SortColumn.URL),
        ("Status", SortColumn.STATUS),
        ("Size", SortColumn.SIZE),
        ("Time", SortColumn.TIME),
        ("Start", SortColumn.START),
    ):
        yield Column(title, column.value, wanted.sorted_by(column), wanted.order_of(column))


def _filter(exchanges: RunExchanges, found: int, wanted: ExchangeQuery) -> FilterForm:
    classes = exchanges.status_classes | {wanted.status}
    hosts = sorted({*exchanges.hosts, wanted.host})
    libraries = sorted(exchanges.libraries | {wanted.library})
    return FilterForm(
        wanted,
        tuple(Option(name, text, name == wanted.status) for name, text in _STATUSES.items() if name in classes),
        tuple(Option(host, host, host == wanted.host) for host in hosts if host),
        tuple(Option(library, library, library == wanted.library) for library in libraries if library),
        exchanges.failed,
        f"{found:,} of {count(len(exchanges.listed), 'exchange')}" if wanted.is_filter else "",
    )


class HttpTab(Tab):
    """The list of exchanges on the run's clock, one of them in full."""

    name = "http"
    title = "HTTP"
    template = "runs/tabs/http.html"

    def badge(self, run: Run) -> Badge:
        """How many exchanges there are, and whether one failed."""
        exchanges = listing.of_outcome(run.outcome)
        return Badge.of(len(exchanges.listed), "bad" if exchanges.failed else "")

    def present(self, context: TabContext) -> HttpView:
        """The list with the exchange that the query names open."""
        return present(context.run, context.query, context.elapsed)
