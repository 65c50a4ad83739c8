"""What failed between the handler and a server, in words: a library's own messages speak of sockets and internals."""

import re

from workbench.domain import ErrorInfo, ErrorKind, Exchange, ExchangeError, FailureKind, Kind, Run, Status
from workbench.domain.exchange import header_value
from workbench.explain import code_locations
from workbench.explain.http import answer_origins, certificates, proxies, urls
from workbench.explain.text import Part, Sentence, bare, code, count, plain, sentence, shorten, span

_PHASES = ("wait", "receive", "send")
_BEGINNINGS = ("nothing ", "the ", "no ", "only ")
"""How a reason begins that does not begin with a name."""
_CUT_OFF: dict[Status | None, str] = {Status.TIMED_OUT: "time limit", Status.CANCELLED: "cancellation"}

_STATUS_SHOWN = 160
"""Characters of the message of an error status that are shown."""
_UNREAD = (FailureKind.UNDECODABLE, FailureKind.NOT_HTTP)
_PARSE_ERRORS = ("ClientResponseError", "ClientPayloadError")
_UNREADABLE = re.compile(r"400, message[=:]\s*(?P<quote>['\"]?)(?P<reason>.*?)(?P=quote)(?:, url=.*)?\Z", re.DOTALL)
"""The text of an error of aiohttp's parser; where the connection closed early it begins with other words."""

type _Words = tuple[str | Part, ...]

_TOO_LATE = "within the request’s timeout"


def request_words(exchange: Exchange) -> Part:
    """``GET /test`` with the host where it is not a local one."""
    host, path = urls.host_and_path(exchange.request.url)
    local = host.startswith(("127.0.0.1", "localhost", "[::1]"))
    return code(f"{exchange.request.method} {path if local else host + path}", 70)


def failure(run: Run, error: ErrorInfo) -> Sentence | None:
    """The sentence for an error that an error status of a server or the network caused; None for any other."""
    return _error_status(run, error) or _broken(run, error)


def ended_by(exchange: Exchange, status: Status | None) -> str:
    """What ended an exchange early; empty where nothing did. ``status`` is that of its run."""
    told = _ended_by(exchange, status)
    ignored = proxies.ignored(exchange)
    return f"{told.removesuffix('.')}. {ignored}." if told and ignored else told


def _ended_by(exchange: Exchange, status: Status | None) -> str:
    error = exchange.error
    if error is None:
        is_open = exchange.ended_at is None and status is not None
        return f"Cut off by the {_CUT_OFF.get(status, 'end of the process')}." if is_open else ""
    if error.is_cancelled and status in _CUT_OFF:
        seconds = None if exchange.ended_at is None else exchange.ended_at - exchange.started_at
        return f"Cut off by the {_CUT_OFF[status]} after {span(seconds)}"
    if (unread := unreadable(error)) is not None:
        return f"The response cannot be read: {unread}"
    words = plain(sentence(*reason(exchange)))
    return f"{words[:1].upper()}{words[1:]}." if words.startswith(_BEGINNINGS) else f"{words}."


def raised(exchange: Exchange) -> str:
    """What the library raised, in its own words; empty where nothing, or nothing more than :func:`ended_by` says."""
    error = exchange.error
    if error is None or unreadable(error) is not None:
        return ""
    message = error.message.strip()
    if error.kind is FailureKind.STATUS and len(message) <= _STATUS_SHOWN:
        return ""
    return f"{bare(error.type)}: {message}" if message else bare(error.type)


def reason(exchange: Exchange) -> tuple[str | Part, ...]:
    """Why an exchange failed, as the end of a sentence: what broke it, or its error status."""
    if (error := exchange.error) is not None:
        if error.is_unanswered and not answer_origins.is_refused(exchange):
            missing = exchange.origin.unmatched
            partly = missing is not None and missing.stored is not None
            return ("the recording has only a part of the response" if partly else "the recording has no answer to it",)
        return _why(exchange, error.phase, error.type, error.message)
    response = exchange.response
    return (f"HTTP {response.status} {response.reason}".rstrip() if response else "no response came",)


