"""A body decoded as its ``Content-Encoding`` says, piece by piece, as the library that asked for it does."""

import sys
import zlib
from typing import Any, Protocol


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class ContentDecoder:
    """The decoded pieces of a body. :attr:`knows` says whether the encoding is one that can be decoded here."""

    def __init__(self, encoding: str) -> None:
        names = [name.strip() for name in encoding.lower().split(",")]
        self._steps = [made for name in reversed(names) if name not in ("", "identity") if (made := _decoder(name))]
        self.knows = bool(self._steps)

    def feed(self, data: bytes) -> bytes:
        """The next piece decoded. Raises what the decoder raises for bytes that are not so encoded."""
        for step in self._steps:
            data = step.decompress(data)
        return data


def _decoder(name: str) -> _Decoder | None:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _imported("brotli", "Decompressor", "process") or _imported("brotlicffi", "Decompressor", "decompress")
    return _imported("zstandard", "ZstdDecompressor") if name == "zstd" else None


class _Gzip:
    """gzip, of one member or several one after the other."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._members = 0

    def decompress(self, data: bytes, /) -> bytes:
        pieces = []
        while data:
            try:
                pieces.append(self._inflate.decompress(data))
            except zlib.error:
                if self._members:  # what follows the last member is no part of the body
                    break
                raise
            data = self._inflate.unused_data
            if self._inflate.eof:
                self._members += 1
                self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return b"".join(pieces)


class _Deflate:
    """zlib's format, or the bare deflate that some servers send under that name."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj()
        self._first = b""

    def decompress(self, data: bytes, /) -> bytes:
        if self._first is None:
            return self._inflate.decompress(data)
        self._first += data
        try:
            decoded = self._inflate.decompress(data)
        except zlib.error:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            decoded = self._inflate.decompress(self._first)
        if decoded:
            self._first = None  # type: ignore[assignment]  # the format is known
        return decoded


class _Imported:
    """A decoder of another library, which the integration has imported."""

    def __init__(self, step: Any) -> None:
        self._step = step

    def decompress(self, data: bytes, /) -> bytes:
        decoded: bytes = self._step(data)
        return decoded


def _imported(module: str, name: str, method: str = "") -> _Decoder | None:
    """The decoder where the integration has imported its library: then its HTTP library decodes that encoding too."""
    made: Any = getattr(sys.modules.get(module), name, None)
    if made is None:
        return None
    return _Imported(getattr(made(), method)) if method else _Imported(made().decompressobj().decompress)
