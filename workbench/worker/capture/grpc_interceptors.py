"""The interceptor of a channel of gRPC: blocking calls."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from workbench.worker.capture.grpc_call import RecordedCall
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

        def _continue(self, continuation: Any, details: Any, request: Any, call: RecordedCall, sent: Any) -> Any:
            """What the network answers, or what does so in its place, which gets all messages before it answers."""
            engine = recorder.answering(self._base)
            if engine is None or engine.passes(*call.attempt.target):
                return continuation(details, request)
            from workbench.worker.peer.grpc_peer import AnsweredCall  # few runs need it

            messages = sent()
            answer = call.answer(engine, details, messages, self.methods)
            if call.delay:
                time.sleep(call.delay)
            if answer is None:
                live = continuation(details, iter(messages) if hasattr(request, "__next__") else request)
                return _changed(live, call, grpc)
            return AnsweredCall(answer, grpc)

        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return call.watch(self._continue(continuation, details, request, call, lambda: [request]))

        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return _Responses(self._continue(continuation, details, request, call, lambda: [request]), call)

        def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            sent = call.each_sent(requests)
            return call.watch(self._continue(continuation, details, sent, call, lambda: list(sent)))

        def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            sent = call.each_sent(requests)
            engine = recorder.answering(self._base)
            if engine is None or engine.passes(*call.attempt.target):
                return _Responses(continuation(details, sent), call)
            start = partial(continuation, details)
            return _Responses(_answered_stream(start, call, sent, (engine, details, self.methods), grpc), call)

    return Interceptor


def _answered_stream(
    continuation: Any, call: RecordedCall, sent: Iterator[Any], answering: tuple[Any, Any, dict[str, Any]], grpc: Any
) -> Any:
    """A call of many messages both ways that is answered, or changed: its requests may wait for responses."""
    from workbench.worker.peer.grpc_stream import AnsweredStream, Requests, departure  # few runs need it

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

    return AnsweredStream(requests, begin, partial(departure, engine, call, details, requests), grpc)


def _changed(live: Any, call: RecordedCall, grpc: Any) -> Any:
    """A call that the network answers, with the messages that a rule makes of its own, where one does."""
    if call.change is None:
        return live
    from workbench.worker.peer.grpc_change import ChangedCall  # few runs need it

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
