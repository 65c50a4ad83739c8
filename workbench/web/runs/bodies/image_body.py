"""Images of pixels, by their first bytes: a preview, and their bytes below it. SVG is text, and is never drawn."""

from dataclasses import replace
from typing import Final

from workbench.domain import MaskedBytes, Request, Response
from workbench.web.runs.bodies.body import Source, View
from workbench.web.runs.bodies.text_body import view_hex

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypavif", 4, "image/avif"),
)


def view(source: Source) -> View | None:
    """The preview of a body that is such an image and was recorded whole."""
    media = image_type(source.message)
    if not media or source.raw:
        return None
    hexadecimal = view_hex(source)
    return replace(hexadecimal, image=media)


def image_type(message: Request | Response) -> str:
    """The media type by which a body can be drawn, whatever its header says; empty where it cannot."""
    body = message.body
    if message.cut or isinstance(body, MaskedBytes):
        return ""
    return next((media for magic, at, media in _SIGNATURES if body[at : at + len(magic)] == magic), "")
