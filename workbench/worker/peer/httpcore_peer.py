"""httpcore's network, replaced: its own interface, with streams that answer what is written to them."""

import inspect
import time
from typing import Any

from workbench.answers.answer import answer_bytes, keeps_open
from workbench.domain import FailureKind
from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import is_reset, reset_error
from workbench.worker.peer.request_reader import RequestReader

_LONGEST_WAIT = 3600.0
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


def answer_pool(pool: Any, recorder: Recorder, engine: AnswerEngine, httpcore: Any) -> None:
    """Let a pool make its connections here; it keeps what it had for :attr:`PeerBackend.network`."""
    if not isinstance(pool._network_backend, PeerBackend):
        pool._network_backend = PeerBackend(recorder, engine, httpcore, pool._network_backend)


class PeerBackend:
    """Both halves of httpcore's ``NetworkBackend``: the asynchronous one has the same names, awaited."""

    def __init__(self, recorder: Recorder, engine: AnswerEngine, httpcore: Any, network: Any) -> None:
        self._recorder = recorder
        self._engine = engine
        self._httpcore = httpcore
        self.network = network
        self._is_async = inspect.iscoroutinefunction(network.connect_tcp)

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> Any:
        """A stream, or what awaits one. Raises what httpcore raises where the connection fails."""
        return self._connected(options.get("timeout")) if self._is_async else self._connect(options.get("timeout"))

    def connect_unix_socket(self, path: str, *args: Any, **options: Any) -> Any:
        """The same for a socket in the file system."""
        return self.connect_tcp(path, 0, *args, **options)

    def sleep(self, seconds: float) -> Any:
        """Wait between two tries to connect."""
        return self.network.sleep(0 if self._engine.skips_waits else seconds)

    async def _connected(self, seconds: float | None) -> "AsyncPeerStream":
        error = self._failure()
        if isinstance(error, self._httpcore.ConnectTimeout):
            await self.network.sleep(seconds or _LONGEST_WAIT)
        if error is not None:
            raise error
        return AsyncPeerStream(self._recorder, self._engine, self._httpcore, self.network)

    def _connect(self, timeout: float | None) -> "PeerStream":
        error = self._failure()
        if isinstance(error, self._httpcore.ConnectTimeout) and not self._engine.skips_waits:
            time.sleep(timeout or _LONGEST_WAIT)
        if error is not None:
            raise error
        return PeerStream(self._recorder, self._engine, self._httpcore, self.network)

    def _failure(self) -> Exception | None:
        attempt = self._recorder.current.get()
        error = None if attempt is None else self._engine.broken_connection(attempt, *attempt.asked)
        if error is None:
            return None
        kind = self._httpcore.ConnectTimeout if isinstance(error, TimeoutError) else self._httpcore.ConnectError
        made: Exception = kind(str(error))
        made.__context__ = error  # httpcore takes the cause away
        return made


class _Stream:
    """What both kinds of streams share: requests as they are written, and the bytes of their answers."""

    def __init__(self, recorder: Recorder, engine: AnswerEngine, httpcore: Any, network: Any) -> None:
        self._recorder = recorder
        self._engine = engine
        self._httpcore = httpcore
        self._network = network
        self._reader = RequestReader()
        self._data = bytearray()
        self._ends: BaseException | None = None
        self._is_over = False
        self._waits = False

    def get_extra_info(self, info: str) -> Any:
        """Of what httpcore asks for, only whether the connection is over: there is no socket and no TLS."""
        return self._is_over if info == "is_readable" else None

    def _written(self, data: bytes) -> None:
        self._reader.feed(data)
        attempt = self._recorder.current.get()
        if not self._reader.is_complete or attempt is None:
            return
        if self._reader.head is not None and self._reader.head.method == "CONNECT" != attempt.asked[0]:
            self._reader.take("")
            self._data += _TUNNEL
            return
        reply = self._engine.reply(self._reader.take(attempt.asked[1]))
        attempt.answered_from(reply.origin)
        if reply.error is not None:
            self._is_over, self._ends = True, reply.error
            return
        self._data += answer_bytes(reply.answer, attempt.asked[0])
        failure = reply.failure
        if failure is None:
            self._is_over = not keeps_open(reply.answer) or self._engine.ends_connection(attempt.asked[1])
        elif failure.kind in (FailureKind.TIMEOUT, FailureKind.CANCELLED):
            self._is_over, self._waits = True, True
            self._ends = self._httpcore.ReadTimeout("timed out" if isinstance(self, PeerStream) else "")
        elif failure.kind is not FailureKind.UNDECODABLE:
            self._is_over = True
            self._ends = self._httpcore.ReadError(str(reset_error())) if is_reset(failure) else None

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
        return self._ends or self._httpcore.ReadTimeout("timed out")


class PeerStream(_Stream):
    """A stream of the blocking half."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes of the answer."""
        data = self._read(max_bytes)
        if data is None:
            if not self._engine.skips_waits:
                time.sleep(timeout or _LONGEST_WAIT)
            raise self._timeout()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take bytes of the request."""
        self._written(buffer)

    def close(self) -> None:
        """Close it."""
        self._is_over = True

    def start_tls(self, *args: Any, **options: Any) -> "PeerStream":
        """This very stream: there is no TLS here."""
        return self


class AsyncPeerStream(_Stream):
    """A stream of the asynchronous half."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  its own name
        """Bytes of the answer."""
        data = self._read(max_bytes)
        if data is None:
            await self._network.sleep(timeout or _LONGEST_WAIT)
            raise self._timeout()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Take bytes of the request."""
        self._written(buffer)

    async def aclose(self) -> None:
        """Close it."""
        self._is_over = True

    async def start_tls(self, *args: Any, **options: Any) -> "AsyncPeerStream":
        """This very stream: there is no TLS here."""
        return self
