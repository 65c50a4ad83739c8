"""Requests of httpcore that go straight to their host in HTTP/1.1: h11 says what is sent, no trace is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbench.events.http_heads import end_of_head, latin_or_utf8
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.httpcore.passage import Passage, base_of
from workbench.worker.capture.recorder import Recorder


def name_request(request: Any, attempt: Attempt) -> None:
    """Report what is asked for before h11 has made the head of it."""
    try:
        method = request.method.decode("ascii", "replace")
        attempt.name(method, base_of(request.url) + latin_or_utf8(request.url.target))
    except Exception as error:
        attempt.capture_failed("httpcore's request", error)


def head_made(attempt: Attempt, head: bytes) -> None:
    attempt.phase = "send"
    if attempt.begun is not None:
        attempt.head = head
    else:  # its beginning is reported
        attempt.head_bytes_sent(head)


def not_answered(request: Any, attempt: Attempt, error: BaseException) -> None:
    if attempt.head is None:
        name_request(request, attempt)
    attempt.fail(error)


@contextmanager
def traced_connection(recorder: Recorder, request: Any, attempt: Attempt, *, is_async: bool) -> Iterator[None]:
    """Within, httpcore tells how the connection is made."""
    attempt.reused = False
    name_request(request, attempt)
    extensions = request.extensions
    try:
        passage = Passage(recorder, request, attempt)
        request.extensions = {**extensions, "trace": passage.traced_async if is_async else passage.traced}
    except Exception as error:
        recorder.failed("httpcore's trace", error)
    try:
        yield
    finally:
        request.extensions = extensions


def answered(recorder: Recorder, request: Any, attempt: Attempt, response: Any) -> Any:
    """The response of httpcore; its body is read through us where not all of it has come."""
    try:
        if (first := attempt.first) is not None:
            data, at = first
            end = end_of_head(data)
            length = plain_length(data[:end].lower())
            if end + length == len(data) and attempt.answered(data, length, at):
                return response
    except Exception as error:
        recorder.failed("httpcore's response", error)
    try:
        return Passage(recorder, request, attempt).answered(response)
    except Exception as error:
        recorder.failed("httpcore's response", error)
        return response


def plain_length(head: bytes) -> int:
    """The length of a body that is sent as it is, by its head in small letters; -1 where none is given.

    Also -1 where the body is in chunks, encoded or ends with the connection.
    """
    place = head.find(b"\ncontent-length:")
    if place < 0 or head.find(b"-encoding:") >= 0:
        return -1
    value = head[place + 16 : head.find(b"\r", place)].strip()
    return int(value) if value.isdigit() else -1
