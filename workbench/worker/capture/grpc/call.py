"""One call of gRPC as an exchange: messages as lines of JSON, metadata as headers, its status as the response."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from workbench.domain import ExchangeError, FailureKind, Headers, Rule
from workbench.worker.capture.grpc.messages import headers_of, line_of
from workbench.worker.capture.grpc.proxy import proxy_of
from workbench.worker.capture.grpc.statuses import failure_of_status
from workbench.worker.capture.recorder import Recorder
from workbench.worker.text import clean, text_of

if TYPE_CHECKING:
    from workbench.worker.peer.engine import AnswerEngine
    from workbench.worker.peer.grpc.calls import CallAnswer
    from workbench.worker.peer.grpc.changes import MessageChange

LIBRARY = "grpc"


class RecordedCall:
    """A call on its way. Nothing of it raises. ``change`` is what a rule does to the messages of its answer."""

    def __init__(self, recorder: Recorder, base: str, details: Any, frame: Any) -> None:
        method = _method_of(details)
        self.attempt = recorder.begin(LIBRARY, "POST", base + method, frame, proxy=proxy_of(base))
        self._recorder = recorder
        self.change: MessageChange | None = None
        self.delay = 0.0
        know_connection(recorder, base)
        if self.attempt.proxy:
            know_connection(recorder, f"http://{self.attempt.proxy}")
        self._quietly(lambda: self.attempt.head_sent(f"POST {method} HTTP/2", headers_of(details.metadata)))

    def sent(self, message: Any) -> None:
        """A request message."""
        self._quietly(lambda: self.attempt.body_sent(line_of(message)))

    def sent_all(self, message: Any) -> None:
        """The only request message."""
        self.sent(message)
        self.attempt.all_sent()

    def each_sent(self, messages: Any) -> Iterator[Any]:
        """The request messages, each seen as it is taken."""
        for message in messages:
            self.sent(message)
            yield message
        self.attempt.all_sent()

    async def each_sent_async(self, messages: Any) -> AsyncIterator[Any]:
        """The same for an asynchronous iterator, or a plain one."""
        if hasattr(messages, "__aiter__"):
            async for message in messages:
                self.sent(message)
                yield message
        else:
            for message in messages:
                self.sent(message)
                yield message
        self.attempt.all_sent()

    def answer(
        self,
        engine: "AnswerEngine",
        details: Any,
        messages: list[Any],
        methods: dict[str, Any],
        *,
        goes_on: bool = False,
    ) -> "CallAnswer | None":
        """What answers the call in place of the network, after :attr:`delay`; ``goes_on``: with more ``messages``.

        ``methods`` say how its responses are read.
        """
        from workbench.worker.peer.grpc.calls import answer_call  # few runs need it

        lines = [line_of(message) for message in messages]
        deadline = getattr(details, "timeout", None)
        read = methods.get(_method_of(details))
        answer, self.delay = answer_call(
            engine, self.attempt, headers_of(details.metadata), lines, read, deadline, goes_on=goes_on
        )
        if isinstance(answer, Rule):
            from workbench.worker.peer.grpc.changes import MessageChange  # fewer still

            self.change = MessageChange(answer, partial(engine.note_unchanged, answer, *self.attempt.target))
            return None
        if answer is not None and answer.metadata:
            self._answered(answer.metadata)
        return answer

    def watch(self, call: Any) -> Any:
        """A call with one response: it is seen once it is there."""

        def done(over: Any) -> None:
            error = over.exception()
            if error is not None:
                self.broke(error)
            else:
                self.received(over.result(), self._metadata(over.initial_metadata))
                self.ended(over)

        self._quietly(lambda: call.add_done_callback(done))
        return call

    async def awaited(self, call: Any) -> Any:
        """The same for an asynchronous call, awaited here."""
        try:
            message = await call
        except Exception as error:  # the caller awaits the call too, and gets it from there
            self.broke(error)
        except BaseException as error:
            self.broke(error)
            raise
        else:
            self.received(message, await self._metadata_async(call.initial_metadata))
            await self.ended_async(call)
        return call

    def received(self, message: Any, metadata: Headers = ()) -> None:
        """A response message; ``metadata`` is what is known of it with the first one."""
        self._answered(metadata)
        self._quietly(lambda: self.attempt.body_received(line_of(message)))

    def received_of(self, call: Any, message: Any) -> None:
        """A message of many, with which the metadata that came before is there."""
        self.received(message, () if self.attempt.has_response else self._metadata(call.initial_metadata))

    async def received_of_async(self, call: Any, message: Any) -> None:
        """The same for an asynchronous call."""
        metadata = () if self.attempt.has_response else await self._metadata_async(call.initial_metadata)
        self.received(message, metadata)

    def ended(self, call: Any) -> None:
        """All is received."""
        if not self.attempt.has_response:
            self._answered(self._metadata(call.initial_metadata))
        self.attempt.trailers = self._metadata(call.trailing_metadata)
        self.attempt.complete()

    async def ended_async(self, call: Any) -> None:
        """The same for an asynchronous call."""
        if not self.attempt.has_response:
            self._answered(await self._metadata_async(call.initial_metadata))
        self.attempt.trailers = await self._metadata_async(call.trailing_metadata)
        self.attempt.complete()

    def _metadata(self, get: Callable[[], Any]) -> Headers:
        try:
            return headers_of(get())
        except Exception as error:
            self._recorder.failed("grpc", error)
            return ()

    async def _metadata_async(self, get: Callable[[], Awaitable[Any]]) -> Headers:
        try:
            return headers_of(await get())
        except Exception as error:
            self._recorder.failed("grpc", error)
            return ()

    def broke(self, error: BaseException) -> None:
        """The call ended by an error: a status of the server or of the core, or a cancellation."""
        code, details = getattr(error, "code", None), getattr(error, "details", None)
        if not callable(code) or not callable(details):
            self.attempt.fail(error)
            return
        name, message = getattr(code(), "name", str(code())), text_of(details() or "")
        kind, phase = failure_of_status(name, message)
        initial, trailing = getattr(error, "initial_metadata", tuple), getattr(error, "trailing_metadata", tuple)
        self.attempt.trailers = self._metadata(trailing)
        if kind is FailureKind.STATUS or self.attempt.trailers:
            self._answered(self._metadata(initial))
        self.attempt.fail_as(ExchangeError(name, clean(message), phase, kind))

    def _answered(self, headers: Headers) -> None:
        if not self.attempt.has_response:
            self.attempt.response_started(200, "OK", "2", headers)

    def _quietly(self, work: Any) -> None:
        try:
            work()
        except Exception as error:
            self._recorder.failed("grpc", error)


def _method_of(details: Any) -> str:
    """``/package.Service/Method``."""
    return details.method.decode() if isinstance(details.method, bytes) else text_of(details.method)


def know_connection(recorder: Recorder, base: str) -> None:
    """Take connections of the core to that port as captured: its calls are."""
    with suppress(ValueError):  # of a port that is none
        parts = urlsplit(base)
        recorder.native_ports.add(parts.port or (80 if parts.scheme == "http" else 443))
