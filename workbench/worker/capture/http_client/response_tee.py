"""The file that ``http.client`` reads a response from; an attempt hears of every byte that is read."""

from collections.abc import Buffer
from typing import Any

from workbench.events import http_heads
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.chunked_body import ChunkedBody, ChunkError
from workbench.worker.capture.bodies.decoded_body import DecodedBody


class ResponseTee:
    """Stands in for the file: for the body, and before it for a head that has to be read line by line."""

    __slots__ = ("_attempt", "_body", "_file", "_head", "_left", "_length")  # read fast in spite of __getattr__()

    def __init__(self, file: Any, attempt: Attempt) -> None:
        self._file = file
        self._attempt = attempt
        self._head: list[bytes] | None = []
        self._body: _Body | None = None
        self._left: int | None = None
        self._length = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def __enter__(self) -> "ResponseTee":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __del__(self) -> None:
        if not self._attempt.over:
            self._attempt.give_up("unread")

    def head_read(self, response: Any, library: str) -> None:
        """The head has been read; ``response`` is what ``http.client`` made of it."""
        head = http_heads.response_head(self._head or [])
        if head is None:  # botocore has read the status line by itself
            head = http_heads.head_of_response(response)
        self._attempt.response_started(head.status, head.reason, head.version, head.headers, latin=head.latin)
        self.read_body_of(response, http_heads.value_of(head.headers, "content-encoding"), library)

    def read_body_of(self, response: Any, encoding: str, library: str) -> None:
        """The body comes next, of the length and in the chunks that ``http.client`` found in the head."""
        self._head = None
        length: int | None = response.length
        if encoding or length is None:
            chunked = bool(response.chunked) and length is None
            self._body = _Body(self._attempt, encoding, length, library, chunked=chunked)
        else:
            self._left = self._length = length
        if length == 0:
            self._attempt.complete()

    def read(self, size: int | None = -1) -> bytes:
        """Read as from the file."""
        try:
            data: bytes = self._file.read(size)
        except BaseException as error:
            self._attempt.fail(error)
            raise
        if self._left and self._left == len(data):  # all that is left, as it is
            self._left = 0
            self._attempt.body_received(data)
            self._attempt.complete()
        else:
            self._seen(data, ended=size is None or size < 0 or len(data) < size)
        return data

    def read1(self, size: int = -1) -> bytes:
        """Read as from the file."""
        data: bytes = self._guarded(self._file.read1, size)
        self._seen(data, ended=not data and size != 0)
        return data

    def peek(self, size: int = 0) -> bytes:
        """Look ahead as in the file."""
        ahead: bytes = self._guarded(self._file.peek, size)
        return ahead

    def readinto(self, buffer: Buffer) -> int:
        """Read as from the file."""
        count: int = self._guarded(self._file.readinto, buffer)
        view = memoryview(buffer).cast("B")
        self._seen(bytes(view[:count]), ended=count < len(view))
        return count

    def readinto1(self, buffer: Buffer) -> int:
        """Read as from the file."""
        count: int = self._guarded(self._file.readinto1, buffer)
        view = memoryview(buffer).cast("B")
        self._seen(bytes(view[:count]), ended=not count and bool(view))
        return count

    def readline(self, size: int = -1) -> bytes:
        """Read as from the file."""
        line: bytes = self._guarded(self._file.readline, size)
        if self._head is not None:
            self._head.append(line)
            if line:
                self._attempt.raw_received(line)
        else:
            self._seen(line, ended=not line and size != 0)
        return line

    def close(self) -> None:
        """Close the file; what was not read until now never is."""
        if self._head is None and not self._attempt.over:  # else an error that says why comes after
            self._attempt.give_up("abandoned")
        self._file.close()

    def _guarded(self, read: Any, argument: Any) -> Any:
        try:
            return read(argument)
        except BaseException as error:
            self._attempt.fail(error)
            raise

    def _seen(self, data: bytes, *, ended: bool) -> None:
        attempt = self._attempt
        if attempt.over:
            return
        try:
            if self._left is not None:  # as it is, and of a known length
                if data:
                    attempt.body_received(data)
                    self._left -= len(data)
                if not self._left:
                    attempt.complete()
                elif ended:
                    attempt.fail(_CutBody(self._length - self._left, self._length))
            elif self._body is not None:
                self._body.add(data, ended)
        except Exception as error:
            attempt.capture_failed("response body", error)


class _Body:
    """What has come of a body, and when it is complete."""

    def __init__(self, attempt: Attempt, encoding: str, length: int | None, library: str, *, chunked: bool) -> None:
        self._attempt = attempt
        self._content = DecodedBody(attempt, encoding, library)
        self._chunks = ChunkedBody() if chunked else None
        self._length = length

    def add(self, data: bytes, ended: bool) -> None:
        for piece in self._pieces(data):
            self._content.add(piece if isinstance(piece, bytes) else bytes(piece))
        size, until_close = self._content.size, self._length is None and self._chunks is None
        if (ended and until_close) or (self._chunks.over if self._chunks else size == self._length):
            self._content.end()
        elif ended:
            self._attempt.fail(_CutBody(size, self._length))

    def _pieces(self, data: bytes) -> "list[bytes] | list[memoryview]":
        if self._chunks is None:
            return [data] if data else []
        try:
            return self._chunks.feed(data)
        except ChunkError as error:
            self._attempt.fail(ValueError(*error.args))
            return []


class _CutBody(Exception):
    """The body ended early."""

    def __init__(self, size: int, length: int | None) -> None:
        missing = "" if length is None else f", {length - size} more expected"
        super().__init__(f"IncompleteRead({size} bytes read{missing})")


_CutBody.__name__ = _CutBody.__qualname__ = "IncompleteRead"
