"""The HTTP tab: the exchanges that its filter finds, on the run's clock, and one of them in full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.domain import Exchange, Run, RunState
from workbench.explain import retries, uncaptured
from workbench.explain.redirects import find_redirects
from workbench.explain.text import Sentence, count
from workbench.web.runs import exchange_list
from workbench.web.runs.exchange_detail import ExchangeDetail, detail, exchange_pill
from workbench.web.runs.exchange_list import ListedExchange
from workbench.web.runs.exchange_query import ExchangeQuery, SortColumn
from workbench.web.runs.exchange_rows import ListRow, Table, rows
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.runs.timings import Clock, clock
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
    order: str


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
    """The whole tab. ``uncaptured`` says what is not in the table, ``filter`` is None where the list is short."""

    rows: tuple[ListRow, ...]
    columns: tuple[Column, ...]
    filter: FilterForm | None
    uncaptured: tuple[Sentence, ...]
    detail: ExchangeDetail | None
    clock: Clock
    hosts: str
    total: int


def present(run: Run, query: OutcomeQuery, now: float) -> HttpView:
    """The tab with the exchange that the query names open, else the last; ``now`` is the run's clock."""
    outcome, wanted = run.outcome, query.exchanges
    live = outcome.state is not RunState.FINISHED
    listed = exchange_list.facts_of(outcome.exchanges, live)
    found = exchange_list.find(listed, wanted)
    chosen = _chosen(found, query.exchange)
    hosts = {one.host for one in listed}
    redirects = find_redirects(outcome.exchanges)
    in_order = not wanted.is_filter and wanted.sort is None
    shared = clock(outcome.exchanges, now, live)
    pending = retries.pending(outcome.exchanges)
    table = Table(chosen, shared, len(hosts) == 1, live, pending, redirects, outcome if in_order else None)
    return HttpView(
        rows=tuple(rows(found, wanted, table)),
        columns=tuple(_columns(wanted)),
        filter=_filter(listed, found, wanted) if len(listed) >= _FEW or wanted.is_filter else None,
        uncaptured=uncaptured.sentences(run),
        detail=detail(run, chosen, raw=query.raw, find=query.find, redirect=redirects.get(chosen.id))
        if chosen
        else None,
        clock=shared,
        hosts=next(iter(hosts)) if len(hosts) == 1 else count(len(hosts), "host"),
        total=len(listed),
    )


def _chosen(found: Sequence[ListedExchange], selected: int | None) -> Exchange | None:
    """The exchange to open: the selected one, else the one that began last."""
    exchanges = [one.exchange for one in found]
    last = max(exchanges, key=lambda exchange: exchange.started_at, default=None)
    return next((exchange for exchange in exchanges if exchange.id == selected), last)


def _columns(wanted: ExchangeQuery) -> Iterable[Column]:
    for title, column in (
        ("Method", SortColumn.METHOD),
        ("URL", SortColumn.URL),
        ("Status", SortColumn.STATUS),
        ("Size", SortColumn.SIZE),
        ("Time", SortColumn.TIME),
    ):
        order = "none" if wanted.sort is not column else "descending" if wanted.descending else "ascending"
        yield Column(title, column.value, wanted.sorted_by(column), order)


def _filter(listed: Sequence[ListedExchange], found: Sequence[ListedExchange], wanted: ExchangeQuery) -> FilterForm:
    classes = {one.status_class for one in listed} | {wanted.status}
    hosts = sorted({one.host for one in listed} | {wanted.host})
    libraries = sorted({one.exchange.library for one in listed} | {wanted.library})
    return FilterForm(
        wanted,
        tuple(Option(name, text, name == wanted.status) for name, text in _STATUSES.items() if name in classes),
        tuple(Option(host, host, host == wanted.host) for host in hosts if host),
        tuple(Option(library, library, library == wanted.library) for library in libraries if library),
        sum(one.failed for one in listed),
        f"{len(found)} of {count(len(listed), 'exchange')}" if wanted.is_filter else "",
    )


class HttpTab(Tab):
    """The list of exchanges on the run's clock, one of them in full."""

    name = "http"
    title = "HTTP"
    template = "runs/tabs/http.html"

    def badge(self, run: Run) -> Badge:
        """How many exchanges there are, and whether one failed."""
        live = run.outcome.state is not RunState.FINISHED
        failed = any(exchange_pill(each, live).tone == "bad" for each in run.outcome.exchanges)
        return Badge(str(len(run.outcome.exchanges) or ""), "bad" if failed else "")

    def present(self, context: TabContext) -> HttpView:
        """The list with the exchange that the query names open."""
        return present(context.run, context.query, context.elapsed)
