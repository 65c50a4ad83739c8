"""The parts of a multipart body: fields and files of a form, as a browser or a library sends them."""

import email
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from secrets import token_hex

from workbench.domain import Headers
from workbench.domain.content_type import content_type_of
from workbench.explain import http_body

_MOST = 200
"""Parts that are read."""
_LONGEST_HEAD = 8_000
"""Bytes of the headers of a part that are read."""


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


def with_boundary(headers: Headers) -> Iterator[tuple[str, str]]:
    """The headers, whose content type is multipart and names a boundary."""
    sent = content_type_of(headers)
    if sent.boundary:
        yield from headers
        return
    yield from (pair for pair in headers if pair[0].lower() != "content-type")
    media = sent.media if sent.media.startswith("multipart/") else "multipart/form-data"
    yield "Content-Type", f"{media}; boundary={token_hex(16)}"


def write_parts(parts: Iterable[BodyPart], boundary: str) -> bytes:
    """The body of a form with these parts."""
    lines: list[str | bytes] = []
    for part in parts:
        filename = f'; filename="{_quoted(part.filename)}"' if part.filename else ""
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{_quoted(part.name)}"{filename}']
        lines += [f"Content-Type: {part.media}"] if part.media else []
        lines += ["", part.body]
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in (*lines, f"--{boundary}--", ""))


def _quoted(name: str) -> str:
    """A name as browsers write it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _read(headers: Headers, body: bytes) -> tuple[BodyPart, ...]:
    sent = content_type_of(headers)
    if not sent.media.startswith("multipart/") or not sent.boundary:
        return ()
    found = []
    for piece in bytes(body).split(b"--" + sent.boundary.encode("utf-8", "replace"), _MOST + 1)[1 : _MOST + 1]:
        if piece.startswith(b"--"):
            break
        lines, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if gap:
            found.append(_part(lines, content.removesuffix(b"\r\n")))
    return tuple(found)


def _part(lines: bytes, content: bytes) -> BodyPart:
    message = email.message_from_string(lines[:_LONGEST_HEAD].decode("utf-8", "replace") + "\r\n\r\n")
    name = message.get_param("name", header="content-disposition")
    media = message.get_content_type() if message["content-type"] else ""
    return BodyPart(name if isinstance(name, str) else "", message.get_filename() or "", media, content)
