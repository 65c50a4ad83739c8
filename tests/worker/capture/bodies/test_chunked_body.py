"""Chunked bodies taken apart, also those of servers that do it wrong."""

import pytest

from workbench.worker.capture.bodies.chunked_body import ChunkedBody, ChunkError


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_pieces_of_a_body_however_its_bytes_come(size: int) -> None:
    data = b"3;a=b\r\nabc\r\n+2\nde\r\n00\r\nX-T: 1\r\n\r\nnext"
    body = ChunkedBody()
    pieces = [bytes(piece) for at in range(0, len(data), size) for piece in body.feed(data[at : at + size])]
    assert b"".join(pieces) == b"abcde"
    assert body.over


def test_what_is_no_chunk_ends_in_an_error() -> None:
    for line in (b"-5\r\nhello world", b"-" + b"f" * 9_000 + b"\r\n", b"five\r\n", b"0x\r\n", b"1" * 70_000):
        with pytest.raises(ChunkError):
            ChunkedBody().feed(line)
