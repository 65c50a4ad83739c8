"""The file that ``http.client`` reads a response from; an attempt hears of every byte that is read."""

from collections.abc import Buffer
from typing import Any

from workbench.domain import Headers
from workbench.worker.capture import http1
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.decoded_body import DecodedBody

_NO_BODY = (204, 304)


class ResponseTee:
    """Stands in for the file. First the head is read from it, then the body."""

    def __init__(self, file: Any, attempt: Attempt, *, decodes: bool) -> None:
        self._file = file
        self._attempt = attempt
        self._decodes = decodes
        self._head: list[bytes] | None = []
        self._body: _Body | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def __enter__(self) -> "ResponseTee":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __del__(self) -> None:
        self._attempt.give_up("unread")

    def head_read(self, response: Any) -> None:
        """The head has been read; ``response`` is what ``http.client`` made of it."""
        head = http1.response_head(self._head or [])
        self._head = None
        if head is None:  # botocore has read the status line by itself
            headers = http1.headers_of([f"{name}: {value}".encode("latin-1") for name, value in response.getheaders()])
            head = http1.ResponseHead(response.status, response.reason or "", "1.1", headers)
        self._attempt.response_started(head.status, head.reason, head.version, head.headers)
        empty = self._attempt.method == "HEAD" or head.status in _NO_BODY or 100 <= head.status < 200
        self._body = _Body(self._attempt, head.headers, self._decodes, empty=empty)

    def read(self, size: int | None = -1) -> bytes:
        """Read as from the file."""
        data: bytes = self._guarded(self._file.read, size)
        self._seen(data, ended=size is None or size < 0 or len(data) < size)
        return data

    def read1(self, size: int = -1) -> bytes:
        """Read as from the file."""
        data: bytes = self._guarded(self._file.read1, size)
        self._seen(data, ended=not data and size != 0)
        return data

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
            self._attempt.raw_received(line)
        else:
            self._seen(line, ended=not line and size != 0)
        return line

    def close(self) -> None:
        """Close the file; what was not read until now never is."""
        if self._head is None:  # else the head could not be read, and the error that says why comes after
            self._attempt.give_up("abandoned")
        self._file.close()

    def _guarded(self, read: Any, argument: Any) -> Any:
        try:
            return read(argument)
        except BaseException as error:
            self._attempt.fail(error)
            raise

    def _seen(self, data: bytes, *, ended: bool) -> None:
        if self._body is not None and not self._attempt.over:
            try:
                self._body.add(data, ended)
            except Exception as error:
                self._attempt.capture_failed("response body", error)


class _Body:
    """What has come of a body, and when it is complete."""

    def __init__(self, attempt: Attempt, headers: Headers, decodes: bool, *, empty: bool) -> None:
        self._attempt = attempt
        self._content = DecodedBody(attempt, headers, decodes=decodes)
        self._chunks = http1.ChunkedBody() if http1.is_chunked(headers) and not empty else None
        self._length = None if self._chunks else 0 if empty else http1.length_of(headers)
        if self._length == 0:
            attempt.complete()

    def add(self, data: bytes, ended: bool) -> None:
        for piece in self._pieces(data):
            self._content.add(piece if isinstance(piece, bytes) else bytes(piece))
        size, until_close = self._content.size, self._length is None and self._chunks is None
        if (ended and until_close) or (self._chunks.over if self._chunks else size == self._length):
            self._attempt.complete()
        elif ended:
            self._attempt.fail(_CutBody(size, self._length))

    def _pieces(self, data: bytes) -> "list[bytes] | list[memoryview]":
        if self._chunks is None:
            return [data] if data else []
        try:
            return self._chunks.feed(data)
        except ValueError as error:
            self._attempt.fail(error)
            return []


class _CutBody(Exception):
    """The body ended early."""

    def __init__(self, size: int, length: int | None) -> None:
        missing = "" if length is None else f", {length - size} more expected"
        super().__init__(f"IncompleteRead({size} bytes read{missing})")


_CutBody.__name__ = _CutBody.__qualname__ = "IncompleteRead"
