"""Icons out of an integration's folder: pictures only, and an SVG never as a document that could run."""

from dataclasses import dataclass

from flask import Response

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
class Picture:
    """The bytes of an icon and their media type."""

    data: bytes
    media: str


def read(integration: Integration) -> Picture | None:
    """The icon; None where it is none, is no picture, is too large, or lies outside of the folder."""
    if integration.icon is None:
        return None
    try:
        path = (integration.root / integration.icon).resolve()
        media = _TYPES.get(path.suffix.lower())
        if media is None or not path.is_relative_to(integration.root.resolve()) or path.stat().st_size > _LARGEST:
            return None
        return Picture(path.read_bytes(), media) if path.is_file() else None
    except (OSError, ValueError):
        return None


def answer(picture: Picture) -> Response:
    """The response: as a picture in a page it shows, as a page it can do nothing."""
    response = Response(picture.data, content_type=picture.media)
    response.headers["Content-Security-Policy"] = _LOCKED
    response.headers["Cache-Control"] = "private, max-age=60"
    if picture.media == "image/svg+xml":
        response.headers.set("Content-Disposition", "attachment", filename="icon.svg")
    return response
