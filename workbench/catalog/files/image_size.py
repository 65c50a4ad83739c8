"""The size of a picture, by the first bytes of its file."""

import re
import struct
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_SIZE: Final = struct.Struct(">II")
_GIF_SIZE: Final = struct.Struct("<HH")
_JPEG_SIZE: Final = struct.Struct(">HH")
_JPEG_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of the segments that begin with the size."""
_NUMBER: Final = r"\s*([0-9]*\.?[0-9]+)"
_SVG: Final = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_VIEW_BOX: Final = re.compile(rf"\bviewBox\s*=\s*[\"'][\s,]*[-0-9.]+[\s,]+[-0-9.]+[\s,]+{_NUMBER}[\s,]+{_NUMBER}")
_LENGTHS: Final = tuple(re.compile(rf"\s{name}\s*=\s*[\"']{_NUMBER}(?:px)?\s*[\"']") for name in ("width", "height"))

type Size = tuple[float, float]


def pixels(data: bytes) -> Size | None:
    """Width and height of a PNG, JPEG or GIF, whatever its file is called; None for anything else."""
    if data.startswith(_PNG) and len(data) >= len(_PNG) + _PNG_SIZE.size:
        return _PNG_SIZE.unpack_from(data, len(_PNG))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return _GIF_SIZE.unpack_from(data, 6)
    return _of_jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


def drawing_size(data: bytes) -> Size | None:
    """The width and height of an SVG, in its own units; None where it does not tell both, and for anything else."""
    found = _SVG.search(data)
    tag = found[0].decode("utf-8", "replace") if found else ""
    if box := _VIEW_BOX.search(tag):
        return float(box[1]), float(box[2])
    width, height = (each.search(tag) for each in _LENGTHS)
    return (float(width[1]), float(height[1])) if width and height else None


def _of_jpeg(data: bytes) -> Size | None:
    """The size in the first frame of a JPEG; the segments before it are skipped."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker in _JPEG_FRAMES:
            height, width = _JPEG_SIZE.unpack_from(data, place + 5)
            return width, height
        is_filler = marker == 0xFF
        place += 1 if is_filler else 2 + int.from_bytes(data[place + 2 : place + 4])
    return None
