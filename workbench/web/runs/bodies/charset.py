"""The text of a body by its charset, and what to say where that does not fit its bytes."""

import codecs
from typing import Final

from workbench.domain import Request, Response
from workbench.domain.masked_text import decode_text
from workbench.explain import http_body

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


def read_text(message: Request | Response) -> tuple[str | None, tuple[str, ...]]:
    """The text of a body, None where it is none, and a note where another charset had to be taken."""
    media, charset = http_body.content_type(message.headers)
    text = http_body.decode(message.body, charset) if message.cut or _is_whole(message.body, charset) else None
    if text is None and (media.startswith(TEXT_TYPES) or media.endswith(("+json", "+xml"))):
        text = decode_text(message.body, lambda data: data.decode(_INSTEAD))
        if text is not None and printable_share(text) >= 0.9 and "\0" not in text:
            return text, (f"{_where(message.body, charset)} It is shown as Latin-1.",)
        return None, ()
    if text is None or "\0" in text:
        return None, ()
    unknown = f"The charset {charset[:40]!r} is unknown. The body is shown as UTF-8."
    return text, () if _is_known(charset) else (unknown,)


def printable_share(text: str) -> float:
    """The share of characters at the beginning that can be printed, from 0 to 1."""
    sample = text[:_SAMPLE]
    return sum(char.isprintable() or char in "\r\n\t" for char in sample) / max(1, len(sample))


def _is_whole(body: bytes, charset: str) -> bool:
    """Whether all bytes can be read; an unknown charset is another question."""
    try:
        bytes(body).decode(charset)
    except UnicodeDecodeError:
        return False
    except (LookupError, ValueError):
        return True
    return True


def _is_known(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return True


def _where(body: bytes, charset: str) -> str:
    """Which byte cannot be read in the charset."""
    name = charset.upper()
    try:
        bytes(body).decode(charset)
    except UnicodeDecodeError as error:
        return f"The body is not valid {name}: byte {body[error.start]:#04x} at position {error.start:,}."
    except (LookupError, ValueError):
        pass
    return f"The body is not valid {name}."
