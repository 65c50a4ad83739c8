"""Answers as the bytes of a connection, and whether it can carry another one."""

import gzip
from dataclasses import replace

import pytest

from tests.case_tables import each_case
from workbench.answers.answer import NOT_HTTP, Answer, answer_bytes, closed_after, keeps_open
from workbench.domain import ExchangeError, FailureKind, Headers, Response

CUT = ExchangeError("IncompleteRead", "", "receive", FailureKind.CUT)
GZIP = ("Content-Encoding", "gzip")
ZIPPED = gzip.compress(b"hello", 6, mtime=0)
CHUNKED = ("Transfer-Encoding", "chunked")


def answer(*headers: tuple[str, str], failure: ExchangeError | None = None, **more: object) -> Answer:
    values = {"body": b"hello", **more}
    return Answer(Response(values.pop("status", 200), "OK", headers=headers, **values), failure)


@each_case(
    "given, method, expected",
    [
        (answer(), "GET", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        (answer(("content-length", "9"), ("X", "a\r\nb")), "GET",
         b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX: a  b\r\n\r\nhello"),
        (answer(("CONTENT-LENGTH", "9")), "HEAD", b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 9\r\n\r\n"),
        (answer(GZIP, raw_size=30), "GET",
         b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED),
        (answer(("Content-Encoding", "br"), raw_size=30), "GET", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        (answer(GZIP, body=b"\x1f\x8bx"), "GET",
         b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8bx"),
        (answer(http_version="1.0"), "GET", b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        (answer(status=204), "GET", b"HTTP/1.1 204 OK\r\n\r\n"),
        (answer(CHUNKED, status=204, body=b""), "GET", b"HTTP/1.1 204 OK\r\n\r\n"),
        (answer(CHUNKED), "HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (answer(CHUNKED), "GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        (answer(CHUNKED, body=b""), "GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (answer(CHUNKED, failure=CUT), "GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello"),
        (answer(("Content-Length", "100"), failure=CUT), "GET", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"),
        (answer(failure=CUT), "GET", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"),
        (NOT_HTTP, "GET", b"This is not HTTP.\r\n\r\n"),
        (Answer(failure=CUT), "GET", b""),
    ],
)  # fmt: skip
def test_the_bytes(given: Answer, method: str, expected: bytes) -> None:
    assert answer_bytes(given, method) == expected


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (answer(), True),
        (answer(("Connection", "Keep-Alive")), True),
        (answer(("connection", "Close")), False),
        (answer(http_version="1.0"), False),
        (answer(("Connection", "Keep-Alive"), http_version="1.0"), True),
        (answer(failure=CUT), False),
        (NOT_HTTP, False),
        (replace(answer(), is_verbatim=True), False),
        (Answer(failure=CUT), False),
    ],
)
def test_a_connection_carries_another_answer_where_this_one_leaves_it_open(given: Answer, kept: bool) -> None:
    assert keeps_open(given) is kept
    closed = closed_after(given)
    assert not keeps_open(closed)
    assert (closed is given) is not kept


def test_an_answer_that_closes_its_connection_says_so_once() -> None:
    headers: Headers = (("Connection", "keep-alive"), ("X-A", "b"))
    closed = closed_after(answer(*headers)).response
    assert closed is not None
    assert closed.headers == (("X-A", "b"), ("Connection", "close"))
