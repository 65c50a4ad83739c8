"""Streams of httpcore's interface that answer what is written to them, by themselves or by the library's stream."""

import asyncio
import sys
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

from workbench.worker.peer.httpcore.answered_stream import AnsweredStream
from workbench.worker.peer.httpcore.errors import after, as_httpcore, counted
from workbench.worker.peer.waits import LONGEST_WAIT, begun

_READABLE = ["http/1.1"]
"""The protocol that is read here, whichever the library would speak."""


class PeerStream(AnsweredStream):
    """A stream of the blocking half."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes of the answer."""
        if self._delay:
            seconds, is_late = self._take_delay(timeout)
            time.sleep(0 if self._engine.skips_waits else seconds)
            if is_late:
                raise self._timeout()
        while not self._data and self._live is not None:
            self._receive(self._upstream.read(max_bytes, timeout))
        if (pending := self._take_pending()) is not None:
            self._answer(self._in_time(pending[0], timeout), pending[1])
        if not self._data and self._rest is not None:
            self._add(self._in_time(begun(partial(next, self._rest, b""), self._engine.in_flight), timeout))
        data = self._read(max_bytes)
        if data is None:
            if not self._engine.skips_waits:
                time.sleep(timeout or LONGEST_WAIT)
            raise self._timeout()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take bytes of the request."""
        if passed := self._written(buffer):
            self._upstream.write(passed, timeout)

    def _in_time[T](self, work: Future[T], seconds: float | None) -> T:
        try:
            return work.result(seconds)
        except TimeoutError:
            raise self._timeout() from None

    def close(self) -> None:
        """Close it."""
        self._end()
        if self._upstream is not None:
            self._upstream.close()

    def start_tls(self, ssl_context: Any, *args: Any, **options: Any) -> "PeerStream":
        """This very stream: there is TLS on the library's own only."""
        ssl_context.set_alpn_protocols(_READABLE)
        self._context = ssl_context
        if self._upstream is not None:
            with counted(self._recorder, self._engine):
                self._upstream = self._upstream.start_tls(ssl_context, *args, **options)
        return self

    def _of_read(self, error: OSError, kind: type[Exception]) -> Exception:
        return as_httpcore(error, kind)


class AsyncPeerStream(AnsweredStream):
    """A stream of the asynchronous half."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  its own name
        """Bytes of the answer."""
        if self._delay:
            seconds, is_late = self._take_delay(timeout)
            await self._network.sleep(seconds)
            if is_late:
                raise self._timeout()
        while not self._data and self._live is not None:
            self._receive(await self._upstream.read(max_bytes, timeout))
        if (pending := self._take_pending()) is not None:
            self._answer(await self._in_time(pending[0], timeout), pending[1])
        if not self._data and self._rest is not None:
            piece = begun(partial(next, self._rest, b""), self._engine.in_flight)
            self._add(await self._in_time(piece, timeout))
        data = self._read(max_bytes)
        if data is None:
            await self._network.sleep(timeout or LONGEST_WAIT)
            raise self._timeout()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Take bytes of the request."""
        if passed := self._written(buffer):
            await self._upstream.write(passed, timeout)

    async def _in_time[T](self, work: Future[T], seconds: float | None) -> T:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # trio
            return work.result()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(work, loop=loop), seconds)
        except TimeoutError:
            raise self._timeout() from None

    async def aclose(self) -> None:
        """Close it."""
        self._end()
        if self._upstream is not None:
            await self._upstream.aclose()

    async def start_tls(self, ssl_context: Any, *args: Any, **options: Any) -> "AsyncPeerStream":
        """This very stream: there is TLS on the library's own only."""
        ssl_context.set_alpn_protocols(_READABLE)
        self._context = ssl_context
        if self._upstream is not None:
            with counted(self._recorder, self._engine):
                self._upstream = await self._upstream.start_tls(ssl_context, *args, **options)
        return self

    def _of_read(self, error: OSError, kind: type[Exception]) -> Exception:
        """This half of httpcore makes it of an exception without a text."""
        broken = getattr(sys.modules.get("anyio"), "BrokenResourceError", OSError)
        return after(error, kind(TimeoutError() if isinstance(error, TimeoutError) else broken()))
