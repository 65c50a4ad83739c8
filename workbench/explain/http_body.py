"""The body of a request or response as a value: its media type, its text, its JSON."""

import codecs
import json
from email.message import Message

from workbench.domain import ABSENT, JSON, Absent, Headers
from workbench.domain.masked_text import decode_text, read_with_masks

PARSED = 4_000_000
"""Bytes of JSON that are parsed for showing; a longer body is shown as text."""


def header(headers: Headers, name: str) -> str:
    """The first value of the header ``name`` (in lower case); empty where there is none."""
    return next((value for known, value in headers if known.lower() == name), "")


def content_type(headers: Headers) -> tuple[str, str]:
    """The media type in lower case and the charset (``utf-8`` where none is named)."""
    value = header(headers, "content-type")
    message = Message()
    message["content-type"] = value.replace("\r", " ").replace("\n", " ") or "application/octet-stream"
    return (message.get_content_type() if value else "", message.get_content_charset("utf-8"))


def decode(body: bytes, charset: str) -> str | None:
    """The text of a body, or None where it is not text. A character cut in two at the end does not count."""
    try:
        "x".encode(charset)  # refuses what is no encoding of text, such as "zlib", which would unpack
        return decode_text(body, lambda data: codecs.getincrementaldecoder(charset)().decode(data))
    except LookupError:
        return decode(body, "utf-8")
    except ValueError:
        return None


def parse(headers: Headers, body: bytes) -> JSON | Absent:
    """The JSON value of a body, or ABSENT where it is none."""
    media, charset = content_type(headers)
    looks = body[:1].strip() in (b"{", b"[") or "json" in media
    if not looks or len(body) > PARSED:
        return ABSENT
    try:
        value: JSON = read_with_masks(decode(body, charset) or "", json.loads)
    except (ValueError, RecursionError):
        return ABSENT
    return value
