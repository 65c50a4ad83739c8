"""A request's body as a value that can be compared: JSON as JSON, forms by name, multipart part by part."""

import json
import zlib
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from workbench.domain import JSON, Headers
from workbench.domain.content_type import content_type_of
from workbench.domain.exchange import header_value
from workbench.domain.multipart import BodyPart, read_parts
from workbench.jsondoc.nesting import depth

_MOST_PARTS = 1000
_LARGEST = 64 * 1024 * 1024
_DEEPEST = 100
"""Containers within one another of which each is compared: that takes several calls for each."""
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyForm(StrEnum):
    """How a body is compared."""

    NONE = "none"
    JSON = "json"
    FIELDS = "fields"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class BodyValue:
    """``value`` is JSON, the values of each name (``{"a": ["1", "2"]}``), or the whole text."""

    form: BodyForm
    value: JSON = None


def body_value(headers: Headers, body: bytes) -> BodyValue:
    """The value of a body; a text where it is nothing better known. One that is compressed is unpacked."""
    if not body:
        return BodyValue(BodyForm.NONE)
    body = _unpacked(headers, body)
    sent = content_type_of(headers)
    text = _text(body)
    if sent.media == "application/x-www-form-urlencoded":
        return BodyValue(BodyForm.FIELDS, by_name(parse_qsl(text, keep_blank_values=True)))
    if parts := read_parts(headers, body, _MOST_PARTS):
        return BodyValue(BodyForm.FIELDS, by_name(list(map(_field, parts))))
    if "json" in sent.media or body.lstrip()[:1] in (b"{", b"["):
        return _json_value(text)
    return BodyValue(BodyForm.TEXT, text)


def by_name(pairs: list[tuple[str, str]]) -> JSON:
    """The values of each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: list(values) for name, values in found.items()}


def _json_value(text: str) -> BodyValue:
    """The JSON of a text, or of each of its lines, as gRPC's messages are recorded; a text where that is too deep."""
    for read in (json.loads, lambda lines: [json.loads(line) for line in lines.splitlines()]):
        try:
            value = read(text)
        except (ValueError, RecursionError):
            continue
        if depth(value, most=_DEEPEST + 1) <= _DEEPEST:
            return BodyValue(BodyForm.JSON, value)
    return BodyValue(BodyForm.TEXT, text)


def _unpacked(headers: Headers, body: bytes) -> bytes:
    """The body without its gzip or zlib; as it is where it has none, or is broken or very large."""
    encoding = header_value(headers, "content-encoding").strip().lower()
    bits = _WINDOWS.get(encoding)
    if bits is None:
        return body
    unpack = zlib.decompressobj(bits)
    try:
        plain = unpack.decompress(bytes(body), _LARGEST)
    except zlib.error:  # a library that packs it by itself is recorded before that
        return body
    return plain if unpack.eof else body


def _field(part: BodyPart) -> tuple[str, str]:
    """The name and the text of a part; a file's text begins with its name and type."""
    text = _text(part.body)
    return part.name, f"{part.filename} ({part.media or 'text/plain'}): {text}" if part.filename else text


def _text(data: bytes) -> str:
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError:
        return bytes(data).decode("latin-1")
