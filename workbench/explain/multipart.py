"""The parts of a multipart body: fields and files of a form, as a browser or a library sends them."""

import email
from dataclasses import dataclass
from email.message import Message

from workbench.domain import Headers
from workbench.explain import http_body

_MOST = 200
"""Parts that are read."""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part; ``filename`` is empty for a plain field, ``media`` where no type is given."""

    name: str
    filename: str
    media: str
    body: bytes

    @property
    def text(self) -> str | None:
        """The value of a plain field; None for a file and for what is not text."""
        return None if self.filename else http_body.decode(self.body, "utf-8")


def read_parts(headers: Headers, body: bytes) -> tuple[BodyPart, ...]:
    """The parts of ``body`` in order; none where it is not multipart or cannot be read as such."""
    try:
        return _read(headers, body)
    except Exception:  # Python's reader of parameters in parts (RFC 2231) does not expect every text
        return ()


def _read(headers: Headers, body: bytes) -> tuple[BodyPart, ...]:
    if not http_body.content_type(headers)[0].startswith("multipart/"):
        return ()
    head = Message()
    head["content-type"] = http_body.header(headers, "content-type").replace("\r", " ").replace("\n", " ")
    boundary = head.get_boundary()
    if not boundary:
        return ()
    found = []
    for piece in bytes(body).split(b"--" + boundary.encode("utf-8", "replace"), _MOST + 1)[1 : _MOST + 1]:
        if piece.startswith(b"--"):
            break
        lines, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if gap:
            found.append(_part(lines, content.removesuffix(b"\r\n")))
    return tuple(found)


def _part(lines: bytes, content: bytes) -> BodyPart:
    message = email.message_from_bytes(lines + b"\r\n\r\n")
    name = message.get_param("name", header="content-disposition")
    media = message.get_content_type() if message["content-type"] else ""
    return BodyPart(name if isinstance(name, str) else "", message.get_filename() or "", media, content)
