"""Responses of unusual form are shown as they came, whichever library reads them."""

import asyncio
import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import httpx2
import pytest
import requests
import urllib3
from backports import zstd

from tests.case_tables import each_case
from tests.worker.capture.clients import BLOCKING, call
from tests.worker.capture.installed import HTTPX2_MISSES_BYTES_OF_ZSTD, URLLIB3_DECODES_ZSTD
from workbench.domain import FailureKind

TEXT = b"squeeze me " * 500
ZIPPED = gzip.compress(TEXT)
BARE = zlib.compress(TEXT)[2:-4]

OK = b"HTTP/1.1 200 OK\r\n"
TWO = b"Content-Length: 2\r\n\r\nok"
RESPONSES = {
    "repeated": (
        OK + b"Set-Cookie: a=1\r\nX-A:   spaced  \r\nset-cookie: b=2\r\nX-Empty:\r\nX-Tab:\tq\r\n" + TWO,
        b"ok",
    ),
    "folded": (OK + b"X-Fold: one\r\n two\r\n\tthree\r\n" + TWO, b"ok"),
    "not ASCII": (OK + b"X-Latin: caf\xe9\r\nX-Utf: caf\xc3\xa9\r\n" + TWO, b"ok"),
    "reason": (b"HTTP/1.1 299 Sp\xc3\xa9cial Thing\r\n" + TWO, b"ok"),
    "no reason": (b"HTTP/1.1 200\r\n" + TWO, b"ok"),
    "trailers": (OK + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n", b"abcde"),
    "no chunk": (OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n0\r\n\r\n", b""),
    "gzip in chunks": (
        OK
        + b"Transfer-Encoding: chunked\r\nContent-Encoding: GZIP\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(ZIPPED), ZIPPED),
        TEXT,
    ),
    "bare deflate": (OK + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n%b" % (len(BARE), BARE), TEXT),
    "identity": (OK + b"Content-Encoding: identity\r\n" + TWO, b"ok"),
    "unknown encoding": (OK + b"Content-Encoding: foo\r\n" + TWO, b"ok"),
    "not modified": (b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 10\r\n\r\n', b""),
    "kept open": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + TWO, b"ok"),
    "a second response": (OK + TWO + OK + b"Content-Length: 3\r\n\r\nbad", b"ok"),
    "bare newlines": (b"HTTP/1.1 200 OK\nX-A: b\nContent-Length: 2\n\nok", b"ok"),
    "until the end": (b"HTTP/1.1 200 OK\r\n\r\nall of it", b"all of it"),
}


def head_of(response: bytes) -> tuple[tuple[int, str, str], tuple[tuple[str, str], ...]]:
    """The status, reason and version, and the headers; a continued line is joined by a space."""
    lines = (
        response.replace(b"\r\n", b"\n").partition(b"\n\n")[0].replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    )
    version, status, *reason = _text(lines[0]).split(" ", 2)
    pairs = (_text(line).partition(":") for line in lines[1:])
    head = int(status), reason[0] if reason else "", version.removeprefix("HTTP/")
    return head, tuple((name, value.strip()) for name, _, value in pairs)


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


@contextmanager
def served(response: bytes) -> Iterator[str]:
    """The URL of a server that answers one request so."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(response)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    "library",
    [
        name if name in ("requests", "aiohttp") else pytest.param(name, marks=pytest.mark.exhaustive)
        for name in BLOCKING
    ],
)
def test_a_response_of_unusual_form(captured, library) -> None:
    for name, (response, body) in RESPONSES.items():
        with served(response) as url, suppress(Exception):  # some raise for a status, or cannot decode
            call(library, "GET", url)
        one = captured.exchanges[-1]
        head, headers = head_of(response)
        assert (name, one.response.status, one.response.reason, one.response.http_version) == (name, *head)
        assert (name, one.response.headers) == (name, headers)
        assert (name, one.response.body, one.body_state, one.error) == (name, body, "complete", None)
        assert (name, one.response.raw_size is None) == (name, body != TEXT)
    assert len(captured.exchanges) == len(RESPONSES)


def test_a_body_that_is_not_as_its_encoding_says_is_stored_as_it_came(captured) -> None:
    with served(OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde") as url:
        assert call("urllib.request", "GET", url) == b"abcde"
    response = captured.one.response
    assert (response.body, response.size, response.raw_size, captured.one.error) == (b"abcde", 5, None, None)


async def async_raw(url: str) -> bytes:
    async with httpx.AsyncClient(verify=False) as client, client.stream("GET", url) as response:
        return b"".join([piece async for piece in response.aiter_raw()])


def raw(library: Any) -> Callable[[str], bytes]:
    def read(url: str) -> bytes:
        with library.stream("GET", url, verify=False) as response:
            return b"".join(response.iter_raw())

    return read


def raw_of_requests(url: str) -> bytes:
    with requests.get(url, timeout=20, stream=True) as response:
        return response.raw.read()


def raw_of_urllib3(url: str) -> bytes:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url, decode_content=False).data


def decoded(library: str) -> Callable[[str], bytes]:
    return lambda url: call(library, "GET", url)


BAD, CUT = ("gzip", b"abcde"), ("zstd", zstd.compress(TEXT)[:-9])


@each_case(
    ("encoded", "read", "fails"),
    [
        (BAD, decoded("requests"), True),
        (BAD, raw_of_requests, False),
        (BAD, raw_of_urllib3, False),
        (BAD, raw(httpx), False),
        (BAD, lambda url: asyncio.run(async_raw(url)), False),
        (CUT, lambda url: httpx2.get(url, verify=False).content, HTTPX2_MISSES_BYTES_OF_ZSTD),
        (CUT, raw(httpx2), False),
        (CUT, decoded("urllib3"), URLLIB3_DECODES_ZSTD),
        (CUT, decoded("requests"), False),
        (CUT, raw_of_requests, False),
        (CUT, decoded("httplib2"), False),
    ],
)
def test_a_body_that_is_not_as_its_encoding_says(captured, encoded, read, fails) -> None:
    """It is an error where its reader gets one, else what the reader gets."""
    name, body = encoded
    head = f"Content-Encoding: {name}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with served(OK + head + body) as url:
        if fails:
            with pytest.raises(Exception, match=r"decod|header|incomplete"):
                read(url)
            assert captured.exchanges[-1].error.kind is FailureKind.UNDECODABLE
        else:
            got = read(url)
            one = captured.exchanges[-1]
            assert (one.response.body, one.error, one.body_state) == (got, None, "complete")
