"""A request that goes to the network after all: sent by a socket of our own, which no adapter sees."""

import http.client
import socket
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from workbench.answers.answer import Answer
from workbench.domain import ExchangeError, FailureKind, Request, Response
from workbench.events import http_heads
from workbench.worker.capture.bodies.content_decoder import BodyTooLong, ContentDecoder
from workbench.worker.capture.failures import kind_of_failure
from workbench.worker.peer.network.guard import allowed
from workbench.worker.peer.network.live_answer import LARGEST_CHANGE
from workbench.worker.peer.network.route import TIMEOUT, Route

_SOCKET = socket.socket
_PIECE = 256 * 1024
_OF_CONNECTION = (
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "content-length",
    "transfer-encoding",
    "expect",
)


class Rest:
    """The bytes of a body, as they come; an iterator that any thread may close.

    They are framed as its head has announced. Where the server cuts the body, its last bytes are missing.
    """

    def __init__(self, received: http.client.HTTPResponse, connection: socket.socket, first: bytes = b"") -> None:
        self._received = received
        self._connection = connection
        self._pieces = _pieces(received, connection, first)

    def __iter__(self) -> "Rest":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except ValueError:  # another thread is about to close it
            raise StopIteration from None

    def close(self) -> None:
        """End it, also while another thread waits for its next piece."""
        with suppress(OSError):
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)
        try:
            self._pieces.close()
        except ValueError:  # that thread is within, and finds the end now
            return
        self._received.close()  # where no piece was asked for
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answers; ``rest`` is what follows on the connection.

    ``is_too_long``: the body is longer than a rule can change.
    """

    answer: Answer
    rest: Rest | None = None
    is_too_long: bool = False


def forwarded_url(base: str, url: str) -> str:
    """The URL of a request under the ``base`` of another: its path and query come behind the base's path."""
    asked, target = urlsplit(url), urlsplit(base)
    path = target.path.rstrip("/") + (asked.path or "/")
    return f"{target.scheme}://{target.netloc}{path}{f'?{asked.query}' if asked.query else ''}"


class OpenForwards:
    """Connections to the servers of rules that are open before their request is there; each is for one request.

    They are descriptors, of which the thread that takes one makes a socket.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: defaultdict[tuple[str, int], list[int]] = defaultdict(list)

    def connect(self, route: Route, timeout: float | None) -> ExchangeError | None:
        """Open one for a request on ``route``; why its server accepts none, where that is so."""
        if socket.socket is not _SOCKET:  # gevent's: another request would be sent meanwhile, and wait for this one
            return None
        try:
            with allowed():
                made = route.connect(min(timeout or TIMEOUT, TIMEOUT))
        except (OSError, ValueError) as error:
            return _failure(error, "connect")
        with self._lock:
            self._open[route.host, route.port].append(made.detach())
        return None

    def take(self, route: Route) -> socket.socket | None:
        """The first that is open, to be closed by the caller; None where there is none."""
        with self._lock:
            waiting = self._open[route.host, route.port]
            number = waiting.pop(0) if waiting else None  # a server that serves one at a time waits for its request
        if number is None:
            return None
        taken = socket.socket(fileno=number)
        taken.setblocking(False)
        try:
            taken.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            taken.settimeout(TIMEOUT)
            return taken
        except OSError:
            pass
        taken.close()  # as its server has meanwhile
        return None


def relay(
    request: Request,
    route: Route,
    connected: socket.socket | None = None,
    *,
    decodes: bool = False,
    most: int | None = None,
) -> Fetched:
    """What the server at the end of ``route`` answers; failures are a part of the answer.

    Its body follows as it comes, unless a rule changes it: with ``decodes`` it is read whole and unpacked, with
    ``most`` no more than that many bytes of it are read. ``connected`` is its connection, where that is open.
    """
    phase = "connect"
    connection = connected
    try:
        with allowed():
            connection = connection or route.connect()
            phase = "tls" if route.is_secure else "send"
            connection = route.secure(connection)
            phase = "send"
            connection.sendall(_bytes_of(request, route))
            phase = "wait"
            received = http.client.HTTPResponse(connection, method=request.method)
            received.begin()
            return _read(received, connection, decodes=decodes, most=most)
    except Exception as error:
        if connection is not None:
            connection.close()
        return Fetched(Answer(failure=_failure(error, phase)))


def _failure(error: Exception, phase: str) -> ExchangeError:
    kind = kind_of_failure(error, phase)
    phase = "dns" if kind is FailureKind.NAME_NOT_FOUND else phase
    return ExchangeError(type(error).__name__, str(error), phase, kind)


def _read(received: http.client.HTTPResponse, connection: socket.socket, *, decodes: bool, most: int | None) -> Fetched:
    if not decodes and most is None:
        return Fetched(_head(received), Rest(received, connection))
    limit = LARGEST_CHANGE if most is None else most
    failure = None
    try:
        body = received.read(limit + 1)
        is_cut = bool(received.length) and len(body) <= limit
    except http.client.IncompleteRead as error:
        body, is_cut = error.partial, True
    if is_cut:
        failure = ExchangeError("IncompleteRead", "", "receive", FailureKind.CUT)
    if most is None and len(body) > limit:
        return Fetched(_head(received), Rest(received, connection, body), is_too_long=True)
    received.close()
    connection.close()
    head = http_heads.head_of_response(received)
    response = Response(head.status, head.reason, head.version, head.headers, body, len(body), latin=head.latin)
    decoder = ContentDecoder(received.headers.get("content-encoding", ""))
    if decodes and decoder.knows and failure is None:
        with suppress(BodyTooLong):
            plain = decoder.whole(body)
            return Fetched(Answer(replace(response, body=plain, size=len(plain), raw_size=len(body))))
    return Fetched(Answer(response, failure, is_encoded=True))


def _head(received: http.client.HTTPResponse) -> Answer:
    lines = [f"HTTP/1.1 {received.status} {received.reason}".rstrip()]
    lines += [f"{name}: {value}" for name, value in received.getheaders() if name.lower() != "connection"]
    lines.append("Connection: close")  # also where the server does not say so: each request has its own
    head = "\r\n".join((*lines, "", "")).encode("latin-1", "replace")
    return Answer(Response(received.status, body=head), is_raw=True)


def _pieces(received: http.client.HTTPResponse, connection: socket.socket, first: bytes) -> Generator[bytes]:
    with closing(connection), closing(received):
        try:
            piece = first or received.read1(_PIECE)
            while piece:
                yield b"%x\r\n%b\r\n" % (len(piece), piece) if received.chunked else piece
                piece = received.read1(_PIECE)
        except (http.client.HTTPException, OSError):
            return
        if received.chunked:
            yield b"0\r\n\r\n"


def _bytes_of(request: Request, route: Route) -> bytes:
    kept = [header for header in request.headers if header[0].lower() not in _OF_CONNECTION]
    lengths = [("Content-Length", str(len(request.body)))] if request.body or request.method != "GET" else []
    encoded = any(name.lower() == "content-encoding" for name, _ in kept)
    if encoded:  # the body was unpacked when it was read
        kept = [header for header in kept if header[0].lower() != "content-encoding"]
    given = [header for header in request.headers if header[0].lower() == "proxy-authorization"]
    of_proxy = (given or route.proxy_headers) if route.proxy.address and not route.is_secure else []
    host = urlsplit(route.url).netloc.rpartition("@")[2]
    headers = [("Host", host), *of_proxy, *kept, *lengths, ("Connection", "close")]
    lines = [f"{request.method} {route.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + request.body
