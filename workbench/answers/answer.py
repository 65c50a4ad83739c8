"""An answer as a value, and as the bytes that its connection carries."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbench.domain import Exchange, ExchangeError, FailureKind, Headers, Response
from workbench.domain.exchange import header_value
from workbench.domain.whole_number import whole_number

_FRAMES = ("content-length", "transfer-encoding")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "deflate": b"\x78", "zstd": b"\x28\xb5\x2f\xfd"}
_NO_BODY = (204, 304)
UNANSWERED = ExchangeError("CancelledError", "", "wait", FailureKind.CANCELLED)
"""The failure of an exchange whose answer the handler did not wait for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets: a response, a failure, or a response and then a failure.

    ``is_raw``: the response's body is all the bytes there are, and no status line belongs before it. ``is_encoded``:
    it is as its Content-Encoding says. ``until_close``: it ends where its connection does. ``is_verbatim``: no library
    could read the head, which stays as it is.
    """

    response: Response | None = None
    failure: ExchangeError | None = None
    is_raw: bool = False
    is_encoded: bool = False
    until_close: bool = False
    is_verbatim: bool = False


NOT_HTTP = Answer(Response(0, body=b"This is not HTTP.\r\n\r\n"), is_raw=True)
"""An answer that no library takes for HTTP."""


def recorded_answer(exchange: Exchange) -> Answer:
    """The answer that a recorded exchange had, failures too."""
    response, failure = exchange.response, exchange.error
    if response is None and failure is not None and failure.kind is FailureKind.NOT_HTTP:
        return NOT_HTTP  # httpcore does not tell what it was
    if response is None:
        return Answer(failure=failure or UNANSWERED)
    encoding = header_value(response.headers, "content-encoding").lower()
    if failure is not None and failure.kind is FailureKind.UNDECODABLE:
        body = response.body if exchange.body_state == "unparsed" else b"This is not " + encoding.encode()
        return Answer(replace(response, body=body, raw_size=None), failure)
    if exchange.body_state == "unparsed":  # the library finds the same in the same bytes
        return Answer(response, is_raw=not response.status, is_verbatim=bool(response.status))
    return Answer(response, failure, until_close=failure is None and _ends_by_close(exchange.request.method, response))


def answer_bytes(answer: Answer, method: str) -> bytes:
    """The bytes of an answer up to its end or its failure, as HTTP/1.1, or 1.0 where it was that.

    A body that was decoded when it was recorded is encoded again: its reader may take the bytes as they come and unpack
    them. Brotli and zstd are not: it has no Content-Encoding then. One that came in chunks is one chunk. One that was
    cut is cut again: its length is that of the whole, or its last chunk is missing.
    """
    response = answer.response
    if response is None:
        return b""
    if answer.is_raw:
        return response.body
    if answer.is_verbatim:
        return _head(response, response.headers) + response.body
    if method == "HEAD":
        return _head(response, response.headers)
    if response.status in _NO_BODY or 100 <= response.status < 200:  # http.client waits for chunks all the same
        return _head(response, tuple(one for one in response.headers if one[0].lower() != "transfer-encoding"))
    response = _encoded(response)
    headers = response.headers if answer.is_encoded else _decoded_headers(response, answer.failure)
    is_whole = answer.failure is None or answer.failure.kind is FailureKind.UNDECODABLE
    if "chunked" in header_value(response.headers, "transfer-encoding").lower():
        size = len(response.body) + (not is_whole)
        chunk = b"%x\r\n%b" % (size, response.body) if size else b""
        end = b"\r\n0\r\n\r\n"[0 if size else 2 :] if is_whole else b""
        return _head(response, _framed(headers, "Transfer-Encoding", "chunked")) + chunk + end
    if answer.until_close and is_whole:
        return _head(response, headers) + response.body
    if is_whole:
        return _head(response, _framed(headers, "Content-Length", str(len(response.body)))) + response.body
    length = whole_number(header_value(response.headers, "content-length")) or 0
    return _head(response, _framed(headers, "Content-Length", str(max(length, len(response.body) + 1)))) + response.body


def keeps_open(answer: Answer) -> bool:
    """Whether the connection can carry another request after this answer."""
    response = answer.response
    if response is None or answer.failure is not None:
        return False
    if answer.is_raw or answer.until_close or answer.is_verbatim:
        return False
    connection = header_value(response.headers, "connection").lower()
    return connection == "keep-alive" if response.http_version == "1.0" else connection != "close"


def closed_after(answer: Answer) -> Answer:
    """The answer, which says that its connection carries no other."""
    response = answer.response
    if response is None or answer.is_raw or not keeps_open(answer):
        return answer
    headers = tuple(header for header in response.headers if header[0].lower() != "connection")
    return replace(answer, response=replace(response, headers=(*headers, ("Connection", "close"))))


def with_body(response: Response, body: bytes, *, cut: bool = False) -> Response:
    """The response with another body, which is not compressed and does not come in chunks."""
    left_out = ("content-encoding", "transfer-encoding")
    headers = tuple(header for header in response.headers if header[0].lower() not in left_out)
    return replace(response, headers=headers, body=body, size=len(body), cut=cut, raw_size=None)


def _ends_by_close(method: str, response: Response) -> bool:
    """Whether nothing else said where the body ends: no head of HTTP/1 did."""
    has_body = method != "HEAD" and response.status not in _NO_BODY and response.http_version in ("1.0", "1.1")
    return has_body and not any(name.lower() in _FRAMES for name, _ in response.headers)


def _encoded(response: Response) -> Response:
    encoding = header_value(response.headers, "content-encoding").lower()
    if response.raw_size is None or encoding not in _ENCODERS:
        return response
    return replace(response, body=_ENCODERS[encoding](response.body), raw_size=None)


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": _gzipped, "x-gzip": _gzipped, "deflate": zlib.compress}


def _decoded_headers(response: Response, failure: ExchangeError | None) -> Headers:
    if failure is not None and failure.kind is FailureKind.UNDECODABLE:
        return response.headers
    encoding = header_value(response.headers, "content-encoding").lower()
    magic = _MAGIC.get(encoding)
    is_encoded = response.raw_size is None and magic is not None and response.body.startswith(magic)
    if is_encoded or not encoding:
        return response.headers
    return tuple(header for header in response.headers if header[0].lower() != "content-encoding")


def _framed(headers: Headers, name: str, value: str) -> Headers:
    """The headers with one that says where the body ends, in the place of the first such."""
    place = next((index for index, header in enumerate(headers) if header[0].lower() in _FRAMES), len(headers))
    rest = [header for header in headers if header[0].lower() not in _FRAMES]
    spelled = headers[place][0] if place < len(headers) and headers[place][0].lower() == name.lower() else name
    return (*rest[:place], (spelled, value), *rest[place:])


def _head(response: Response, headers: Headers) -> bytes:
    version = "1.0" if response.http_version == "1.0" else "1.1"
    lines = [_line(f"HTTP/{version} {response.status} {response.reason}".rstrip(), is_latin="" in response.latin)]
    lines += [_line(f"{name}: {value}", is_latin=name.lower() in response.latin) for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _line(text: str, *, is_latin: bool) -> bytes:
    line = text.replace("\r", " ").replace("\n", " ")
    try:
        return line.encode("latin-1" if is_latin else "utf-8")
    except UnicodeEncodeError:  # another value than the recorded one
        return line.encode("utf-8")
