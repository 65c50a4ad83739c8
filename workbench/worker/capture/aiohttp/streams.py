"""Writers and readers of aiohttp that tell an attempt what passes through: of bodies that are more than one piece."""

import asyncio
import sys
from typing import Any

import aiohttp
from aiohttp.http_writer import StreamWriter
from aiohttp.streams import StreamReader

from workbench.worker.capture.attempt import Attempt

ATTEMPT = "_workbench_attempt"
"""Attribute of aiohttp's requests and protocols: the attempt that is under way."""
REQUEST = "_workbench_request"
"""Attribute of aiohttp's protocols: a request whose attempt begins with its first bytes; None once it has begun."""
HOST = "_workbench_host"
"""Attribute of aiohttp's protocols: scheme, host and port of the requests that are sent there; empty by a proxy."""

_write_headers, _write, _write_eof = StreamWriter.write_headers, StreamWriter.write, StreamWriter.write_eof
_KEEPS_HEAD = hasattr(StreamWriter, "send_headers")
"""Whether this release keeps the head until it writes the beginning of the body together with it."""
COUNTS_RAW_SIZE = hasattr(StreamReader, "total_compressed_bytes")
"""Whether a reader of this release knows how long its body was before it was decoded."""
_CLOSED = "Connection closed"
"""Text of the error that aiohttp puts into the body of a response that is closed before its end."""


def attempt_of(response: Any) -> Attempt | None:
    """The attempt that a response belongs to; None where it is over or not known."""
    connection = response._connection
    return None if connection is None else getattr(connection.protocol, ATTEMPT, None)


def give_up(attempt: Attempt, error: BaseException | None) -> None:
    """End an attempt whose response is closed before its end, where ``error`` is handled meanwhile."""
    if isinstance(error, TimeoutError | aiohttp.ClientError | asyncio.CancelledError):
        attempt.fail(error)
    elif attempt.switched:
        attempt.complete()
    else:
        attempt.give_up("abandoned")


class WatchedReader(StreamReader):
    """The reader of a body that comes in pieces: a reader of aiohttp is made one of these once its head is there."""

    __slots__ = ()  # so that the class of one can be changed

    def feed_data(self, data: Any, *args: Any) -> Any:
        """A piece of the body, decoded."""
        attempt: Attempt | None = getattr(self._protocol, ATTEMPT, None)
        if attempt is not None and data:
            attempt.body_received(data)
        return super().feed_data(data, *args)

    def feed_eof(self) -> None:
        """The body is there."""
        attempt: Attempt | None = getattr(self._protocol, ATTEMPT, None)
        if attempt is not None:
            note_raw_size(attempt, self)
            attempt.complete()
        super().feed_eof()

    def set_exception(self, exc: Any, *args: Any, **options: Any) -> None:
        """The rest of the body will not come, or nobody reads it."""
        attempt: Attempt | None = getattr(self._protocol, ATTEMPT, None)
        if attempt is not None and not attempt.over:
            error = exc if isinstance(exc, BaseException) else exc()
            if type(error) is aiohttp.ClientConnectionError and str(error) == _CLOSED:
                give_up(attempt, sys.exception())
            else:
                attempt.fail(error)
        super().set_exception(exc, *args, **options)


WatchedReader.__name__ = WatchedReader.__qualname__ = StreamReader.__name__


def note_raw_size(attempt: Attempt, reader: Any) -> None:
    """Tell the bytes of a body before it was decoded, where they are counted by its reader."""
    if COUNTS_RAW_SIZE:
        attempt.raw_size = getattr(reader, "total_compressed_bytes", None)  # that of an empty body has none


class RecordingWriter(StreamWriter):
    """The writer of a request in chunks or compressed: its body is not what goes over the wire.

    Its methods are no coroutines of their own where they can hand out that of aiohttp: each would take time.
    """

    _attempt: Attempt

    @classmethod
    def take_over(cls, writer: Any, attempt: Attempt) -> None:
        """Make one of these of a writer of aiohttp, which has not written anything."""
        writer.__class__ = cls
        writer._attempt = attempt

    async def write_headers(self, status_line: str, headers: Any) -> None:
        """The head, in its bytes where they are kept."""
        await _write_headers(self, status_line, headers)
        head = self._headers_buf if _KEEPS_HEAD else None
        if head:
            self._attempt.head_bytes_sent(head)
        else:
            self._attempt.head_sent(status_line, headers.items())

    def write(self, chunk: Any, **options: Any) -> Any:
        """A piece of the body."""
        self._attempt.body_sent(chunk if self.length is None else self._clipped(chunk))
        return _write(self, chunk, **options)

    def write_eof(self, chunk: Any = b"") -> Any:
        """The rest of the body; without one, there is nothing left to write."""
        if chunk or self.chunked or self._compress is not None or not _KEEPS_HEAD or self._headers_buf:
            return self._write_rest(chunk)
        self._attempt.all_sent()
        return _write_eof(self, chunk)

    async def _write_rest(self, chunk: Any) -> None:
        if chunk:
            self._attempt.body_sent(chunk)
        await _write_eof(self, chunk)
        self._attempt.all_sent()

    def set_eof(self) -> None:
        super().set_eof()
        self._attempt.all_sent()

    def _clipped(self, chunk: Any) -> Any:
        # aiohttp drops what lies beyond the declared length.
        if self.length is None or self._compress is not None or (type(chunk) is bytes and len(chunk) <= self.length):
            return chunk
        return memoryview(chunk).cast("B")[: self.length]
