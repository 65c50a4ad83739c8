"""The parts of a multipart body as text, and such a body made of its parts."""

from collections.abc import Iterable, Iterator
from secrets import token_hex

from workbench.domain import Headers
from workbench.domain.content_type import content_type_of
from workbench.domain.multipart import BodyPart
from workbench.explain.http import http_body


def field_text(part: BodyPart) -> str | None:
    """The value of a plain field; None for a file and for what is not text."""
    return None if part.filename else http_body.decode(part.body, "utf-8")


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
