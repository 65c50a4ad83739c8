"""The rows of the HTTP tab: exchanges on the run's clock, what was logged between them, and what is not shown."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from workbench.domain import Exchange, Outcome, Output
from workbench.explain.http import answer_origins, retries, urls
from workbench.explain.text import count, shorten, size, span
from workbench.web.runs.exchanges.exchange_detail import exchange_pill
from workbench.web.runs.exchanges.listing import SHOWN, Hidden, ListedExchange, RunExchanges, part, took
from workbench.web.runs.exchanges.output_tone import output_tone
from workbench.web.runs.exchanges.query import ExchangeQuery
from workbench.web.runs.exchanges.timings import Clock, Waterfall, waterfall
from workbench.web.ui.middle_cut import MiddleCut, cut_url
from workbench.web.ui.widgets import Pill

BETWEEN = 4
"""Lines of output shown between two exchanges."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """A row of the table. ``path`` is the URL without its scheme, and without the host where all have the same.

    ``mark`` says that a rule or a recording answered; its text is empty where the network did.
    """

    id: int
    method: str
    url: str
    path: MiddleCut
    pill: Pill
    size: str
    took: str
    waterfall: Waterfall
    selected: bool
    follows: str
    mark: Pill
    kind: str = "exchange"


@dataclass(frozen=True, slots=True)
class LogRow:
    """Output that fell between two exchanges."""

    source: str
    text: str
    at: str
    tone: str = ""
    kind: str = "log"


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """``count`` exchanges that are not shown, from the position ``start`` on; ``query`` shows some of them."""

    text: str
    query: ExchangeQuery
    start: int
    count: int
    kind: str = "hidden"


type ListRow = ExchangeRow | LogRow | HiddenRow


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of one table share: the list is shown from ``start`` on.

    ``outcome`` gives the lines between the rows where these are in the run's order.
    """

    exchanges: RunExchanges
    chosen: Exchange | None
    start: int
    clock: Clock
    outcome: Outcome | None


def rows(found: Sequence[ListedExchange], query: ExchangeQuery, table: Table) -> Iterator[ListRow]:
    """The rows of the part of the list that the query shows."""
    lines = _lines(table.outcome)
    before = -1
    for shown in part(found, table.start, table.chosen):
        if isinstance(shown, Hidden):
            yield _hidden(shown, query, table.start)
            continue
        exchange = found[shown].exchange
        if shown == before + 1:
            since = found[before].exchange.started_at if before >= 0 else 0.0
            yield from _logs(_between(lines, since, exchange.started_at))
        yield _row(exchange, table)
        yield from _wait(exchange, table)
        before = shown
    if found and before == len(found) - 1:
        yield from _logs(_between(lines, found[-1].exchange.started_at, inf))


def _lines(outcome: Outcome | None) -> list[Output]:
    if outcome is None:
        return []
    return sorted((line for line in outcome.output if line.text.strip()), key=_at)


def _between(lines: Sequence[Output], start: float, end: float) -> Sequence[Output]:
    return lines[bisect_left(lines, start, key=_at) : bisect_left(lines, end, key=_at)]


def _at(line: Output) -> float:
    return line.at


def _hidden(hidden: Hidden, query: ExchangeQuery, shown_from: int) -> HiddenRow:
    many = hidden.stop - hidden.start
    failed = f", {hidden.failed} failed" if hidden.failed else ""
    start = hidden.start if hidden.start >= shown_from else max(hidden.start, hidden.stop - SHOWN)
    return HiddenRow(f"{count(many, 'more exchange')}{failed}", query.starting_at(start), hidden.start, many)


def _logs(lines: Sequence[Output]) -> Iterator[LogRow]:
    for line in lines[:BETWEEN]:
        source = line.level.lower() if line.source == "log" and line.level else line.source
        yield LogRow(source, shorten(line.text, 160), span(line.at), output_tone(line))
    if len(lines) > BETWEEN:
        yield LogRow("", f"{count(len(lines) - BETWEEN, 'more line')} in Output", "")


def _row(exchange: Exchange, table: Table) -> ExchangeRow:
    url = exchange.request.url
    host, path = urls.host_and_path(url)
    seconds = took(exchange)
    return ExchangeRow(
        id=exchange.id,
        method=shorten(exchange.request.method, 12),
        url=shorten(url, 400),
        path=cut_url(shorten(path if len(table.exchanges.hosts) == 1 else host + path, 400)),
        pill=exchange_pill(exchange, table.exchanges.live),
        size=size(exchange.response.size) if exchange.response else "–",
        took="…" if seconds is None else span(seconds),
        waterfall=waterfall(exchange, table.clock),
        selected=exchange is table.chosen,
        follows=_follows(exchange, table.exchanges),
        mark=_mark(exchange),
    )


def _mark(exchange: Exchange) -> Pill:
    """Where its answer came from; only what was changed has a tone: of a replay, every row is recorded."""
    origin = exchange.origin
    return Pill(answer_origins.mark(exchange), "warn" if origin.rule or origin.unmatched else "")


def _follows(exchange: Exchange, exchanges: RunExchanges) -> str:
    """Why this attempt was made where it is not the first of its call.

    ``fetch`` counts its attempts; what its library sends again by itself is none of them.
    """
    if (redirect := exchanges.redirects.get(exchange.id)) is not None:
        return redirect.text
    if exchange.attempt < 2:
        return ""
    before = exchanges.previous.get(exchange.id)
    if before is not None and before.retry:
        return retries.number(before.retry)
    return f"sent again by {exchange.library}" if exchange.group in exchanges.waited else f"attempt {exchange.attempt}"


def _wait(exchange: Exchange, table: Table) -> Iterator[LogRow]:
    """The wait of ``fetch`` after a failed attempt: over, going on, or cut off by the end of the run."""
    if exchange.retry is not None:
        goes_on = "waiting" if table.exchanges.live else "ended while waiting"
        verb = goes_on if exchange is table.exchanges.pending else "waited"
        yield LogRow("fetch", f"{verb} {retries.until(exchange.retry)}", span(exchange.retry.at))
