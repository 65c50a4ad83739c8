"""Asynchronous calls of gRPC answered without a channel."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any

from workbench.domain import Headers
from workbench.worker.peer.grpc.calls import CallAnswer
from workbench.worker.peer.waits import LONGEST_WAIT


async def messages_of(answer: CallAnswer, aio: Any, grpc: Any) -> AsyncIterator[Any]:
    """The messages of an asynchronous call. Raises its error at their end."""
    for message in answer.messages:
        yield message
    if answer.waits:
        await asyncio.sleep(LONGEST_WAIT)
    if answer.error is not None:
        raise answer.error
    if answer.code is not None:
        code = getattr(grpc.StatusCode, answer.code, grpc.StatusCode.UNKNOWN)
        raise aio.AioRpcError(code, aio.Metadata(), aio.Metadata(*answer.metadata), answer.details)


type Metadata = Headers | Callable[[], Awaitable[Headers]]


def answered_call(aio: Any, messages: AsyncIterator[Any], metadata: Metadata = (), *, is_open: bool = False) -> Any:
    """An asynchronous call of whatever kind: awaited it is its only message, iterated all of them.

    ``is_open``: requests are to come yet, so that it has no status before its end.
    """
    bases = (_AnsweredCall, aio.UnaryUnaryCall, aio.UnaryStreamCall, aio.StreamUnaryCall, aio.StreamStreamCall)
    return type("AnsweredCall", bases, {})(aio, messages, metadata, is_open=is_open)


class _AnsweredCall:
    """The methods of ``grpc.aio``'s calls."""

    _done_writing_flag = False

    def __init__(self, aio: Any, messages: AsyncIterator[Any], metadata: Metadata, *, is_open: bool) -> None:
        self._aio = aio
        self._channel = None  # which channels before 1.71 look at, when they are closed, to end their calls
        self._metadata = metadata
        self._messages = self._until_the_end(messages)
        self._over = self._is_cancelled = False
        self._step: asyncio.Future[Any] | None = None
        self._ended = asyncio.Event()
        if not is_open:
            self._ended.set()
        self._only: asyncio.Future[Any] | None = None

    async def _until_the_end(self, messages: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async def step() -> Any:
            if self._is_cancelled:
                await messages.athrow(asyncio.CancelledError())  # type: ignore[attr-defined]
            return await anext(messages, self._aio.EOF)

        try:
            while True:
                self._step = asyncio.ensure_future(step())
                if (message := await self._step) is self._aio.EOF:
                    return
                yield message
        finally:
            self._over = True
            self._ended.set()

    async def _all(self) -> Any:
        found = [message async for message in self]
        return found[0] if found else None

    def __await__(self) -> Generator[Any, Any, Any]:
        if self._only is None:
            self._only = asyncio.ensure_future(self._all())
        return self._only.__await__()

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for message in self._messages:
            yield message

    async def read(self) -> Any:
        """The next message."""
        return await anext(self._messages, self._aio.EOF)

    async def write(self, request: Any) -> None:
        """It is too late to send one."""
        raise asyncio.InvalidStateError("All messages of this call were sent before it was answered.")

    async def done_writing(self) -> None:
        """Nothing is left to send."""

    def cancel(self) -> bool:
        """End it: who reads it gets a ``CancelledError``."""
        if self._over:
            return False
        self._over = self._is_cancelled = True
        self._ended.set()
        if self._step is not None:
            self._step.cancel()
        return True

    def cancelled(self) -> bool:
        """Whether it was ended so."""
        return self._is_cancelled

    def done(self) -> bool:
        """Whether all messages were taken."""
        return self._over

    def time_remaining(self) -> None:
        """It has no deadline."""

    def add_done_callback(self, callback: Any) -> None:
        """Call at once."""
        callback(self)

    async def initial_metadata(self) -> Any:
        """It is not distinguished from that at the end."""
        return self._aio.Metadata(*(await self._metadata() if callable(self._metadata) else self._metadata))

    trailing_metadata = initial_metadata

    async def code(self) -> Any:
        """None: the status is that of the error which is raised."""
        await self._ended.wait()

    async def details(self) -> str:
        """There are none but those of the error."""
        return ""

    async def wait_for_connection(self) -> None:
        """There is none to wait for."""
