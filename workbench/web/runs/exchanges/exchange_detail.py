"""One exchange: how it ended in a word, and all of it."""

from dataclasses import dataclass
from http import HTTPStatus

from workbench.domain import Exchange, FailureKind, Kind, Response, RuleAction, Run, RunState
from workbench.domain.masked_text import join
from workbench.explain import code_locations
from workbench.explain.http import answer_origins, exchange_masks, message_readings, network
from workbench.explain.http.message_readings import Reading
from workbench.explain.http.redirects import Redirect
from workbench.explain.text import bare, shorten, span
from workbench.web.runs import bodies
from workbench.web.runs.bodies.search import LONG
from workbench.web.runs.exchanges import masks, timings
from workbench.web.runs.exchanges.masks import Mask
from workbench.web.runs.exchanges.unmatched_view import UnmatchedView, unmatched_view
from workbench.web.runs.request_code import curl
from workbench.web.runs.request_code.formats import RequestFormat, formats_of
from workbench.web.ui.widgets import Pill

_ERROR_WORDS = {
    "dns": "host not found", "connect": "connection failed", "tls": "TLS failed",
    "send": "connection lost while sending", "wait": "connection lost", "receive": "connection lost",
}  # fmt: skip
_CURL_SHOWN = 8_000
"""Characters of a command that the page shows."""
RULES = (
    (RuleAction.RESPOND, "Answer this with…"),
    (RuleAction.FAIL, "Fail this…"),
    (RuleAction.FORWARD, "Forward this host…"),
    (RuleAction.DELAY, "Delay this…"),
    (RuleAction.REPLACE, "Change a value…"),
)
"""The rules that begin from an exchange, by their action."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response in full. ``readings`` take its URL and headers apart, ``notes`` say it in sentences."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bodies.Body
    raw: bool
    readings: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeDetail:
    """One exchange in full. ``facts`` are what is known beside the bytes, as short phrases.

    ``curl_variables`` stand in the place of secrets in the command ``curl``. ``rules`` can begin from the exchange,
    ``rule`` is the place from 0 of the one that changed it among those of its run.
    """

    id: int
    title: str
    pill: Pill
    request: Message
    response: Message | None
    error: str
    phases: tuple[tuple[str, str, str], ...]
    facts: tuple[str, ...]
    call_site: str
    call_file: str
    call_line: int
    function: str
    curl: str
    curl_variables: tuple[str, ...] = ()
    forms: tuple[RequestFormat, ...] = ()
    rules: tuple[tuple[RuleAction, str], ...] = RULES
    find: str = ""
    can_find: bool = False
    revealed: bool = False
    masks: tuple[Mask, ...] = ()
    raised: str = ""
    rule: int | None = None
    unmatched: UnmatchedView | None = None


def has_failed(exchange: Exchange, live: bool = False) -> bool:
    """Whether the exchange ended without a response, or with one that says so; never while it may still get one."""
    if exchange.error is not None or exchange.response is None:
        return exchange.error is not None or not (live and exchange.ended_at is None)
    return exchange.response.status >= 400


def exchange_pill(exchange: Exchange, live: bool = False) -> Pill:
    """How the exchange ended, in few words; while its run is ``live`` it may still be waiting."""
    if exchange.error is not None:
        words = _ERROR_WORDS.get(exchange.error.phase, bare(exchange.error.type))
        if exchange.error.is_unanswered:
            return Pill("no answer", "bad")
        if exchange.error.kind is FailureKind.STATUS:
            return Pill(bare(exchange.error.type), "bad")
        before = f"{exchange.response.status} · " if exchange.response and exchange.response.status else ""
        if exchange.error.is_cancelled:
            return Pill(before + "cut off", "bad")
        if network.unreadable(exchange.error) is not None:
            return Pill(before + ("unreadable" if before else "unreadable response"), "bad")
        return Pill(before + ("timed out" if exchange.error.is_timeout else words), "bad")
    if exchange.response is None:
        return Pill("no response", "bad") if has_failed(exchange, live) else Pill("waiting", "live")
    status = exchange.response.status
    tone = "bad" if has_failed(exchange, live) else "warn" if status >= 300 else "ok"
    return Pill(f"{status} {shorten(exchange.response.reason, 30)}".rstrip(), tone)


def detail(
    run: Run,
    exchange: Exchange,
    *,
    raw: str = "",
    find: str = "",
    revealed: bool = False,
    redirect: Redirect | None = None,
) -> ExchangeDetail:
    """The exchange in full, with the ``redirect`` that it follows.

    ``raw`` is ``request`` or ``response`` where that body is wanted unparsed, ``find`` what is searched for in both.
    """
    request, response = exchange.request, exchange.response
    site = None if run.request.kind is Kind.REQUEST else exchange.call_site
    live = run.outcome.state is not RunState.FINISHED
    missing = exchange.origin.unmatched
    return ExchangeDetail(
        id=exchange.id,
        title=join((shorten(request.method, 12), shorten(request.url, 200)), " "),
        pill=exchange_pill(exchange, live),
        request=Message(
            join((request.method, request.url, f"HTTP/{request.http_version}"), " "),
            request.headers,
            bodies.present(request, raw=raw == "request", library=exchange.library, find=find),
            raw == "request",
            message_readings.of_request(request),
            exchange_masks.token_sentences(run, exchange),
        ),
        response=Message(
            _status_line(response),
            response.headers,
            bodies.present(response, exchange.body_state, raw=raw == "response", library=exchange.library, find=find),
            raw == "response",
            message_readings.of_response(response),
            message_readings.limits(response, run.created_at + (exchange.ended_at or exchange.started_at)),
        ) if response else None,
        error=network.ended_by(exchange, run.outcome.status),
        raised="" if missing else network.raised(exchange),
        phases=timings.phases(exchange.timings),
        facts=(*_facts(exchange, run), *((redirect.text,) if redirect else ())),
        call_site=code_locations.place(site, run.request.root) if site else "",
        call_file=code_locations.relative(site.file, run.request.root) if site else "",
        call_line=site.line if site else 0,
        function=site.function if site else "",
        curl=_curl(exchange, revealed),
        curl_variables=curl.variables(request) if formats_of(exchange) else (),
        forms=formats_of(exchange),
        rules=() if run.request.kind is Kind.REQUEST else RULES,
        rule=_rule(run, exchange),
        unmatched=unmatched_view(run, missing) if missing else None,
        find=find,
        can_find=bool(find) or len(request.body) + (len(response.body) if response else 0) >= LONG,
        revealed=revealed,
        masks=masks.of_exchange(run.outcome, exchange),
    )  # fmt: skip


def _rule(run: Run, exchange: Exchange) -> int | None:
    """The place of the rule that changed the exchange; None where none did, or it is not known any more."""
    names = [rule.name for rule in run.request.answers.rules]
    return names.index(exchange.origin.rule) if exchange.origin.rule in names else None


def _curl(exchange: Exchange, revealed: bool) -> str:
    """The command where it can be read, or is copied off the page; the menu has one of any length."""
    command = curl.command(exchange.request) if formats_of(exchange) else ""
    return command if revealed or len(command) <= _CURL_SHOWN else ""


def _status_line(response: Response) -> str:
    if not response.status:
        return "(no HTTP status line)"
    return (f"HTTP/{response.http_version} {response.status} " + response.reason).rstrip()


def _facts(exchange: Exchange, run: Run) -> tuple[str, ...]:
    facts = [f"exchange {exchange.id}", exchange.library, f"started at {span(exchange.started_at)}"]
    if exchange.library == "grpc":
        facts.append("the headers of HTTP/2 and repeated attempts are not visible")
    if exchange.response is not None and exchange.response.status == HTTPStatus.SWITCHING_PROTOCOLS:
        facts.append("a WebSocket, its messages are in the response")
    if exchange.attempt > 1:
        facts.append(f"request {exchange.attempt} of this call")
    if exchange.reused is not None:
        facts.append("connection reused" if exchange.reused else "new connection")
    facts += answer_origins.facts(exchange, run.request.answers.rules)
    return tuple(fact for fact in facts if fact)
