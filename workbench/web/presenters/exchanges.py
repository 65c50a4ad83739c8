"""The HTTP tab: one row an exchange on the run's clock, what was logged between them, and one exchange in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain import Exchange, Outcome, Output, Run, RunState, Timings
from workbench.web.presenters import bodies, curl, places, urls
from workbench.web.presenters.words import count, shorten, size, span

SCALE = 1000
"""Width of the timing bar's drawing in user units."""
ROWS = 500
"""Rows of the table that are shown."""
BETWEEN = 4
"""Lines of output shown between two exchanges."""

_PHASES = (("dns", "DNS"), ("connect", "connect"), ("tls", "TLS"), ("wait", "wait"), ("receive", "receive"))
_ERROR_WORDS = {
    "dns": "name not found", "connect": "no connection", "tls": "TLS refused",
    "send": "dropped while sending", "wait": "dropped", "receive": "cut off",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word and a colour: ``ok``, ``warn``, ``bad`` or ``live``."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One phase of a timing bar: where it begins and how long it is, in units of :data:`SCALE`."""

    phase: str
    name: str
    start: float
    width: float
    took: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. ``path`` is the URL without the host where all exchanges have the same."""

    id: int
    method: str
    url: str
    path: str
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
class Side:
    """A request or a response in full."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bodies.Body
    raw: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One exchange in full. ``facts`` are what is known beside the bytes, as short phrases."""

    id: int
    title: str
    pill: Pill
    request: Side
    response: Side | None
    error: str
    phases: tuple[tuple[str, str, str], ...]
    facts: tuple[str, ...]
    call_site: str
    call_file: str
    call_line: int
    function: str
    curl: str
    revealed: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """The whole tab. ``span`` is what the timing bars are drawn over."""

    rows: tuple[Row | LogRow, ...]
    detail: Detail | None
    span: str
    hidden: int
    hosts: str


def present(run: Run, selected: int | None, now: float, raw: str = "") -> Network:
    """The tab with the exchange ``selected`` open (else the one that matters); ``now`` is the run's clock."""
    outcome = run.outcome
    chosen = choose(outcome, selected)
    over = max([now, *(exchange.ended_at or 0.0 for exchange in outcome.exchanges)]) or 1.0
    hosts = {urls.host_and_path(exchange.request.url)[0] for exchange in outcome.exchanges}
    rows = _interleaved(outcome, _Scale(chosen, over, len(hosts) == 1, outcome.state is not RunState.FINISHED))
    return Network(
        rows=tuple(rows[:ROWS]),
        detail=detail(run, chosen, raw=raw) if chosen else None,
        span=span(over),
        hidden=max(0, len(rows) - ROWS),
        hosts=next(iter(hosts)) if len(hosts) == 1 else count(len(hosts), "host"),
    )


def choose(outcome: Outcome, selected: int | None) -> Exchange | None:
    """The exchange to open: the one asked for, else the last that went wrong, else the last."""
    exchanges = outcome.exchanges
    asked = (exchange for exchange in exchanges if exchange.id == selected)
    wrong = (exchange for exchange in reversed(exchanges) if pill(exchange).tone == "bad")
    last_went_wrong = bool(exchanges) and pill(exchanges[-1]).tone == "bad"
    return next(asked, next(wrong, None) if last_went_wrong else (exchanges[-1] if exchanges else None))


def pill(exchange: Exchange, live: bool = False) -> Pill:
    """How the exchange ended, in few words; while its run is ``live`` it may still be waiting."""
    if exchange.error is not None:
        words = _ERROR_WORDS.get(exchange.error.phase, exchange.error.type.rpartition(".")[2])
        before = f"{exchange.response.status} · " if exchange.response else ""
        return Pill(before + ("timed out" if "timeout" in exchange.error.type.lower() else words), "bad")
    if exchange.response is None:
        return Pill("waiting", "live") if live and exchange.ended_at is None else Pill("no answer", "bad")
    status = exchange.response.status
    tone = "bad" if status >= 400 else "warn" if status >= 300 else "ok"
    return Pill(f"{status} {shorten(exchange.response.reason, 30)}".rstrip(), tone)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What all rows of one table share."""

    chosen: Exchange | None
    over: float
    one_host: bool
    live: bool


def _interleaved(outcome: Outcome, scale: _Scale) -> list[Row | LogRow]:
    rows: list[Row | LogRow] = []
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
    return rows + (_logs(lines[at:]) if exchanges else [])


def _logs(lines: Sequence[Output]) -> list[Row | LogRow]:
    rows: list[Row | LogRow] = [
        LogRow(line.level.lower() if line.source == "log" and line.level else line.source, shorten(line.text, 160),
               span(line.at), _tone(line))
        for line in lines[:BETWEEN]
    ]  # fmt: skip
    if len(lines) > BETWEEN:
        rows.append(LogRow("", f"{len(lines) - BETWEEN} more lines, in Output", ""))
    return rows


def _tone(line: Output) -> str:
    if line.source == "stderr" or line.level in ("ERROR", "CRITICAL"):
        return "bad"
    return "warn" if line.level == "WARNING" or line.source == "note" else ""


def _row(exchange: Exchange, before: Exchange | None, scale: _Scale) -> Row:
    url = exchange.request.url
    path = urls.host_and_path(url)[1] if scale.one_host else url
    took = exchange.timings.total
    return Row(
        id=exchange.id,
        method=shorten(exchange.request.method, 12),
        url=shorten(url, 400),
        path=shorten(path, 120),
        pill=pill(exchange, scale.live),
        size=size(exchange.response.size) if exchange.response else "–",
        took=span(took / 1000) if took is not None else ("…" if exchange.ended_at is None else _between(exchange)),
        bars=bars(exchange, scale.over),
        selected=exchange is scale.chosen,
        follows=_follows(exchange, before),
    )


def _between(exchange: Exchange) -> str:
    return span((exchange.ended_at or exchange.started_at) - exchange.started_at)


def _follows(exchange: Exchange, before: Exchange | None) -> str:
    """Why this attempt was made where it is not the first of its call."""
    if before is None or before.group != exchange.group or exchange.attempt < 2:
        return ""
    redirected = before.response is not None and 300 <= before.response.status < 400
    return "redirect" if redirected else f"attempt {exchange.attempt}"


def bars(exchange: Exchange, over: float) -> tuple[Bar, ...]:
    """The phases on the run's clock; what is under way reaches up to now."""
    made, at = [], exchange.started_at
    for phase, name in _PHASES:
        took = getattr(exchange.timings, phase)
        if took is None:
            continue
        made.append(_bar(phase, name, at, at + took / 1000, over))
        at += took / 1000
    if not made:
        made.append(_bar("open", "under way", at, exchange.ended_at or over, over))
    return tuple(made)


def _bar(phase: str, name: str, start: float, end: float, over: float) -> Bar:
    left = min(SCALE - 4.0, start / over * SCALE)
    width = min(max(4.0, (end - start) / over * SCALE), SCALE - left)
    return Bar(phase, name, round(left, 1), round(width, 1), span(end - start))


def detail(run: Run, exchange: Exchange, *, raw: str = "", revealed: bool = False) -> Detail:
    """The exchange in full; ``raw`` is ``request`` or ``response`` where that body is wanted unparsed."""
    request, response = exchange.request, exchange.response
    site = exchange.call_site
    live = run.outcome.state is not RunState.FINISHED
    return Detail(
        id=exchange.id,
        title=f"{shorten(request.method, 12)} {shorten(request.url, 200)}",
        pill=pill(exchange, live),
        request=Side(
            f"{request.method} {request.url} HTTP/{request.http_version}",
            request.headers,
            bodies.present(request.headers, request.body, request.size, raw=raw == "request"),
            raw == "request",
        ),
        response=Side(
            f"HTTP/{response.http_version} {response.status} {response.reason}".rstrip(),
            response.headers,
            bodies.present(response.headers, response.body, response.size, exchange.body_state, raw=raw == "response"),
            raw == "response",
        ) if response else None,
        error=_error(exchange),
        phases=_phases(exchange.timings),
        facts=_facts(exchange),
        call_site=places.place(site, run.request.root) if site else "",
        call_file=places.relative(site.file, run.request.root) if site else "",
        call_line=site.line if site else 0,
        function=site.function if site else "",
        curl=curl.command(request),
        revealed=revealed,
    )  # fmt: skip


def _error(exchange: Exchange) -> str:
    if exchange.error is None:
        return ""
    phase = {"wait": "waiting for the answer", "receive": "receiving the body", "send": "sending"}.get(
        exchange.error.phase, exchange.error.phase
    )
    name = exchange.error.type.rpartition(".")[2]
    said = f"{name}: {exchange.error.message}" if exchange.error.message else name
    return (
        f"Ended while {phase}: {said}" if exchange.error.phase in ("wait", "receive", "send") else f"{said} ({phase})"
    )


def _phases(timings: Timings) -> tuple[tuple[str, str, str], ...]:
    took = ((phase, name, getattr(timings, phase)) for phase, name in _PHASES)
    return tuple((phase, name, span(value / 1000)) for phase, name, value in took if value is not None)


def _facts(exchange: Exchange) -> tuple[str, ...]:
    facts = [f"exchange {exchange.id}", exchange.library, f"started at {span(exchange.started_at)}"]
    if exchange.attempt > 1:
        facts.append(f"attempt {exchange.attempt} of its call")
    if exchange.reused is not None:
        facts.append("connection reused" if exchange.reused else "new connection")
    return tuple(fact for fact in facts if fact)
