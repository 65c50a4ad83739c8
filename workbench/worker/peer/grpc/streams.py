"""Blocking streams of gRPC without a channel, whose requests may wait for responses."""

from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextvars import copy_context
from threading import Condition
from time import monotonic
from typing import Any

from workbench.domain import Request
from workbench.worker.capture.grpc.call import RecordedCall
from workbench.worker.capture.grpc.messages import headers_of, line_of
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.grpc.calls import AnsweredCall, CallAnswer

QUIET = 0.03
"""Seconds without another request after which those of a call are taken to wait for a response."""
LONGEST = 1.0
"""Seconds of waiting for requests that never end."""
PATIENCE = 2.0
"""Seconds without another request after which one does not come that came so far in the recording."""
_MORE = 1.1


def departure(
    engine: AnswerEngine, call: RecordedCall, details: Any, requests: Any, answer: CallAnswer, *, is_end: bool
) -> Exception | None:
    """The error of a call whose messages so far are not those of the exchange by which it is answered.

    They are compared from the first on: of a long stream not for each message, but all at the end of the responses.
    """
    number, goes_on = len(requests.messages), not requests.is_over
    if answer.recorded is None or (goes_on and not is_end and number <= requests.compared * _MORE):
        return None
    requests.compared = number
    body = b"".join(map(line_of, requests.messages[:number]))
    sent = Request(*call.attempt.target, "2", headers_of(details.metadata), body, len(body), cut=goes_on)
    if (found := engine.recorded.departure(answer.recorded, sent)) is None:
        return None
    origin, error = found
    call.attempt.answered_from(origin)
    return error


def missing(engine: AnswerEngine, call: RecordedCall, details: Any, requests: Any) -> int:
    """How many requests there are to be before the first response, where more are to come than came; else 0."""
    number = len(requests.messages)
    if requests.is_over or not engine.is_recording:
        return 0
    body = b"".join(map(line_of, requests.messages[:number]))
    sent = Request(*call.attempt.target, "2", headers_of(details.metadata), body, len(body), cut=True)
    wanted = engine.recorded.sent_first(sent)
    return wanted if wanted > number else 0


class Requests:
    """The request messages of a call, taken in a thread of their own as grpc does.

    It is none of threading's, which the integration counts and joins.
    """

    def __init__(self, sent: Iterator[Any]) -> None:
        self.messages: list[Any] = []
        self.is_over = False
        self.compared = 0
        self.error: BaseException | None = None
        self._news = Condition()
        self._is_closed = False
        self._is_patient = True
        start_new_thread(copy_context().run, (self._take, sent))

    def _take(self, sent: Iterator[Any]) -> None:
        try:
            for message in sent:
                if self._is_closed:
                    break
                with self._news:
                    self.messages.append(message)
                    self._news.notify_all()
        except BaseException as error:
            self.error = error
        with self._news:
            self.is_over = True
            self._news.notify_all()

    def settle(self, number: int | None = None) -> None:
        """Wait until there are so many, or all, or no other has come for a moment."""
        end = monotonic() + LONGEST
        with self._news:
            while not self.is_over and (number is None or len(self.messages) < number):
                if not self._news.wait(QUIET) or monotonic() > end:
                    return

    def expect(self, number: int) -> bool:
        """Wait until there are so many, as there were in the recording; False where they do not come."""
        with self._news:
            while not self.is_over and len(self.messages) < number and self._is_patient:
                self._is_patient = self._news.wait(PATIENCE)
            return len(self.messages) >= number

    def wait(self) -> None:
        """Wait until all are there."""
        with self._news:
            self._news.wait_for(lambda: self.is_over)

    def close(self) -> None:
        """Take no more of them."""
        self._is_closed = True

    def __iter__(self) -> Iterator[Any]:
        """All of them, those that came already and those that come yet. Raises what their iterator raised."""
        place = 0
        while True:
            with self._news:
                while len(self.messages) <= place and not self.is_over:
                    self._news.wait()
                if len(self.messages) <= place:
                    break
                message = self.messages[place]
            yield message
            place += 1
        if self.error is not None:
            raise self.error


def call_of(found: Any, requests: Requests, grpc: Any) -> Any:
    """The call of an answer; a live one as it is."""
    if not isinstance(found, CallAnswer):
        return found
    if found.error is not None:
        found.error.__cause__ = requests.error
    return AnsweredCall(found, grpc)


class AnsweredStream:
    """A call that is answered from where its responses are asked for.

    ``begin`` gives what answers the messages so far, or a live call. ``departure`` is the error of a call whose
    messages go on otherwise than those of the exchange that answers it, ``missing`` is :func:`missing`.
    """

    def __init__(
        self,
        requests: Requests,
        begin: Callable[[], Any],
        departure: Callable[..., Exception | None],
        missing: Callable[[], int],
        grpc: Any,
    ) -> None:
        self._missing = missing
        self._requests = requests
        self._begin = begin
        self._departure = departure
        self._grpc = grpc
        self._call: Any = None
        self._answer = CallAnswer()
        self._given = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._begun(), name)

    def __iter__(self) -> "AnsweredStream":
        return self

    def __next__(self) -> Any:
        call = self._begun()
        self._given += 1
        try:
            self._check(self._answer.requests_before(self._given))
            try:
                return next(call)
            except BaseException:
                self._check(None)
                raise
        except BaseException:
            self._requests.close()
            raise

    def _begun(self) -> Any:
        if self._call is None:
            self._requests.settle()
            while (number := self._missing()) and self._requests.expect(number):
                pass
            found = self._begin()
            if isinstance(found, CallAnswer):
                self._answer = found
            self._call = call_of(found, self._requests, self._grpc)
        return self._call

    def _check(self, number: int | None) -> None:
        if self._answer.recorded is not None:
            if self._answer.sent_before:
                self._requests.expect(self._answer.requests if number is None else number)
            self._requests.settle(number)
            if (error := self._departure(self._answer, is_end=number is None)) is not None:
                raise error
