"""HTTP/1.1 as bytes on a connection: heads taken apart, chunked bodies put together."""

from dataclasses import dataclass

from workbench.domain import Headers
from workbench.worker.text import clean, latin_or_utf8

_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_LINE = 65536


@dataclass(frozen=True, slots=True)
class RequestHead:
    """The first line and the headers of a request as sent; ``size`` counts its bytes up to the body."""

    line: str
    headers: Headers
    size: int

    @property
    def method(self) -> str:
        """The first word of its line."""
        return self.line.partition(" ")[0]

    @property
    def target(self) -> str:
        """What is asked for: a path, or a whole URL where it goes to a proxy."""
        return self.line.partition(" ")[2].rpartition(" ")[0]


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """The status line and the headers of a response as received."""

    status: int
    reason: str
    version: str
    headers: Headers


def request_head(data: bytes) -> RequestHead:
    """The head with which ``data`` begins; all of it where no empty line ends the head."""
    end = data.find(_END_OF_HEAD)
    head = data if end < 0 else data[:end]
    line, *rest = head.split(b"\r\n")
    size = len(data) if end < 0 else end + len(_END_OF_HEAD)
    return RequestHead(clean(latin_or_utf8(line)), headers_of(rest), size)


def response_head(lines: list[bytes]) -> ResponseHead | None:
    """The last head among ``lines``, each with its line end; None where none begins with ``HTTP/``."""
    starts = [place for place, line in enumerate(lines) if line.startswith(b"HTTP/")]
    if not starts:
        return None
    first, *rest = [line.rstrip(b"\r\n") for line in lines[starts[-1] :]]
    version, _, status = clean(latin_or_utf8(first)).partition(" ")
    number, _, reason = status.strip().partition(" ")
    headers = headers_of([line for line in rest if line])
    code = int(number) if number.isdecimal() else 0
    return ResponseHead(code, reason.strip(), version.removeprefix("HTTP/"), headers)


def unparsed_response(data: bytes) -> tuple[ResponseHead, bytes]:
    """What can be read of bytes that a library did not accept as a response, and the bytes behind it.

    The status is 0, and nothing is taken off the bytes, where no status line begins them.
    """
    rest, found = data, None
    while rest.startswith(b"HTTP/") and (found is None or 100 <= found.status < 200):
        head, _, rest = rest.partition(_END_OF_HEAD)
        found = response_head(head.split(b"\r\n"))
    return found or ResponseHead(0, "", "", ()), rest


def headers_of(lines: list[bytes]) -> Headers:
    """Header lines as names and values, in order and case; a line that continues another is added to it."""
    found: list[tuple[str, str]] = []
    joined = b"\n".join(lines)
    texts = joined.decode("ascii").split("\n") if joined.isascii() else [clean(latin_or_utf8(line)) for line in lines]
    for text in texts if lines else ():
        if text[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = name, f"{value} {text.strip()}"
        else:
            name, _, value = text.partition(":")
            found.append((name, value.strip(" \t")))
    return tuple(found)


def value_of(headers: Headers, name: str) -> str:
    """The first value of a header, lower case; empty where there is none."""
    return next((value.lower() for key, value in headers if key.lower() == name), "")


def is_chunked(headers: Headers) -> bool:
    """Whether the body that follows is chunked."""
    return value_of(headers, "transfer-encoding").endswith("chunked")


def length_of(headers: Headers) -> int | None:
    """The length of the body that follows, None where its header is missing or no number."""
    text = value_of(headers, "content-length")
    return int(text) if text.isdecimal() else None


class ChunkedBody:
    """Takes a chunked body apart as its bytes come; :attr:`over` once its last chunk and the trailers have come."""

    def __init__(self) -> None:
        self.over = False
        self._left = 0
        self._line = bytearray()
        self._step = self._size

    def feed(self, data: bytes | bytearray | memoryview) -> list[memoryview]:
        """The pieces of the body in ``data``."""
        rest, pieces = memoryview(data).cast("B"), list[memoryview]()
        while rest and not self.over:
            rest = self._step(rest, pieces)
        return pieces

    def _size(self, rest: memoryview, pieces: list[memoryview]) -> memoryview:
        line, rest = self._whole_line(rest)
        if line is not None:
            digits = line.partition(b";")[0].strip()
            self._left = int(digits, 16) if digits else 0
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
        """A line once its end has come, without that end; None before. Raises :class:`ValueError` for one too long."""
        text = bytes(rest[: _LONGEST_LINE + 1])
        end = text.find(b"\n")
        self._line += text if end < 0 else text[: end + 1]
        if end < 0:
            if len(self._line) > _LONGEST_LINE:
                raise ValueError("The line before a chunk has no end.")
            return None, rest[len(text) :]
        line = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        return line, rest[end + 1 :]
