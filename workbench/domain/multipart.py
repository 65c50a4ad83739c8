"""The parts of a multipart body: fields and files of a form, as a browser or a library sends them."""

import email
from dataclasses import dataclass

from workbench.domain.content_type import content_type_of
from workbench.domain.exchange import Headers

MOST_PARTS = 200
"""Parts that are read, unless more are asked for."""
_LONGEST_HEAD = 8_000
"""Bytes of the headers of a part that are read."""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part; ``filename`` is empty for a plain field, ``media`` where no type is given."""

    name: str
    filename: str
    media: str
    body: bytes


def read_parts(headers: Headers, body: bytes, most: int = MOST_PARTS) -> tuple[BodyPart, ...]:
    """The first parts of ``body`` in order; none where it is not multipart or cannot be read as such."""
    sent = content_type_of(headers)
    if not sent.media.startswith("multipart/") or not sent.boundary:
        return ()
    try:
        return _read(body, b"--" + sent.boundary.encode("utf-8", "replace"), most)
    except Exception:  # Python's reader of parameters in parts (RFC 2231) does not expect every text
        return ()


def without_boundary(headers: Headers, body: bytes) -> bytes:
    """``body`` without the boundary of its parts, which a library makes up for each request; another as it is."""
    sent = content_type_of(headers)
    if not sent.media.startswith("multipart/") or not sent.boundary:
        return body
    return bytes(body).replace(b"--" + sent.boundary.encode("utf-8", "replace"), b"--")


def _read(body: bytes, line: bytes, most: int) -> tuple[BodyPart, ...]:
    found = []
    for piece in bytes(body).split(line, most + 1)[1 : most + 1]:
        if piece.startswith(b"--"):
            break
        end = b"\n" if piece.startswith(b"\n") else b"\r\n"  # googleapiclient ends its lines so
        lines, gap, content = piece.removeprefix(end).partition(end * 2)
        if gap:
            found.append(_part(lines, content.removesuffix(end)))
    return tuple(found)


def _part(lines: bytes, content: bytes) -> BodyPart:
    message = email.message_from_string(lines[:_LONGEST_HEAD].decode("utf-8", "replace") + "\r\n\r\n")
    name = message.get_param("name", header="content-disposition")
    media = message.get_content_type() if message["content-type"] else ""
    return BodyPart(name if isinstance(name, str) else "", message.get_filename() or "", media, content)