def unreadable(error: ExchangeError) -> str | None:
    """Why a library could not read the bytes that came as an HTTP response; None where none came or all were read."""
    if error.kind in _UNREAD and bare(error.type) not in _PARSE_ERRORS:
        return shorten(error.message.strip(), 160)
    found = _UNREADABLE.match(error.message) if bare(error.type) in _PARSE_ERRORS else None
    if found is None or error.phase not in _PHASES:
        return None
    return shorten(re.split(r"\\n\\n|\n\n", found["reason"])[0].replace("\\n", " "), 160).rstrip(": ")


def is_about_exchange(error: ErrorInfo) -> bool:
    """Whether an exception, or a cause of it, is about a request rather than about the code."""
    kinds = {error.kind, *(cause.kind for cause in error.causes)}
    return not kinds.isdisjoint((ErrorKind.NETWORK, ErrorKind.RATE_LIMIT, ErrorKind.TIMEOUT))


def meanwhile(run: Run, error: ErrorInfo) -> _Words:
    """The request that was under way when an error of the network or a timeout was raised."""
    exchange = run.outcome.exchanges[-1] if run.outcome.exchanges else None
    if exchange is None or exchange.response is not None or (exchange.error is None and exchange.ended_at is not None):
        return ()
    return (" during ", request_words(exchange)) if error.kind in (ErrorKind.NETWORK, ErrorKind.TIMEOUT) else ()


def _error_status(run: Run, error: ErrorInfo) -> Sentence | None:
    """The SDK's own error for a status from 400 on."""
    if bare(error.type) not in ("HTTPError", "RateLimitError"):
        return None
    exchange = next(
        (e for e in reversed(run.outcome.exchanges) if e.response is not None and e.response.status >= 400), None
    )
    at = _at(run, error, ", raised in ")
    if exchange is None or exchange.response is None:
        return sentence(shorten(error.message, 160), *at, ".")
    answer = f"HTTP {exchange.response.status} {exchange.response.reason}".rstrip()
    return sentence(answer, " from ", request_words(exchange), *_patience(exchange), *at, ".")


def _patience(exchange: Exchange) -> _Words:
    after = header_value(exchange.response.headers if exchange.response else (), "retry-after")
    if not after:
        return ()
    return (" (retry after ", code(f"{after} s" if after.isdigit() else after, 40), ")")


def _broken(run: Run, error: ErrorInfo) -> Sentence | None:
    """An error that the last exchange ended with, raised to the handler, which did not catch it."""
    last_first = run.outcome.exchanges[::-1]
    exchange = next((each for each in last_first if not _is_tunnel(each)), next(iter(last_first), None))
    if exchange is None or exchange.error is None or answer_origins.is_refused(exchange):
        return None
    is_known = exchange.error.kind not in (FailureKind.OTHER, FailureKind.CANCELLED)
    if not any(bare(each.type) == bare(exchange.error.type) for each in (error, *error.causes)) and not (
        is_known and error.kind in (ErrorKind.NETWORK, ErrorKind.TIMEOUT)
    ):
        return None
    why = _why(exchange, exchange.error.phase, exchange.error.type, exchange.error.message)
    told = sentence(
        request_words(exchange), " failed", *_tries(run, exchange), *_at(run, error, " in "), ": ", *why, "."
    )
    return told + sentence(*_what_to_do(exchange))


def _what_to_do(exchange: Exchange) -> _Words:
    """What lets such a request succeed, where that is outside of the code."""
    kind = exchange.error.kind if exchange.error else FailureKind.OTHER
    if kind is FailureKind.CERTIFICATE and (name := certificates.variable(exchange)):
        return (" To trust it, set ", code(name), f" to a file with {certificates.trusted_by(exchange)}.")
    return proxies.what_to_do(exchange)


def _is_tunnel(exchange: Exchange) -> bool:
    """Whether it is the CONNECT to a proxy, which most libraries send after the request has begun."""
    return exchange.request.method == "CONNECT"


def _tries(run: Run, exchange: Exchange) -> tuple[str, ...]:
    of_call = (each for each in run.outcome.exchanges if each.group == exchange.group and not _is_tunnel(each))
    failed = sum(1 for each in of_call if each.error is not None)
    return (f" after {count(failed, 'attempt')}",) if failed > 1 else ()


