"""httpcore's network, replaced by its own interface: where its pools connect."""

import inspect
import re
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from workbench.worker.capture.recorder import Recorder
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import is_of_proxy
from workbench.worker.peer.httpcore.errors import after, as_httpcore, counted
from workbench.worker.peer.httpcore.streams import AsyncPeerStream, PeerStream
from workbench.worker.peer.reply import failed_connection
from workbench.worker.peer.waits import LONGEST_WAIT, finished

_RAW_TLS_ERRORS = re.compile(r"0\.|1\.0\.[0-5]\b")
"""Releases whose asynchronous half lets errors of TLS pass as they are."""


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
        attempt = self._recorder.current.get()
        if attempt is None or not self._engine.takes(attempt.target[1]):
            return self.network.connect_tcp(host, port, *args, **options)
        if self._engine.goes_live(*attempt.target):
            connect = partial(self.network.connect_tcp, host, port, *args, **options)
            return self._connected_live(connect) if self._is_async else self._connect_live(connect)
        seconds = options.get("timeout")
        return self._connected(seconds) if self._is_async else self._connect(seconds)

    def connect_unix_socket(self, path: str, *args: Any, **options: Any) -> Any:
        """The same for a socket in the file system."""
        return self.connect_tcp(path, 0, *args, **options)

    def sleep(self, seconds: float) -> Any:
        """Wait between two tries to connect."""
        return self.network.sleep(0 if self._engine.skips_waits else seconds)

    async def _connected_live(self, connect: Callable[[], Any]) -> "AsyncPeerStream":
        with counted(self._recorder, self._engine):
            upstream = await connect()
        return AsyncPeerStream(self._recorder, self._engine, self._httpcore, self.network, upstream)

    def _connect_live(self, connect: Callable[[], Any]) -> "PeerStream":
        with counted(self._recorder, self._engine):
            upstream = connect()
        return PeerStream(self._recorder, self._engine, self._httpcore, self.network, upstream)

    async def _connected(self, seconds: float | None) -> "AsyncPeerStream":
        error, attempt = self._failure(), self._recorder.current.get()
        if isinstance(error, self._httpcore.ConnectTimeout):
            await self.network.sleep(seconds or LONGEST_WAIT)
        if error is None and attempt is not None and self._engine.is_forwarded(*attempt.target):
            reply = await finished(partial(self._engine.unforwarded, *attempt.target, seconds), self._engine.in_flight)
            error = self._as_raised(failed_connection(attempt, reply))
        if error is not None:
            raise error
        return AsyncPeerStream(self._recorder, self._engine, self._httpcore, self.network)

    def _connect(self, timeout: float | None) -> "PeerStream":
        error, attempt = self._failure(), self._recorder.current.get()
        if isinstance(error, self._httpcore.ConnectTimeout) and not self._engine.skips_waits:
            time.sleep(timeout or LONGEST_WAIT)
        if error is None and attempt is not None:
            reply = self._engine.unforwarded(*attempt.target, timeout)
            error = self._as_raised(failed_connection(attempt, reply))
        if error is not None:
            raise error
        return PeerStream(self._recorder, self._engine, self._httpcore, self.network)

    def _failure(self) -> Exception | None:
        attempt = self._recorder.current.get()
        return None if attempt is None else self._as_raised(self._engine.broken_connection(attempt, *attempt.target))

    def _as_raised(self, error: OSError | None) -> Exception | None:
        """The exception that httpcore makes of one of the system's."""
        if error is None or (isinstance(error, ssl.SSLError) and self._raises_raw_tls_errors()):
            return error
        kind = self._httpcore.ConnectTimeout if isinstance(error, TimeoutError) else self._httpcore.ConnectError
        if is_of_proxy(error):
            return self._httpcore.ProxyError(str(error))  # type: ignore[no-any-return]
        if self._is_async and isinstance(error, ConnectionRefusedError):
            return as_httpcore(after(error, OSError("All connection attempts failed")), kind)  # as anyio words it
        return as_httpcore(error, kind)

    def _raises_raw_tls_errors(self) -> bool:
        return self._is_async and _RAW_TLS_ERRORS.match(self._httpcore.__version__) is not None
