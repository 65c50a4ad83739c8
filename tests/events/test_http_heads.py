"""Heads of requests and responses, also those that no proper server sends."""

from workbench.events.http_heads import length_of, response_head, unparsed_response


def test_numbers_of_absurd_length_are_none() -> None:
    head = response_head([b"HTTP/1.1 " + b"9" * 5_000 + b" Fine\r\n", b"X-A: b\r\n"])
    assert head is not None
    assert (head.status, head.reason, head.headers) == (0, "Fine", (("X-A", "b"),))
    assert unparsed_response(b"HTTP/1.1 " + b"9" * 5_000 + b"\r\n\r\nrest")[1] == b"rest"
    for text, length in (
        ("5", 5),
        ("007", 7),
        ("", None),
        ("-5", None),
        ("٣", None),
        ("5, 5", None),
        ("9" * 5_000, None),
    ):
        assert (text[:9], length_of((("content-LENGTH", text),))) == (text[:9], length)
