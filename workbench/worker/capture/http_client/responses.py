"""Responses of ``http.client``, seen through the file that ``HTTPResponse`` reads them from."""

from collections.abc import Callable
from contextvars import ContextVar
from io import BufferedReader
from time import monotonic
from typing import Any

from workbench.events import http_heads
from workbench.events.exchange_parts import ANSWERED
from workbench.events.http_heads import end_of_head
from workbench.worker.capture.bodies.counted_body import LARGE
from workbench.worker.capture.http_client.response_tee import ResponseTee
from workbench.worker.capture.http_client.wire import Wire
from workbench.worker.capture.recorder import Recorder


class Responses:
    """The hooks on the connection that gives a response, and on the head that is read of it."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._response_of: ContextVar[Wire | None] = ContextVar("workbench_response_of", default=None)

    def getresponse(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The request is sent; what comes next is its response."""
        response_of = self._response_of

        def getresponse(connection: Any) -> Any:
            wire: Wire | None
            try:
                wire = connection._workbench_wire
            except AttributeError:  # nothing was sent
                wire = None
            if wire is None or (attempt := wire.attempt) is None or attempt.over:
                return original(connection)
            if attempt.begun is not None:
                attempt.request_sent(attempt.head or b"", b"")
            elif attempt.sent_at is None:
                attempt.all_sent()
            wire.responds = True
            if response_of.get() is not wire:
                response_of.set(wire)
            return original(connection)

        return getresponse

    def begin(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The head of a response is read, and all of it where it came at once."""
        recorder, response_of, put = self._recorder, self._response_of, self._recorder.put
        outlet, forget = recorder.outlet, recorder.forget

        def begin(response: Any) -> Any:
            wire = response_of.get()
            if wire is None or not wire.responds or (attempt := wire.attempt) is None or response.headers is not None:
                return original(response)
            wire.responds = False
            head, at, tee = b"", 0.0, None
            try:
                fp = response.fp
                data = fp.peek(1) if type(fp) is BufferedReader else b""  # takes nothing
                if end := end_of_head(data):
                    head, at = data[:end], monotonic()
                else:  # line by line, as the library reads it
                    response.fp = tee = ResponseTee(response.fp, attempt)
                result = original(response)
            except BaseException as error:
                if head:
                    attempt.raw_received(head)
                attempt.fail(error)
                raise
            try:
                length, encoding = response.length, ""
                if tee is None and head.lower().find(b"-encoding:") >= 0:
                    encoding = http_heads.encoding_of_head(head)
                elif (
                    tee is None
                    and length is not None
                    and len(data) == end + length
                    and length < LARGE
                    and length <= recorder.body_room
                    and attempt._raw is None
                ):
                    number = attempt.id  # as Attempt.answered() does, without its call in the path of every request
                    put((ANSWERED, at, number, data, length, attempt.started, attempt.sent_at, at, attempt._took))
                    attempt.over = True
                    recorder.body_room -= length
                    forget(number, None)
                    if at > outlet.due:
                        outlet.write_at_once(at)
                    return result
                library = recorder.library_of_call()
                if tee is None:
                    attempt.response_head_received(head)
                    tee = response.fp = ResponseTee(response.fp, attempt)
                    tee.read_body_of(response, encoding, library)
                else:
                    tee.head_read(response, library)
            except Exception as error:
                recorder.failed("begin", error)
            return result

        return begin
