"""The interceptors of a channel of grpc.aio, one for each kind of call."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from workbench.worker.capture.grpc.call import RecordedCall
from workbench.worker.capture.recorder import Recorder


def async_interceptors(aio: Any, recorder: Recorder) -> Callable[[str], list[Any]]:
    """Makes the interceptors of a channel, one for each kind of call: a channel takes only the first kind of each."""

    class UnaryUnary(_AsyncCalls, aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
        """One message each way."""

        async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            return await self.one_received(continuation, details, request)

    class UnaryStream(_AsyncCalls, aio.UnaryStreamClientInterceptor):  # type: ignore[misc]
        """One message there, many back."""

        async def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            return await self.many_received(continuation, details, request)

    class StreamUnary(_AsyncCalls, aio.StreamUnaryClientInterceptor):  # type: ignore[misc]
        """Many messages there, one back."""

        sends_many = True

        async def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            return await self.one_received(continuation, details, requests)

    class StreamStream(_AsyncCalls, aio.StreamStreamClientInterceptor):  # type: ignore[misc]
        """Many messages both ways."""

        sends_many = True

        async def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            return await self.many_received(continuation, details, requests)

    def made(base: str) -> list[Any]:
        methods: dict[str, Any] = {}
        kinds = (UnaryUnary, UnaryStream, StreamUnary, StreamStream)
        return [kind(aio, recorder, base, methods) for kind in kinds]

    return made


def is_written(messages: Any) -> bool:
    """Whether request messages come by ``write`` of the call, which is not there before its interceptors return."""
    return getattr(messages, "__name__", "") == "_proxy_writes_as_request_iterator"


class _AsyncCalls:
    """What the four kinds of asynchronous calls share."""

    sends_many = False

    def __init__(self, aio: Any, recorder: Recorder, base: str, methods: dict[str, Any]) -> None:
        self._aio = aio
        self._recorder = recorder
        self._base = base
        self.methods = methods
        self._watching: set[asyncio.Future[Any]] = set()

    async def one_received(self, continuation: Any, details: Any, request: Any) -> Any:
        """A call whose response is one message."""
        call, sent = self._start(details, request)
        answered, sent = await self._answered(continuation, call, details, request, sent, is_one=True)
        if answered is None and call.change is not None:
            return self._changed(call, await continuation(details, sent), is_one=True)
        if answered is not None:
            return answered
        live = await continuation(details, sent)
        if not is_written(request):
            return await call.awaited(live)
        watching = asyncio.ensure_future(call.awaited(live))  # nothing is written before this returns
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)
        return live

    async def many_received(self, continuation: Any, details: Any, request: Any) -> Any:
        """A call whose response is many messages."""
        call, sent = self._start(details, request)
        answered, sent = await self._answered(continuation, call, details, request, sent, is_one=False)
        if answered is None and call.change is not None:
            return self._changed(call, await continuation(details, sent), is_one=False)
        return answered or _each_received(await continuation(details, sent), call)

    def _start(self, details: Any, request: Any) -> tuple[RecordedCall, Any]:
        call = RecordedCall(self._recorder, self._base, details, sys._getframe(2))
        if self.sends_many:
            return call, call.each_sent_async(request)
        call.sent_all(request)
        return call, request

    async def _answered(
        self, continuation: Any, call: RecordedCall, details: Any, request: Any, sent: Any, *, is_one: bool
    ) -> tuple[Any, Any]:
        """A call whose messages come from no network, None where they do; and what is sent then."""
        engine = self._recorder.answering(self._base)
        if engine is None or engine.passes(*call.attempt.target):
            return None, sent
        if self.sends_many and (not is_one or is_written(request)):
            if engine.is_recording:
                return self._stream(continuation, call, details, sent, None, is_one=is_one), sent
            answer = await self._answer(engine, call, details, [])  # a rule does not ask for them
            return answer and self._stream(continuation, call, details, sent, answer, is_one=is_one), sent
        requests = [sent]
        if self.sends_many:
            requests = [message async for message in sent]
            sent = iter(requests)
        answer = await self._answer(engine, call, details, requests)
        if answer is None:
            return None, sent
        return self._call(call, self._made(answer), answer), sent

    async def _answer(
        self, engine: Any, call: RecordedCall, details: Any, requests: list[Any], *, goes_on: bool = False
    ) -> Any:
        answer = call.answer(engine, details, requests, self.methods, goes_on=goes_on)
        if call.delay:
            await asyncio.sleep(call.delay)
        return answer

    def _stream(
        self, continuation: Any, call: RecordedCall, details: Any, sent: Any, answer: Any, *, is_one: bool
    ) -> Any:
        """A call that is answered from where its responses are asked for: requests may wait for them.

        ``answer`` is that of a rule; without one a recording has it.
        """
        from workbench.worker.peer.grpc.async_streams import AsyncRequests, answered_stream, once  # few runs need it
        from workbench.worker.peer.grpc.calls import CallAnswer
        from workbench.worker.peer.grpc.streams import departure, missing

        engine: Any = self._recorder.answering(self._base)
        requests = AsyncRequests(sent)

        async def start() -> Any:
            await (requests.all() if is_one else requests.settle())
            if answer is not None:
                return answer
            while (number := missing(engine, call, details, requests)) and await requests.expect(number):
                pass
            goes_on = not requests.is_over
            found = await self._answer(engine, call, details, list(requests.messages), goes_on=goes_on)
            if found is None:
                return await continuation(details, aiter(requests))
            if found.error is not None:
                found.error.__cause__ = requests.error
            return found

        begun = once(start)

        async def messages() -> AsyncIterator[Any]:
            try:
                made = await begun()
                if not isinstance(made, CallAnswer):
                    found = self._live(call, made, is_one=is_one)
                else:
                    departs = partial(departure, engine, call, details, requests)
                    found = answered_stream(requests, made, self._made(made), departs)
                async for message in found:
                    yield message
            finally:
                requests.close()

        return self._call(call, messages(), begun, is_open=True)

    async def _live(self, call: RecordedCall, live: Any, *, is_one: bool) -> AsyncIterator[Any]:
        """The messages of a call that the network answers, as a rule changes them where one does."""
        from workbench.worker.peer.grpc.calls import CallAnswer
        from workbench.worker.peer.grpc.changes import changed_messages  # few runs need it

        if call.change is None:
            if is_one:
                yield await live
            else:
                async for message in live:
                    yield message
            return
        async for found in changed_messages(live, call.change, is_one=is_one):
            if isinstance(found, CallAnswer):
                async for message in self._made(found):  # which raises its error
                    yield message
            else:
                yield found

    def _made(self, answer: Any) -> AsyncIterator[Any]:
        from workbench.worker.peer.grpc.async_calls import messages_of  # few runs need it

        return messages_of(answer, self._aio, sys.modules["grpc"])

    def _changed(self, call: RecordedCall, live: Any, *, is_one: bool) -> Any:
        """A call that the network answers, with the messages that a rule makes of its own."""
        return self._call(call, self._live(call, live, is_one=is_one), live)

    def _call(self, call: RecordedCall, found: AsyncIterator[Any], source: Any, *, is_open: bool = False) -> Any:
        """A call with the messages that are found, and the metadata and the status of its source."""
        from workbench.worker.peer.grpc.async_calls import answered_call  # few runs need it

        async def messages() -> AsyncIterator[Any]:
            try:
                async for message in found:
                    await call.received_of_async(answered, message)
                    yield message
            except BaseException as error:
                call.broke(error)
                raise
            await call.ended_async(answered)

        answered = answered_call(self._aio, messages(), source, is_open=is_open)
        return answered


async def _each_received(responses: Any, call: RecordedCall) -> AsyncIterator[Any]:
    try:
        async for message in responses:
            await call.received_of_async(responses, message)
            yield message
        await call.ended_async(responses)
    except GeneratorExit:
        call.attempt.give_up("abandoned")
        raise
    except BaseException as error:
        call.broke(error)
        raise
