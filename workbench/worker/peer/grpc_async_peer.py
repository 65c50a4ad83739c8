"""Asynchronous calls of gRPC answered without a channel."""

import asyncio
from collections.abc import AsyncIterator, Generator
from typing import Any

from workbench.worker.peer.grpc_peer import CallAnswer
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


def answered_call(aio: Any, messages: AsyncIterator[Any]) -> Any:
    """An asynchronous call of whatever kind: awaited it is its only message, iterated all of them."""
    bases = (_AnsweredCall, aio.UnaryUnaryCall, aio.UnaryStreamCall, aio.StreamUnaryCall, aio.StreamStreamCall)
    return type("AnsweredCall", bases, {})(aio, messages)


class _AnsweredCall:
    """The methods of ``grpc.aio``'s calls."""

    def __init__(self, aio: Any, messages: AsyncIterator[Any]) -> None:
        self._aio = aio
        self._messages = messages
        self._over = False
        self._only: asyncio.Future[Any] | None = None

    async def _all(self) -> Any:
        found = [message async for message in self]
        return found[0] if found else None

    def __await__(self) -> Generator[Any, Any, Any]:
        if self._only is None:
            self._only = asyncio.ensure_future(self._all())
        return self._only.__await__()

    async def __aiter__(self) -> AsyncIterator[Any]:
        try:
            async for message in self._messages:
                yield message
        finally:
            self._over = True

    async def read(self) -> Any:
        """The next message."""
        return await anext(self._messages, self._aio.EOF)

    async def write(self, request: Any) -> None:
        """It is too late to send one."""
        raise asyncio.InvalidStateError("All messages of this call were sent before it was answered.")

    async def done_writing(self) -> None:
        """Nothing is left to send."""

    def cancel(self) -> bool:
        """Nothing is left to cancel."""
        return False

    def cancelled(self) -> bool:
        """It was not."""
        return False

    def done(self) -> bool:
        """Whether all messages were taken."""
        return self._over

    def time_remaining(self) -> None:
        """It has no deadline."""

    def add_done_callback(self, callback: Any) -> None:
        """Call at once."""
        callback(self)

    async def initial_metadata(self) -> Any:
        """There is none."""
        return self._aio.Metadata()

    trailing_metadata = initial_metadata

    async def code(self) -> Any:
        """The status is that of the error which is raised."""

    async def details(self) -> str:
        """There are none but those of the error."""
        return ""

    async def wait_for_connection(self) -> None:
        """There is none to wait for."""
