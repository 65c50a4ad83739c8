"""The sizes of pictures by their first bytes, in each format and cut anywhere."""

import struct

import pytest

from workbench.catalog.files.image_size import drawing_size, pixels

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 512, 256) + b"\x08\x06"
GIF = b"GIF89a" + struct.pack("<HH", 512, 256) + b"\0"
EXIF = b"\xff\xe1" + struct.pack(">H", 12) + b"Exif\0\0" + b"\xff\xc0\0\0"
FRAME = b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 256, 512) + b"\x03"
JPEG = b"\xff\xd8" + EXIF + b"\xff" + FRAME


@pytest.mark.parametrize("data", [PNG, GIF, JPEG], ids=["PNG", "GIF", "JPEG"])
def test_a_picture_tells_its_size_and_none_where_it_is_cut(data: bytes) -> None:
    assert pixels(data + bytes(9)) == (512, 256)
    assert {pixels(data[:length]) for length in range(len(data))} <= {None, (512, 256)}
    assert drawing_size(data) is None


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<?xml version="1.0"?><svg xmlns="x" viewBox="0 0 32 16" width="32" height="32">', (32, 16)),
        ("<svg viewBox='-1.5,-2, 24.5,24.5'/>", (24.5, 24.5)),
        ('<svg\nwidth="24px"\nheight="12"/>', (24, 12)),
        ('<svg stroke-width="3" height="12"/>', None),
        ('<svg width="100%" height="100%"/>', None),
        ("<html>", None),
        ("", None),
    ],
)
def test_a_drawing_tells_its_size_in_its_own_units(text: str, size: tuple[float, float] | None) -> None:
    assert drawing_size(text.encode()) == size
    assert pixels(text.encode()) is None
