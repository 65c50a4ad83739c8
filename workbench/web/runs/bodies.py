"""A body as it can be shown: JSON as a tree, text escaped, all else as a download; never as HTML or an image."""

import codecs
from dataclasses import dataclass
from urllib.parse import parse_qsl

from workbench.domain import ABSENT, Request, Response
from workbench.domain.masked_text import join, read_with_masks
from workbench.explain import http_body
from workbench.explain.multipart import read_parts
from workbench.explain.text import size as sized
from workbench.web.ui.json_tree import Node, grow, key_text

TEXT_SHOWN = 20_000
"""Characters of a text body that are shown; the rest is in the download."""
_STATES = {
    "cut": "The connection closed before the body was complete.",
    "abandoned": "The handler closed the response before it had read the whole body.",
    "unread": "The handler did not read the body.",
    "pending": "The body is still arriving.",
    "unparsed": "These are the bytes as received: they could not be read as a response.",
}
_TEXT_TYPES = (
    "text/",
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-ndjson",
    "application/graphql",
    "image/svg",
)


@dataclass(frozen=True, slots=True)
class Body:
    """``kind`` is ``json``, ``form``, ``text``, ``binary`` or ``empty``; ``notes`` say what is not as it seems."""

    kind: str
    content_type: str
    size: str
    tree: Node | None = None
    text: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def present(message: Request | Response, state: str = "complete", *, raw: bool = False) -> Body:
    """The body of ``message`` for showing; ``raw`` keeps JSON and forms as text."""
    headers, body, size = message.headers, message.body, message.size
    media, charset = http_body.content_type(headers)
    notes = _notes(message, state)
    if not body:
        return Body("empty", media, sized(size), notes=notes)
    if not raw:
        value, repeated = http_body.parse_as_written(headers, body)
        if value is not ABSENT:
            notes = (*notes, *_duplicates(repeated))
            return Body("json", media, sized(size), tree=grow(value), notes=notes)
        if "json" in media and not message.cut:
            notes = (*notes, _not_json(body))
        if parts := read_parts(headers, body):
            pairs = tuple((part.name, part.summary[:TEXT_SHOWN]) for part in parts)
            return Body("form", media, sized(size), pairs=pairs, notes=notes)
    return _unparsed(media, charset, body, size, notes, raw)


def _unparsed(media: str, charset: str, body: bytes, size: int, notes: tuple[str, ...], raw: bool) -> Body:
    text = http_body.decode(body, charset)
    if text is None or "\0" in text or (_printable_share(text) < 0.9 and not media.startswith(_TEXT_TYPES)):
        return Body("binary", media, sized(size), text=_hex(body), notes=notes)
    if media == "application/x-www-form-urlencoded" and not raw:
        pairs = tuple(read_with_masks(text[:TEXT_SHOWN], lambda part: parse_qsl(part, keep_blank_values=True))[:200])
        return Body("form", media, sized(size), pairs=pairs, notes=notes)
    if len(text) > TEXT_SHOWN:
        notes = (
            *notes,
            f"The first {TEXT_SHOWN:,} characters. The download contains the whole recorded body.",
        )
    return Body("text", media, sized(size), text=text[:TEXT_SHOWN], notes=notes)


def _notes(message: Request | Response, state: str) -> tuple[str, ...]:
    said = (_STATES[state],) if state in _STATES and (message.size or state != "pending") else ()
    if message.cut:
        recorded = f"Recorded {sized(len(message.body))} of {sized(message.size)}."
        said = (*said, f"{recorded} The {'server' if isinstance(message, Request) else 'handler'} received all of it.")
    return said


def _not_json(body: bytes) -> str:
    """Why a body is not JSON although its content type says so."""
    if body.startswith(codecs.BOM_UTF8):
        return "The body begins with a byte order mark, which JSON does not allow: fetch returns it as text."
    return "The content type is JSON, but the body is not valid JSON."


def _duplicates(repeated: frozenset[str]) -> tuple[str, ...]:
    if not repeated:
        return ()
    names = join(map(key_text, sorted(repeated)[:5]), " and ")
    stand = f"The key {names} stands" if len(repeated) == 1 else f"The keys {names} stand"
    return (f"{stand} more than once in one object. The last value counts.",)


def _printable_share(text: str) -> float:
    sample = text[:2_000]
    return sum(char.isprintable() or char in "\r\n\t" for char in sample) / max(1, len(sample))


def _hex(body: bytes) -> str:
    """The first bytes as a hex dump, sixteen to a line."""
    lines = []
    for start in range(0, min(len(body), 256), 16):
        row = body[start : start + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        lines.append(f"{start:04x}  {row.hex(' '):<47}  {shown}")
    return "\n".join(lines)
