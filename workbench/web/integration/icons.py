"""Icons out of an integration's folder: pictures only, and an SVG never as a document that could run."""

from dataclasses import dataclass

from flask import Response

from workbench.catalog.files.file_reader import UnreadableError, read_bytes
from workbench.domain import Integration

_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".svg": "image/svg+xml",
}
_LARGEST = 2_000_000
_LOCKED = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For the picture opened by its own address: no script, no style, no origin."""


@dataclass(frozen=True, slots=True)
class Icon:
    """The bytes of an icon and their media type."""

    data: bytes
    media: str


def read(integration: Integration) -> Icon | None:
    """The icon; None where there is none, it is not a picture, is too large, or lies outside of the folder."""
    if integration.icon is None:
        return None
    try:
        media = _TYPES.get(integration.icon.resolve().suffix.lower())
        name = integration.icon.relative_to(integration.root).as_posix()
        return Icon(read_bytes(integration.root, name, most=_LARGEST), media) if media else None
    except (OSError, ValueError, UnreadableError):
        return None


def answer(icon: Icon) -> Response:
    """The response: as a picture in a page it shows, as a page it can do nothing."""
    response = Response(icon.data, content_type=icon.media)
    response.headers["Content-Security-Policy"] = _LOCKED
    response.headers["Cache-Control"] = "private, max-age=60"
    if icon.media == "image/svg+xml":
        response.headers.set("Content-Disposition", "attachment", filename="icon.svg")
    return response
