"""Bodies decoded piece by piece: a small one that decodes to a very large one costs no memory."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from backports import zstd

from workbench.domain import FailureKind
from workbench.worker.capture.bodies.content_decoder import MOST, BodyTooLong, ContentDecoder
from workbench.worker.capture.failures import kind_of_failure

LARGE = bytes(8 * 1024 * 1024)


@pytest.mark.parametrize(
    ("encoding", "encoded"),
    [
        ("gzip", lambda: gzip.compress(LARGE)),
        ("gzip", lambda: gzip.compress(LARGE[: len(LARGE) // 2]) * 2),
        ("deflate", lambda: zlib.compress(LARGE)),
        ("deflate", lambda: zlib.compress(LARGE)[2:-4]),
        ("deflate, gzip", lambda: gzip.compress(zlib.compress(LARGE))),
        ("zstd", lambda: zstd.compress(LARGE)),
        ("zstd", lambda: zstd.compress(LARGE[: len(LARGE) // 2]) * 2),
    ],
    ids=["gzip", "members", "zlib", "bare", "twice", "zstd", "frames"],
)
def test_a_body_is_decoded_in_pieces(encoding: str, encoded: Callable[[], bytes]) -> None:
    body = encoded()
    sizes = [len(piece) for piece in ContentDecoder(encoding).feed(body)]
    assert sum(sizes) == len(LARGE)
    assert max(sizes) <= 1024 * 1024
    assert hash(ContentDecoder(encoding).whole(body)) == hash(LARGE)


def test_a_whole_body_has_a_limit() -> None:
    compress = zlib.compressobj(1)
    bomb = b"".join(compress.compress(LARGE) for _ in range(MOST // len(LARGE) + 1)) + compress.flush()
    with pytest.raises(BodyTooLong, match="longer than 67,108,864 bytes"):
        ContentDecoder("deflate").whole(bomb)


@pytest.mark.parametrize("head", [b"\x78\x9c", b""], ids=["zlib", "bare"])
def test_a_body_that_decodes_to_nothing_for_long_takes_time_in_proportion(head: bytes) -> None:
    empty, last = b"\x00\x00\x00\xff\xff" * 4_000_000, b"\x01\x02\x00\xfd\xffok"
    assert b"".join(ContentDecoder("deflate").feed(head + empty + last)) == b"ok"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_bytes_that_are_not_so_encoded(encoding: str) -> None:
    with pytest.raises(Exception) as raised:
        list(ContentDecoder(encoding).feed(b"abcde"))
    assert kind_of_failure(raised.value, "receive") is FailureKind.UNDECODABLE
