"""The HTTP tab: one row an exchange on the run's clock, what was logged between them, and one of them in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain import Exchange, Outcome, Output, Run, RunState
from workbench.explain import retries, uncaptured, urls
from workbench.explain.redirects import Redirect, find_redirects
from workbench.explain.text import Sentence, count, shorten, size, span
from workbench.web.runs.exchange_detail import ExchangeDetail, detail, exchange_pill
from workbench.web.runs.output_tone import output_tone
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext
from workbench.web.runs.timings import Bar, bars
from workbench.web.ui.middle_cut import MiddleCut, cut_url
from workbench.web.ui.widgets import Pill

ROWS = 500
"""Rows of the table that are shown."""
BETWEEN = 4
"""Lines of output shown between two exchanges."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """A row of the table. ``path`` is the URL without the host where all exchanges have the same."""

    id: int
    method: str
    url: str
    path: MiddleCut
    pill: Pill
    size: str
    took: str
    bars: tuple[Bar, ...]
    selected: bool
    follows: str
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class LogRow:
    """Output that fell between two exchanges."""

    source: str
    text: str
    at: str
    tone: str = ""
    is_log: bool = True


@dataclass(frozen=True, slots=True)
class HttpView:
    """The whole tab. ``span`` is what the timing bars are drawn over; ``uncaptured`` says what is not in the table."""

    rows: tuple[ExchangeRow | LogRow, ...]
    uncaptured: tuple[Sentence, ...]
    detail: ExchangeDetail | None
    span: str
    hidden: int
    hosts: str


def present(run: Run, selected: int | None, now: float, raw: str = "") -> HttpView:
    """The tab with the exchange ``selected`` open (else the last); ``now`` is the run's clock."""
    outcome = run.outcome
    chosen = choose(outcome, selected)
    over = max([now, *(exchange.ended_at or 0.0 for exchange in outcome.exchanges)]) or 1.0
    hosts = {urls.host_and_path(exchange.request.url)[0] for exchange in outcome.exchanges}
    live, pending = outcome.state is not RunState.FINISHED, retries.pending(outcome.exchanges)
    redirects = find_redirects(outcome.exchanges)
    rows = _interleaved(outcome, _Scale(chosen, over, len(hosts) == 1, live, pending, redirects))
    return HttpView(
        rows=tuple(rows[:ROWS]),
        uncaptured=uncaptured.sentences(run),
        detail=detail(run, chosen, raw=raw, redirect=redirects.get(chosen.id)) if chosen else None,
        span="now" if live else span(over),
        hidden=max(0, len(rows) - ROWS),
        hosts=next(iter(hosts)) if len(hosts) == 1 else count(len(hosts), "host"),
    )


def choose(outcome: Outcome, selected: int | None) -> Exchange | None:
    """The exchange to open: the selected one, else the last."""
    exchanges = outcome.exchanges
    last = exchanges[-1] if exchanges else None
    return next((exchange for exchange in exchanges if exchange.id == selected), last)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What all rows of one table share."""

    chosen: Exchange | None
    over: float
    one_host: bool
    live: bool
    pending: Exchange | None
    redirects: Mapping[int, Redirect]


def _interleaved(outcome: Outcome, scale: _Scale) -> list[ExchangeRow | LogRow]:
    rows: list[ExchangeRow | LogRow] = []
    exchanges = sorted(outcome.exchanges, key=lambda exchange: exchange.started_at)
    lines = sorted((line for line in outcome.output if line.text.strip()), key=lambda line: line.at)
    at = 0
    for position, exchange in enumerate(exchanges):
        upto = at
        while upto < len(lines) and lines[upto].at < exchange.started_at:
            upto += 1
        rows += _logs(lines[at:upto])
        at = upto
        rows.append(_row(exchange, exchanges[position - 1] if position else None, scale))
        rows += _wait(exchange, scale)
    return rows + (_logs(lines[at:]) if exchanges else [])


def _logs(lines: Sequence[Output]) -> list[ExchangeRow | LogRow]:
    rows: list[ExchangeRow | LogRow] = [
        LogRow(line.level.lower() if line.source == "log" and line.level else line.source, shorten(line.text, 160),
               span(line.at), output_tone(line))
        for line in lines[:BETWEEN]
    ]  # fmt: skip
    if len(lines) > BETWEEN:
        rows.append(LogRow("", f"{len(lines) - BETWEEN} more lines in Output", ""))
    return rows


def _row(exchange: Exchange, before: Exchange | None, scale: _Scale) -> ExchangeRow:
    url = exchange.request.url
    path = urls.host_and_path(url)[1] if scale.one_host else url
    took = exchange.timings.total
    return ExchangeRow(
        id=exchange.id,
        method=shorten(exchange.request.method, 12),
        url=shorten(url, 400),
        path=cut_url(shorten(path, 400)),
        pill=exchange_pill(exchange, scale.live),
        size=size(exchange.response.size) if exchange.response else "–",
        took=span(took / 1000) if took is not None else ("…" if exchange.ended_at is None else _between(exchange)),
        bars=bars(exchange, scale.over),
        selected=exchange is scale.chosen,
        follows=_follows(exchange, before, scale.redirects.get(exchange.id)),
    )


def _between(exchange: Exchange) -> str:
    return span((exchange.ended_at or exchange.started_at) - exchange.started_at)


def _follows(exchange: Exchange, before: Exchange | None, redirect: Redirect | None) -> str:
    """Why this attempt was made where it is not the first of its call."""
    if redirect is not None:
        return redirect.text
    if before is None or before.group != exchange.group or exchange.attempt < 2:
        return ""
    return retries.number(before.retry) if before.retry else f"attempt {exchange.attempt}"


def _wait(exchange: Exchange, scale: _Scale) -> list[ExchangeRow | LogRow]:
    """The wait of ``fetch`` after a failed attempt: over, going on, or cut off by the end of the run."""
    if exchange.retry is None:
        return []
    verb = "waited" if exchange is not scale.pending else "waiting" if scale.live else "ended while waiting"
    return [LogRow("fetch", f"{verb} {retries.until(exchange.retry)}", span(exchange.retry.at))]


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
        return present(context.run, context.query.exchange, context.elapsed, context.query.raw)
