"""The interceptor of a channel of gRPC: blocking calls."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from workbench.worker.capture.grpc.call import RecordedCall
from workbench.worker.capture.recorder import Recorder


def blocking_interceptors(grpc: Any, recorder: Recorder) -> Callable[[str], Any]:
    """Makes the interceptor of a channel; its class has those of the imported grpc as bases."""

    class Interceptor(
        grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
        grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
        grpc.StreamUnaryClientInterceptor,  # type: ignore[misc]
        grpc.StreamStreamClientInterceptor,  # type: ignore[misc]
    ):
        """All four kinds of calls."""

        def __init__(self, base: str) -> None:
            self._base = base
            self.methods: dict[str, Any] = {}

        def _start(self, details: Any) -> RecordedCall:
            return RecordedCall(recorder, self._base, details, sys._getframe(2))

        def _continue(self, continuation: Any, details: Any, request: Any, call: RecordedCall) -> Any:
            """What the network answers, or what does so in its place."""
            engine = recorder.answering(self._base)
            if engine is None or engine.passes(*call.attempt.target):
                return continuation(details, request)
            return _answered(partial(continuation, details), call, request, (engine, details, self.methods), grpc)

        def _stream(self, continuation: Any, details: Any, sent: Any, call: RecordedCall, *, is_one: bool) -> Any:
            """The same for many requests, which come yet; ``is_one``: there is one response."""
            engine = recorder.answering(self._base)
            if engine is None or engine.passes(*call.attempt.target):
                return continuation(details, sent)
            answering = engine, details, self.methods
            return _answered_stream(partial(continuation, details), call, sent, answering, grpc, is_one=is_one)

        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return call.watch(self._continue(continuation, details, request, call))

        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return _Responses(self._continue(continuation, details, request, call), call)

        def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            return call.watch(self._stream(continuation, details, call.each_sent(requests), call, is_one=True))

        def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            sent = call.each_sent(requests)
            return _Responses(self._stream(continuation, details, sent, call, is_one=False), call)

    return Interceptor


type _Answering = tuple[Any, Any, dict[str, Any]]
"""The engine, the details of the call, and how the responses of methods are read."""


def _answered(continuation: Any, call: RecordedCall, request: Any, answering: _Answering, grpc: Any) -> Any:
    """A call of one request that is answered, or changed."""
    from workbench.worker.peer.grpc.calls import AnsweredCall  # few runs need it

    engine, details, methods = answering
    answer = call.answer(engine, details, [request], methods)
    if call.delay:
        time.sleep(call.delay)
    return _changed(continuation(request), call, grpc) if answer is None else AnsweredCall(answer, grpc)


def _answered_stream(
    continuation: Any, call: RecordedCall, sent: Iterator[Any], answering: _Answering, grpc: Any, *, is_one: bool
) -> Any:
    """A call of many requests that is answered, or changed: they may wait for its responses, and for its caller."""
    from workbench.worker.peer.grpc.futures import AnsweredLater  # few runs need it
    from workbench.worker.peer.grpc.streams import AnsweredStream, Requests, departure, missing

    engine, details, methods = answering

    def answer_to(messages: list[Any], *, goes_on: bool) -> Any:
        answer = call.answer(engine, details, messages, methods, goes_on=goes_on)
        if call.delay:
            time.sleep(call.delay)
        return answer

    found = None if engine.is_recording else answer_to([], goes_on=False)  # a rule does not ask for them
    if found is None and not engine.is_recording:
        return _changed(continuation(sent), call, grpc)
    requests = Requests(sent)

    def begin() -> Any:
        answer = found or answer_to(list(requests.messages), goes_on=not requests.is_over)
        return answer or _changed(continuation(iter(requests)), call, grpc)

    if is_one:
        return AnsweredLater(requests, begin, engine.in_flight, getattr(details, "timeout", None), grpc)
    of_call = engine, call, details, requests
    return AnsweredStream(requests, begin, partial(departure, *of_call), partial(missing, *of_call), grpc)


def _changed(live: Any, call: RecordedCall, grpc: Any) -> Any:
    """A call that the network answers, with the messages that a rule makes of its own, where one does."""
    if call.change is None:
        return live
    from workbench.worker.peer.grpc.changes import ChangedCall  # few runs need it

    return ChangedCall(live, call.change, grpc)


class _Responses:
    """The responses of a call, which are the call itself, too."""

    def __init__(self, responses: Any, call: RecordedCall) -> None:
        self._responses = responses
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._responses, name)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            message = next(self._responses)
        except StopIteration:
            self._call.ended(self._responses)
            raise
        except BaseException as error:
            self._call.broke(error)
            raise
        self._call.received_of(self._responses, message)
        return message
