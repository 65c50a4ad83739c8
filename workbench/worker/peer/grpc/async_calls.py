"""Asynchronous calls of gRPC answered without a channel."""

import asyncio
import sys
from collections.abc import AsyncIterator, Generator
from typing import Any

from workbench.worker.peer.grpc.calls import CallAnswer, code_of
from workbench.worker.peer.grpc.metadata import metadata_of
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
        metadata = (aio.Metadata(*metadata_of(part)) for part in (answer.metadata, answer.trailers))
        raise aio.AioRpcError(code_of(answer, grpc), *metadata, answer.details)


def answered_call(aio: Any, messages: AsyncIterator[Any], source: Any, *, is_open: bool = False) -> Any:
    """An asynchronous call of whatever kind: awaited it is its only message, iterated all of them.

    ``source`` has its metadata and its status: a :class:`CallAnswer`, a live call, or a function that finds either.
    ``is_open``: requests are to come yet, so that it has no status before its end.
    """
    bases = (_AnsweredCall, aio.UnaryUnaryCall, aio.UnaryStreamCall, aio.StreamUnaryCall, aio.StreamStreamCall)
    return type("AnsweredCall", bases, {})(aio, messages, source, is_open=is_open)


class _AnsweredCall:
    """The methods of ``grpc.aio``'s calls."""

    _done_writing_flag = False

    def __init__(self, aio: Any, messages: AsyncIterator[Any], source: Any, *, is_open: bool) -> None:
        self._aio = aio
        self._channel = None  # which channels before 1.71 look at, when they are closed, to end their calls
        self._source = source
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

    async def _found(self) -> Any:
        return await self._source() if callable(self._source) else self._source

    async def initial_metadata(self) -> Any:
        """The metadata that came first."""
        found = await self._found()
        if isinstance(found, CallAnswer):
            return self._aio.Metadata(*metadata_of(found.metadata))
        return await found.initial_metadata()

    async def trailing_metadata(self) -> Any:
        """The metadata that came at the end."""
        found = await self._found()
        if isinstance(found, CallAnswer):
            return self._aio.Metadata(*metadata_of(found.trailers))
        return await found.trailing_metadata()

    async def code(self) -> Any:
        """The status."""
        await self._ended.wait()
        if self._is_cancelled:
            return sys.modules["grpc"].StatusCode.CANCELLED
        found = await self._found()
        return code_of(found, sys.modules["grpc"]) if isinstance(found, CallAnswer) else await found.code()

    async def details(self) -> str:
        """The text of the status."""
        await self._ended.wait()
        found = await self._found()
        text: str = found.details if isinstance(found, CallAnswer) else await found.details()
        return text

    async def wait_for_connection(self) -> None:
        """There is none to wait for."""
