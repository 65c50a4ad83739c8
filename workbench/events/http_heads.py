"""Heads of HTTP/1.1 requests and responses, read from the bytes of a connection."""

import http.client
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain import Headers
from workbench.domain.exchange import header_value
from workbench.domain.whole_number import whole_number

_END_OF_HEAD = b"\r\n\r\n"


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
    """The status line and the headers of a response as received; ``latin`` is that of :class:`Response`."""

    status: int
    reason: str
    version: str
    headers: Headers
    latin: tuple[str, ...] = ()


def request_head(data: bytes) -> RequestHead:
    """The head with which ``data`` begins; all of it where no empty line ends the head."""
    end = data.find(_END_OF_HEAD)
    head = data if end < 0 else data[:end]
    line, *rest = head.split(b"\r\n")
    size = len(data) if end < 0 else end + len(_END_OF_HEAD)
    return RequestHead(latin_or_utf8(line), headers_of(rest), size)


def response_head(lines: list[bytes]) -> ResponseHead | None:
    """The last head among ``lines``, each with its line end; None where none begins with ``HTTP/``."""
    starts = [place for place, line in enumerate(lines) if line.startswith(b"HTTP/")]
    if not starts:
        return None
    first, *rest = [line.rstrip(b"\r\n") for line in lines[starts[-1] :]]
    version, _, status = latin_or_utf8(first).partition(" ")
    number, _, reason = status.strip().partition(" ")
    headers = headers_of([line for line in rest if line])
    latin = latin_names([(b"", first), *((line.partition(b":")[0], line) for line in rest)])
    return ResponseHead(whole_number(number) or 0, reason.strip(), version.removeprefix("HTTP/"), headers, latin)


def head_of_response(received: http.client.HTTPResponse) -> ResponseHead:
    """The head that ``http.client`` has read, which takes all bytes for Latin-1."""
    reason = (received.reason or "").encode("latin-1")
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in received.getheaders()]
    headers = headers_of([b"%b: %b" % pair for pair in pairs])
    return ResponseHead(received.status, latin_or_utf8(reason), "1.1", headers, latin_names([(b"", reason), *pairs]))


def end_of_head(data: bytes) -> int:
    """Where the head of the response ends with which ``data`` begins; 0 where not all of it is there.

    Also 0 where ``http.client`` reads more heads than one, or ends this one at another place. So the lines of most
    heads need not pass one by one.
    """
    end = data.find(b"\n\r\n") + 3
    if end < 3 or data.find(b"\n\n", 0, end) >= 0 or not data.startswith(b"HTTP/1.") or data[9:10] == b"1":
        return 0
    return end


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
    texts = joined.decode("ascii").split("\n") if joined.isascii() else [latin_or_utf8(line) for line in lines]
    for text in texts if lines else ():
        if text[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = name, f"{value} {text.strip()}"
        else:
            name, _, value = text.partition(":")
            found.append((name, value.strip(" \t")))
    return tuple(found)


def value_of(headers: Headers, name: str) -> str:
    """The first value of a header, as the value, too, in lower case; empty where there is none."""
    return header_value(headers, name).lower()


def is_chunked(headers: Headers) -> bool:
    """Whether the body that follows is chunked."""
    return value_of(headers, "transfer-encoding").endswith("chunked")


def is_chunked_head(head: bytes) -> bool:
    """The same of a head in its bytes."""
    return is_chunked(request_head(head).headers)


def encoding_of_head(head: bytes) -> str:
    """The content encoding that a head in its bytes names, lower case; empty where it names none."""
    return value_of(headers_of(head.split(b"\r\n")[1:]), "content-encoding")


def length_of(headers: Headers) -> int | None:
    """The length of the body that follows, None where its header is missing or no number."""
    return whole_number(value_of(headers, "content-length"))


def latin_or_utf8(data: bytes) -> str:
    """Header bytes as text: UTF-8 where they are, else Latin-1."""
    return data.decode("latin-1" if is_latin(data) else "utf-8")


def is_latin(data: bytes) -> bool:
    """Whether header bytes are not UTF-8."""
    if data.isascii():
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def latin_names(pairs: Iterable[tuple[str | bytes, str | bytes]]) -> tuple[str, ...]:
    """The names (in lower case) whose values are bytes in Latin-1, each once; a reason phrase has an empty one."""
    found = (name for name, value in pairs if isinstance(value, bytes) and is_latin(value))
    names = (latin_or_utf8(name) if isinstance(name, bytes) else name for name in found)
    return tuple(dict.fromkeys(name.lower() for name in names))
