"""What the blocking and the asynchronous stream share: requests as they are written, and the bytes of their answers."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from workbench.answers.answer import answer_bytes, keeps_open
from workbench.domain import AnswerOrigin, FailureKind, Request
from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import connect_error, is_reset, reset_error
from workbench.worker.peer.httpcore.errors import as_httpcore, tell_http_2
from workbench.worker.peer.network.live_answer import LiveAnswer
from workbench.worker.peer.network.relay import Rest
from workbench.worker.peer.network.route import Proxy
from workbench.worker.peer.reply import EARLY, Reply, is_silence
from workbench.worker.peer.request_reader import RequestReader
from workbench.worker.peer.waits import begun

_SETTINGS = b"\x04" + bytes(5)
"""What follows the length of the first frame that a server of HTTP/2 sends; no head of HTTP/1.1 has it."""
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"

_SOCKS, _SOCKS_LOGIN = b"\x05", b"\x01"
"""What the messages begin with by which httpcore asks a SOCKS proxy for a connection; no head of HTTP does."""


class _Handshake:
    """Stands for a live answer while a SOCKS proxy answers: its bytes are passed on as they are."""

    is_over = keeps_open = True

    def feed(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class AnsweredStream:
    """What both kinds of streams share: requests as they are written, and the bytes of their answers."""

    speaks_http_1 = True

    def __init__(
        self, recorder: Recorder, engine: AnswerEngine, httpcore: Any, network: Any, upstream: Any = None
    ) -> None:
        self._recorder = recorder
        self._engine = engine
        self._httpcore = httpcore
        self._network = network
        self._upstream = upstream
        self._live: LiveAnswer | _Handshake | None = None
        self._delay = 0.0
        self._context: Any = None
        self._proxy: Proxy | None = None
        self._reader = RequestReader()
        self._data = bytearray()
        self._ends: BaseException | None = None
        self._is_over = False
        self._waits = False
        self._pending: tuple[Callable[[], Reply], Request] | None = None
        self._rest: Rest | None = None

    def get_extra_info(self, info: str) -> Any:
        """Of what httpcore asks for, whether the connection is over, and what the library's own stream knows.

        There is neither a socket nor TLS without one.
        """
        if info == "is_readable" and self._is_over:
            return True
        return self._upstream.get_extra_info(info) if self._upstream is not None else None

    def _written(self, data: bytes) -> bytes:
        """What the library's own stream gets, once a request is complete that is answered there."""
        if self._reader.is_empty and data.startswith((_SOCKS, _SOCKS_LOGIN)):
            return self._shake_hands(data)
        self._reader.feed(data)
        attempt = self._recorder.current.get()
        if not self._reader.is_complete or attempt is None:
            return b""
        if self._reader.head is not None and self._reader.head.method == "CONNECT" != attempt.target[0]:
            tunnel = self._reader.take("")
            self._proxy, self._context = Proxy("", self._context, tunnel.headers), None
            if self._upstream is not None:
                return self._pass_on(Reply(AnswerOrigin()), tunnel)
            self._data += _TUNNEL
            return b""
        request = self._reader.take(attempt.target[1])
        reply = self._engine.reply(request)
        attempt.answered_from(reply.origin)
        self._delay = reply.delay
        if reply.url == request.url and self._upstream is not None:
            return self._pass_on(reply, request)
        if reply.url:
            fetch = partial(self._engine.fetched, reply, request, self._through(attempt.proxy), self._context)
            self._pending = fetch, request
        else:
            self._answer(reply, request)
        return b""

    def _shake_hands(self, data: bytes) -> bytes:
        """The same of what is for a SOCKS proxy, which takes the login and the connection where there is none."""
        if self._upstream is not None:
            self._live = _Handshake()
            return data
        if data.startswith(_SOCKS_LOGIN):
            self._data += _SOCKS_LOGIN + b"\0"
        elif len(data) == 2 + data[1]:  # the ways to log in, of which the first will do
            self._data += _SOCKS + data[2:3]
        else:
            self._data += _SOCKS + b"\0\0\x01" + bytes(6)
        return b""

    def _through(self, address: str) -> Proxy:
        """The proxy of a request; TLS without a tunnel is that of the proxy itself."""
        if not address:
            return Proxy()
        return Proxy(address, self._context) if self._proxy is None else replace(self._proxy, address=address)

    def _take_pending(self) -> tuple[Future[Reply], Request] | None:
        """The reply that a thread fetches from now on, with its request; None where the answer is there."""
        if self._pending is None:
            return None
        (fetch, request), self._pending = self._pending, None
        return begun(fetch, self._engine.in_flight), request

    def _pass_on(self, reply: Reply, request: Request) -> bytes:
        """The bytes for the server at the library's own stream, whose answer is read from there."""
        change, closes = self._engine.change(reply, request), self._engine.ends_connection(request.url)
        self._live = LiveAnswer(request.method, change, closes=closes and request.method != "CONNECT")
        return self._reader.raw

    def _take_delay(self, timeout: float | None) -> tuple[float, bool]:
        """The seconds to wait for the first bytes, and whether these are all that the library waits for them."""
        delay, self._delay = self._delay, 0.0
        return (timeout, True) if timeout is not None and delay > timeout else (delay, False)

    def _receive(self, data: bytes) -> None:
        """What came from there, nothing at its end."""
        live = self._live
        if live is None:
            return
        if data[3:9] == _SETTINGS and (attempt := self._recorder.current.get()) is not None:
            tell_http_2(self._recorder, attempt.target[1])
        self._data += live.feed(data) if data else live.end()
        if not data or live.is_over:
            self._live, self._is_over = None, not data or not live.keeps_open

    def _answer(self, reply: Reply, request: Request) -> None:
        if reply.error is not None:
            self._is_over, self._ends = True, reply.error
            return
        self._data += answer_bytes(reply.answer, request.method)
        self._rest = reply.rest
        failure = reply.failure
        if failure is None:
            is_last = self._upstream is None and not self._engine.is_recording  # the next may go to the network
            self._is_over = is_last or not keeps_open(reply.answer) or self._engine.ends_connection(request.url)
        elif is_silence(failure):
            self._is_over, self._waits = True, True
        elif failure.phase in EARLY:  # found out too late
            if (attempt := self._recorder.current.get()) is not None:
                attempt.phase = failure.phase
            self._is_over, self._ends = True, as_httpcore(connect_error(failure), self._httpcore.ConnectError)
        elif failure.kind is not FailureKind.UNDECODABLE:
            self._is_over = True
            self._ends = self._of_read(reset_error(), self._httpcore.ReadError) if is_reset(failure) else None

    def _add(self, piece: bytes) -> None:
        """The next piece of what follows; empty at its end."""
        self._data += piece
        if not piece:
            self._rest = None

    def _end(self) -> None:
        self._is_over = True
        rest, self._rest = self._rest, None
        if rest is not None:
            rest.close()

    def _read(self, most: int) -> bytes | None:
        """The next bytes, none at the end; None where there are none and no end either."""
        if self._data:
            taken = bytes(self._data[:most])
            del self._data[:most]
            return taken
        if self._waits or not self._is_over:
            return None
        if self._ends is not None:
            raise self._ends
        return b""

    def _timeout(self) -> BaseException:
        return self._ends or self._of_read(TimeoutError("timed out"), self._httpcore.ReadTimeout)

    def _of_read(self, error: OSError, kind: type[Exception]) -> Exception:
        """The exception of a read that fails so."""
        raise NotImplementedError
