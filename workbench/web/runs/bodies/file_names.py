"""The ends of names of downloaded bodies, so that the right program opens them; never one that a browser would draw."""

from types import MappingProxyType

from workbench.domain import Request, Response
from workbench.explain.http import http_body
from workbench.web.runs.bodies.image_body import image_type

_BY_MEDIA = MappingProxyType({
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/plain": "txt",
    "text/event-stream": "txt",
})  # fmt: skip


def file_extension(message: Request | Response) -> str:
    """What stands behind the dot: by the bytes of an image, else by the media type; ``bin`` for all others."""
    media = http_body.content_type(message.headers)[0]
    image = image_type(message)
    if image:
        return image.partition("/")[2]
    return "json" if media.endswith("+json") else _BY_MEDIA.get(media, "bin")
