"""A body decoded as its ``Content-Encoding`` says, piece by piece, as the library that asked for it does."""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

_PIECE = 1024 * 1024
"""Bytes of a decoded piece at most: a small body may decode to any size, and of most of it only the size is wanted."""

MOST = 64 * 1024 * 1024
"""Bytes of a whole body that is decoded at most."""

_SLICE = 4 * 1024
"""Bytes that a decoder is given at once: some have no limit of what they return, all copy what is behind a member."""


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> Iterator[bytes]: ...

    def end(self) -> None: ...


class DecodeError(ValueError):
    """An encoded body that ends early."""


class BodyTooLong(ValueError):
    """A small body that would decode to a very large one."""


class ContentDecoder:
    """The decoded pieces of a body. :attr:`knows` says whether the encoding is one that can be decoded here."""

    def __init__(self, encoding: str) -> None:
        names = [name.strip() for name in encoding.lower().split(",")]
        self._steps = [made for name in reversed(names) if name not in ("", "identity") if (made := _decoder(name))]
        self.knows = bool(self._steps)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next pieces decoded. Raises what the decoder raises for bytes that are not so encoded."""
        pieces: Iterator[bytes] = iter((data,))
        for step in self._steps:
            pieces = _through(step, pieces)
        return pieces

    def end(self) -> None:
        """All pieces were there. Raises what libraries raise of a body that ends early (none do of gzip, deflate)."""
        for step in self._steps:
            step.end()

    def whole(self, data: bytes) -> bytes:
        """A whole body decoded. Raises :class:`BodyTooLong` beyond :data:`MOST`, else as :meth:`feed`."""
        decoded = bytearray()
        for piece in self.feed(data):
            decoded += piece
            if len(decoded) > MOST:
                raise BodyTooLong(f"The body is longer than {MOST:,} bytes once it is decoded.")
        return bytes(decoded)


def _through(step: _Decoder, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), _SLICE):
            yield from step.decompress(piece[start : start + _SLICE])


def _inflated(inflate: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    while not inflate.eof and (decoded := inflate.decompress(data, _PIECE)):
        yield decoded
        data = inflate.unconsumed_tail


def _decoder(name: str) -> _Decoder | None:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _imported("brotli", "Decompressor", "process") or _imported("brotlicffi", "Decompressor", "decompress")
    return _zstd() if name == "zstd" else None


class _MayEndEarly:
    def end(self) -> None:
        """Any end will do."""


class _Gzip(_MayEndEarly):
    """gzip, of one member or several one after the other."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._members = 0

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        while data:
            try:
                yield from _inflated(self._inflate, data)
            except zlib.error:
                if self._members:  # what follows the last member is no part of the body
                    break
                raise
            data = self._inflate.unused_data
            if self._inflate.eof:
                self._members += 1
                self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)


class _Deflate(_MayEndEarly):
    """zlib's format, or the bare deflate that some servers send under that name."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj()
        self._first: bytearray | None = bytearray()
        """What came so far; None once something of it was decoded, so that the format is known."""

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        if self._first is None:
            yield from _inflated(self._inflate, data)
            return
        self._first += data
        try:
            decoded = self._inflate.decompress(data, _PIECE)
        except zlib.error:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            decoded = self._inflate.decompress(self._first, _PIECE)
        if decoded:
            self._first = None
            yield decoded
            yield from _inflated(self._inflate, self._inflate.unconsumed_tail)


class _Imported:
    """A decoder of another library, which the integration has imported."""

    def __init__(self, decoder: Any, method: str) -> None:
        self._step = getattr(decoder, method)
        self._finish = getattr(decoder, "finish", None)

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        yield self._step(data)

    def end(self) -> None:
        if self._finish is not None:  # of brotlicffi, which httpx asks, too
            self._finish()


def _imported(module: str, name: str, method: str) -> _Decoder | None:
    """The decoder where the integration has imported its library: then its HTTP library decodes that encoding too."""
    made: Any = getattr(sys.modules.get(module), name, None)
    return None if made is None else _Imported(made(), method)


class _Zstd:
    """Frames of zstd, one after the other, each with a decoder that ``make`` gives."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._frame = make()

    def decompress(self, data: bytes, /) -> Iterator[bytes]:
        while data:
            if self._frame.eof:
                self._frame = self._make()
            yield from self._decoded(data)
            data = self._frame.unused_data if self._frame.eof else b""

    def end(self) -> None:
        if not self._frame.eof:
            raise DecodeError("Zstandard data is incomplete")

    def _decoded(self, data: bytes) -> Iterator[bytes]:
        if not hasattr(self._frame, "needs_input"):  # zstandard's has no limit of what it returns
            yield self._frame.decompress(data)
            return
        yield self._frame.decompress(data, _PIECE)
        while not (self._frame.needs_input or self._frame.eof):
            yield self._frame.decompress(b"", _PIECE)


def _zstd() -> _Decoder | None:
    """The same of zstd, which three modules decode: that of Python 3.14, its backport, and zstandard."""
    for name in ("compression.zstd", "backports.zstd"):
        if (module := sys.modules.get(name)) is not None:
            return _Zstd(module.ZstdDecompressor)
    made: Any = getattr(sys.modules.get("zstandard"), "ZstdDecompressor", None)
    return None if made is None else _Zstd(lambda: made().decompressobj())
