"""One attempt on the wire: a request as sent and what came back."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.domain.answer_origin import AnswerOrigin

type Headers = tuple[tuple[str, str], ...]
"""Header names and values in order and case as sent or received; bytes that are not UTF-8 read as Latin-1."""


INSTALLED_FOLDERS = frozenset({"dependencies", "site-packages", ".venv", "venv", "node_modules"})
"""Folders within an integration whose code its author did not write."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_http_token(text: str) -> bool:
    """Whether ``text`` can be a method or the name of a header (RFC 9110, section 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def header_value(headers: "Headers", name: str) -> str:
    """The first value of the header ``name`` (in lower case); empty where there is none."""
    return next((value for known, value in headers if known.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of code: file (as Python knows it), line from 1, function, and the source text where it was read.

    ``source`` may hold lines around it, or a whole function; ``source_line`` is then the number of its first line (0
    where there is no source).
    """

    file: str
    line: int
    function: str = ""
    source: str = ""
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds each phase took; None where there was no such phase (a reused connection has no ``connect``)."""

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    wait: float | None = None
    receive: float | None = None
    total: float | None = None


class FailureKind(StrEnum):
    """What broke an exchange, whichever library sent it."""

    INVALID_REQUEST = "invalid_request"
    NAME_NOT_FOUND = "name_not_found"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    TLS = "tls"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    CUT = "cut"
    UNDECODABLE = "undecodable"
    NOT_HTTP = "not_http"
    STATUS = "status"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ExchangeError:
    """Why an exchange ended early. ``type`` is the class of the library's exception.

    ``phase`` is ``dns``, ``connect``, ``tls``, ``send``, ``wait`` or ``receive``; ``request`` where the
    library rejected it before any attempt (an invalid URL).
    """

    type: str
    message: str
    phase: str
    kind: FailureKind = FailureKind.OTHER

    @property
    def is_cancelled(self) -> bool:
        """Whether the task that waited was cancelled; the status CANCELLED of a server is something else."""
        return self.type.rpartition(".")[2] == "CancelledError"

    @property
    def is_unanswered(self) -> bool:
        """Whether a replay had no answer to the request: nothing was recorded, or nothing can be."""
        return self.type == "NoRecordedAnswer"

    @property
    def is_timeout(self) -> bool:
        """Whether the library gave up waiting."""
        return self.kind is FailureKind.TIMEOUT or "timeout" in self.type.lower()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Request:
    """The request as it left: ``body`` holds the first bytes, before compression; ``size`` counts them all.

    ``cut`` says that the record lacks some of them. Lengths do not tell that: ``body`` may have masks for secrets.
    """

    method: str
    url: str
    http_version: str = "1.1"
    headers: Headers = ()
    body: bytes = b""
    size: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Response:
    """The response as it came: ``body`` holds the first bytes as the handler got them (decompressed); ``size`` all.

    ``cut`` is that of :class:`Request`. ``raw_size`` counts the bytes before they were decompressed, None where they
    were not compressed. ``trailers`` are the trailing metadata of a call of gRPC. ``latin`` has the names (in lower
    case) of the headers that came in Latin-1, and an empty one for the reason phrase. ``sent_before`` has for each
    message of a call of gRPC how many of the request's were sent before it came; nothing where that is at most one.
    """

    status: int
    reason: str = ""
    http_version: str = "1.1"
    headers: Headers = ()
    body: bytes = b""
    size: int = 0
    cut: bool = False
    raw_size: int | None = None
    trailers: Headers = ()
    latin: tuple[str, ...] = ()
    sent_before: tuple[int, ...] = ()

    @property
    def all_headers(self) -> Headers:
        """The headers and the trailers."""
        return (*self.headers, *self.trailers)


@dataclass(frozen=True, slots=True)
class Retry:
    """The wait after an attempt that failed: ``seconds`` from ``at``, then try number ``attempt`` of ``attempts``.

    ``at`` is in seconds since the run was accepted. Redirects are no tries of their own, so ``attempt`` may be lower
    than that of the exchange.
    """

    at: float
    seconds: float
    attempt: int
    attempts: int


@dataclass(frozen=True, slots=True)
class SecretName:
    """A name that stands for a secret, and the exchange that brought it; None where the run was given it.

    ``issued_at`` and ``expires_at`` are in seconds since the epoch, None for what is not a JSON Web Token.
    """

    name: str
    exchange: int | None = None
    in_response: bool = False
    issued_at: float | None = None
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class UncapturedConnection:
    """A connection whose traffic no adapter records: ``host`` with its port, and who opened it.

    ``library`` is the package that the integration called, empty where it is not known; ``place`` is its own line.
    ``is_lookup``: the host's name was not found, so that no connection followed. ``is_process``: ``host`` is the name
    of a child process, whose connections nobody sees; in a replay ``is_stopped`` says whether it has no network.
    """

    host: str
    library: str = ""
    place: Frame | None = None
    is_lookup: bool = False
    is_process: bool = False
    is_stopped: bool | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt. ``group`` links redirect hops and retries of one call; ``attempt`` counts from 1 within it.

    ``started_at`` is in seconds since the run was accepted, ``ended_at`` too (None while it is under way).
    ``body_state`` is ``complete``, ``cut`` (the connection ended early), ``abandoned`` (closed unread), ``unread``,
    ``unparsed`` (raw bytes that could not be read as a response; its status is 0 where it has none) or ``pending``.
    ``reused`` tells whether the connection had been used before; ``retry`` is what ``fetch`` did about an error.
    ``origin`` says where the answer came from, ``proxy`` through which host and port the request went.
    ``ignored_proxy`` is a variable of the environment with a proxy that the library did not ask for a connection.
    """

    id: int
    group: int
    attempt: int
    library: str
    request: Request
    started_at: float
    ended_at: float | None = None
    response: Response | None = None
    timings: Timings = Timings()
    reused: bool | None = None
    error: ExchangeError | None = None
    body_state: str = "pending"
    call_site: Frame | None = None
    retry: Retry | None = None
    origin: AnswerOrigin = field(default_factory=AnswerOrigin)
    proxy: str = ""
    ignored_proxy: str = ""