def _at(run: Run, error: ErrorInfo, word: str) -> _Words:
    """The line of the integration that it was raised at; a request that is sent by itself has none."""
    where = code_locations.raised_at(error, run.request.root) if run.request.kind is not Kind.REQUEST else None
    return (word, where) if where else ()


def _why(exchange: Exchange, phase: str, kind: str, message: str) -> _Words:
    """Why it failed, with the rule that made it fail or sent it to another server."""
    words = _cause(exchange, phase, kind, message)
    return (*words, f" (rule “{shorten(exchange.origin.rule, 60)}”)") if exchange.origin.rule else words


def _cause(exchange: Exchange, phase: str, kind: str, message: str) -> _Words:
    host = code(urls.host_and_path(exchange.request.url)[0] or "the host", 60)
    failure_kind = exchange.error.kind if exchange.error else FailureKind.OTHER
    late = exchange.error is not None and exchange.error.is_timeout
    if answer_origins.is_refused(exchange):
        return (shorten(message.partition(". ")[0], 160),)
    if exchange.error is not None and (unread := unreadable(exchange.error)) is not None:
        return (host, f" sent a response that cannot be read ({unread})")
    if failure_kind is FailureKind.CANCELLED:
        part = "sent its whole response" if phase == "receive" else "responded"
        return (host, f" had not {part} when the handler stopped waiting")
    if failure_kind is FailureKind.STATUS:
        return (host, " answered ", code(kind, 40), f": {shorten(message, _STATUS_SHOWN)}" if message else "")
    if (of_proxy := proxies.why(exchange, host, _TOO_LATE)) is not None:
        return of_proxy
    match phase:
        case "request":
            return _not_sent(exchange, kind, message)
        case "dns":
            return ("the host ", host, " was not found")
        case "send" if failure_kind in (FailureKind.OTHER, FailureKind.INVALID_REQUEST):
            return ("only a part of it was sent", f" ({kind}: {shorten(message, 160)})")
        case "connect":
            return _no_connection(host, kind, message, late, failure_kind is FailureKind.REFUSED)
        case "tls":
            return _no_secrecy(host, message, late, failure_kind is FailureKind.CERTIFICATE)
        case "receive":
            return (
                host,
                f" did not send its whole response {_TOO_LATE}"
                if late
                else " closed the connection in the middle of its response",
            )
    return (host, f" did not respond {_TOO_LATE}" if late else " closed the connection without a response")


def _not_sent(exchange: Exchange, kind: str, message: str) -> _Words:
    if "url" in kind.lower() or "Location" in kind:
        return (code(exchange.request.url or " ", 60), " is not a valid URL")
    return (exchange.library, f" did not send it ({shorten(message, 160)})")


def _no_connection(host: Part, kind: str, message: str, late: bool, refused: bool) -> _Words:
    if late and "Pool" in kind:
        return ("no connection to ", host, " was free in time: all those of the client's pool were in use")
    if late:
        return (host, f" did not accept the connection {_TOO_LATE}")
    if refused or "refused" in message.lower() or "Connect call failed" in message:
        return ("nothing listens at ", host)
    return ("no connection to ", host, f" ({shorten(_reason(message), 120)})")


def _no_secrecy(host: Part, message: str, late: bool, of_certificate: bool) -> _Words:
    if late:
        return (host, f" did not complete the TLS handshake {_TOO_LATE}")
    if "WRONG_VERSION_NUMBER" in message:
        return (host, " does not use HTTPS; its URL may start with http://")
    if "no application protocol" in message.lower().replace("_", " "):
        return (host, " supports none of the HTTP versions that were offered")
    if of_certificate or "CERTIFICATE_VERIFY_FAILED" in message:
        return ("the certificate of ", host, f" was not accepted: {certificates.reason(message)}")
    return ("no secure connection to ", host, f" ({shorten(_reason(message), 120)})")


def _reason(message: str) -> str:
    """What aiohttp puts between square brackets at the end of its own words, else all of it."""
    _, bracket, inner = message.partition(" [")
    return inner.removesuffix("]") if bracket else message
