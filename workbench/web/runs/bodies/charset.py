"""The text of a body by its charset, and what to say where that does not fit its bytes."""

import codecs
import re
from functools import lru_cache
from typing import Final

from workbench.domain import Request, Response
from workbench.domain.exchange import header_value
from workbench.domain.masked_text import decode_text
from workbench.explain.http import http_body

TEXT_TYPES: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/javascript",
    "application/x-ndjson",
    "application/graphql",
    "application/x-www-form-urlencoded",
    "image/svg",
)
"""Media types of text, by their beginning."""
_INSTEAD: Final = "latin-1"
_SAMPLE: Final = 2_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMED: Final = re.compile(
    rb"""<(?:\?xml|meta)\s[^>]*?(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE
)
"""The charset that the beginning of an XML document or an HTML page names."""


def read_text(message: Request | Response) -> tuple[str | None, tuple[str, ...]]:
    """The text of a body, None where it is none, and a note where another charset had to be taken."""
    media, charset = http_body.content_type(message.headers)[0], charset_of(message)
    error = _unreadable(message.body, charset)
    text = http_body.decode(message.body, charset) if message.cut or error is None else None
    if text is None and (media.startswith(TEXT_TYPES) or media.endswith(("+json", "+xml"))):
        text = decode_text(message.body, lambda data: data.decode(_INSTEAD))
        if text is not None and printable_share(text) >= 0.9 and "\0" not in text:
            return text, (f"{_where(error, charset)} It is shown as Latin-1.",)
        return None, ()
    if text is None or "\0" in text:
        return None, ()
    unknown = f"The charset {charset[:40]!r} is unknown. The body is shown as UTF-8."
    return text, () if _is_known(charset) else (unknown,)


def charset_of(message: Request | Response) -> str:
    """The charset of a body: that of its header, of its byte order mark, of its own first lines, else UTF-8."""
    named, charset = _of_header(header_value(message.headers, "content-type"))
    body = message.body
    if named:
        return charset
    if body.startswith(_UTF16):
        return "utf-16"
    found = _NAMED.search(body[:_SAMPLE]) if body[:100].lstrip().startswith(b"<") else None
    own = _of_header(f"text/html; charset={found[1].decode()}")[1] if found else ""
    return own if own and _has_ascii(own) else charset


@lru_cache(maxsize=256)
def _of_header(content_type: str) -> tuple[bool, str]:
    """Whether a Content-Type names a charset, and the charset."""
    return "charset" in content_type.lower(), http_body.content_type((("Content-Type", content_type),))[1]


@lru_cache(maxsize=256)
def _has_ascii(charset: str) -> bool:
    """Whether this is a charset in which the page that names it can be written."""
    try:
        return "<a>".encode(charset) == b"<a>"
    except (LookupError, ValueError):
        return False


def printable_share(text: str) -> float:
    """The share of characters at the beginning that can be printed, from 0 to 1."""
    sample = text[:_SAMPLE]
    return sum(char.isprintable() or char in "\r\n\t" for char in sample) / max(1, len(sample))


def _unreadable(body: bytes, charset: str) -> UnicodeDecodeError | None:
    """The error at the first byte that cannot be read; None where all can, or the charset is no known one."""
    try:
        bytes(body).decode(http_body.with_byte_order(charset, body))
    except UnicodeDecodeError as error:
        return error
    except (LookupError, ValueError):
        return None
    return None


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return True


def _where(error: UnicodeDecodeError | None, charset: str) -> str:
    """Which byte cannot be read in the charset."""
    if error is None:
        return f"The body is not valid {charset.upper()}."
    byte = error.object[error.start]
    return f"The body is not valid {charset.upper()}: byte {byte:#04x} at position {error.start:,}."
