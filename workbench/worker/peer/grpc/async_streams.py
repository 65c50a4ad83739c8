"""Asynchronous streams of gRPC without a channel, whose requests may wait for responses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from workbench.worker.peer.grpc.calls import CallAnswer
from workbench.worker.peer.grpc.streams import LONGEST, PATIENCE, QUIET
from workbench.worker.peer.reply import NoRecordedAnswer


class AsyncRequests:
    """The request messages of a call, taken by a task of their own as grpc does."""

    def __init__(self, sent: AsyncIterator[Any]) -> None:
        self.messages: list[Any] = []
        self.is_over = False
        self.compared = 0
        self.error: Exception | None = None
        self._news = asyncio.Event()
        self._is_patient = True
        self._taking = asyncio.ensure_future(self._take(sent))

    async def _take(self, sent: AsyncIterator[Any]) -> None:
        try:
            async for message in sent:
                self.messages.append(message)
                self._news.set()
        except Exception as error:
            self.error = error
        finally:
            self.is_over = True
            self._news.set()

    async def settle(self, number: int | None = None) -> None:
        """Wait until there are so many, or all, or no other has come for a moment."""
        end = asyncio.get_running_loop().time() + LONGEST
        while not self.is_over and (number is None or len(self.messages) < number):
            self._news.clear()
            try:
                async with asyncio.timeout(QUIET):
                    await self._news.wait()
            except TimeoutError:
                return
            if asyncio.get_running_loop().time() > end:
                return

    async def expect(self, number: int) -> bool:
        """Wait until there are so many, as there were in the recording; False where they do not come."""
        while not self.is_over and len(self.messages) < number and self._is_patient:
            self._news.clear()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._news.wait()
            except TimeoutError:
                self._is_patient = False
        return len(self.messages) >= number

    async def all(self) -> None:
        """Wait until all are there."""
        await asyncio.wait([self._taking])

    async def __aiter__(self) -> AsyncIterator[Any]:
        """All of them, those that came already and those that come yet. Raises what their iterator raised."""
        place = 0
        while True:
            for message in self.messages[place:]:
                place += 1
                yield message
            if place == len(self.messages):
                if self.is_over:
                    break
                self._news.clear()
                await self._news.wait()
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        """Take no more of them."""
        self._taking.cancel()


async def answered_stream(
    requests: AsyncRequests,
    answer: CallAnswer,
    messages: AsyncIterator[Any],
    departure: Callable[..., Exception | None],
) -> AsyncIterator[Any]:
    """The ``messages`` of an answer, as long as the requests go on as those of the exchange that it is from.

    ``departure`` is the error of those that do not.
    """
    given = 0

    async def check(number: int | None) -> None:
        if answer.recorded is not None:
            if answer.sent_before:
                await requests.expect(answer.requests if number is None else number)
            await requests.settle(number)
            if (error := departure(answer, is_end=number is None)) is not None:
                raise error

    try:
        async for message in messages:
            given += 1
            await check(answer.requests_before(given))
            yield message
    except (GeneratorExit, NoRecordedAnswer):
        raise
    except Exception:
        await check(None)
        raise
    await check(None)


def once[T](work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
    """``work``, whose result all callers share."""
    found: list[asyncio.Future[T]] = []

    def shared() -> Awaitable[T]:
        if not found:
            found.append(asyncio.ensure_future(work()))
        return found[0]

    return shared
