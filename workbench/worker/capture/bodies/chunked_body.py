"""A chunked body of HTTP/1.1, taken apart as its bytes come."""

_LONGEST_LINE = 65536
_SHOWN = 20
"""Bytes of a wrong size that the error shows."""


class ChunkError(ValueError):
    """Bytes that are no chunks."""


class ChunkedBody:
    """Takes a chunked body apart as its bytes come; :attr:`over` once its last chunk and the trailers have come."""

    def __init__(self) -> None:
        self.over = False
        self._left = 0
        self._line = bytearray()
        self._step = self._size

    def feed(self, data: bytes | bytearray | memoryview) -> list[memoryview]:
        """The pieces of the body in ``data``. Raises :class:`ChunkError`."""
        rest, pieces = memoryview(data).cast("B"), list[memoryview]()
        while rest and not self.over:
            rest = self._step(rest, pieces)
        return pieces

    def _size(self, rest: memoryview, pieces: list[memoryview]) -> memoryview:
        line, rest = self._whole_line(rest)
        if line is not None:
            self._left = _size_of(line)
            self._step = self._data if self._left else self._trailer
        return rest

    def _data(self, rest: memoryview, pieces: list[memoryview]) -> memoryview:
        piece = rest[: self._left]
        pieces.append(piece)
        self._left -= len(piece)
        if not self._left:
            self._step = self._end_of_chunk
        return rest[len(piece) :]

    def _end_of_chunk(self, rest: memoryview, pieces: list[memoryview]) -> memoryview:
        line, rest = self._whole_line(rest)
        if line is not None:
            self._step = self._size
        return rest

    def _trailer(self, rest: memoryview, pieces: list[memoryview]) -> memoryview:
        line, rest = self._whole_line(rest)
        self.over = line == b""
        return rest

    def _whole_line(self, rest: memoryview) -> tuple[bytes | None, memoryview]:
        """A line once its end has come, without that end; None before. Raises :class:`ChunkError` for one too long."""
        text = bytes(rest[: _LONGEST_LINE + 1])
        end = text.find(b"\n")
        self._line += text if end < 0 else text[: end + 1]
        if end < 0:
            if len(self._line) > _LONGEST_LINE:
                raise ChunkError("The line before a chunk has no end.")
            return None, rest[len(text) :]
        line = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        return line, rest[end + 1 :]


def _size_of(line: bytes) -> int:
    """The size that the line before a chunk names, as lenient as ``http.client``; 0 for an empty line."""
    digits = line.partition(b";")[0].strip()
    try:
        size = int(digits, 16) if digits else 0
    except ValueError:
        size = -1
    if size < 0:
        raise ChunkError(f"The size of a chunk is {digits[:_SHOWN]!r}.")
    return size
