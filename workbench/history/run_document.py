"""A finished, masked run as bytes and back.

JSON with the bodies behind it, compressed. Where a text has masks, their stretches stand beside the JSON by the number
of the text in it, so that no text of an integration can be taken for a mask.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from workbench.domain import Run
from workbench.domain.masked_text import MaskedBytes, MaskedSpan, MaskedText, spans_of
from workbench.events.wire import WireError, decode_value, encode_value

FORMAT: Final = 2
"""The form of the bytes; a newer one is not read. In the first, a result stood twice: as what was returned, too."""

_HEAD: Final = struct.Struct(">BI")
_LEVEL: Final = 1
_MOST: Final = 1024 * 1024 * 1024
_MARKS: Final = ("\\u2039", "\\u203a")
"""The ends of a mask (``‹name›``) as JSON in ASCII."""


class UnreadableRun(ValueError):
    """A stored run that cannot be read: damaged, or written by a newer workbench."""


def write_run(run: Run) -> bytes:
    """The bytes of a masked run, without the recording that answered it: its exchanges hold what was used of that."""
    answers, outcome = replace(run.request.answers, recorded=(), noise=()), run.outcome
    is_returned = outcome.returned is not None and outcome.result is outcome.returned.value is not None
    outcome = replace(outcome, result=None) if is_returned else outcome
    document, blobs = encode_value(replace(run, request=replace(run.request, answers=answers), outcome=outcome))
    written = json.dumps(document, separators=(",", ":"))
    # found in the text at once, where a walk over a large result takes longer than all else
    texts = enumerate(_texts(document) if any(mark in written for mark in _MARKS) else ())
    head = {
        "result_is_returned": is_returned,
        "masks": [[place, *_rows(text)] for place, text in texts if spans_of(text)],
        "masked_bodies": [[place, *_rows(blob)] for place, blob in enumerate(blobs) if isinstance(blob, MaskedBytes)],
        "bodies": [len(blob) for blob in blobs],
    }
    text = f'{{"run":{written},{json.dumps(head, separators=(",", ":"))[1:]}'.encode("ascii")
    return _HEAD.pack(FORMAT, len(text)) + zlib.compress(b"".join((text, *blobs)), _LEVEL)


def read_run(data: bytes, *, most: int = _MOST) -> Run:
    """The run that :func:`write_run` was given, unpacked to ``most`` bytes. Raises :class:`UnreadableRun`."""
    try:
        version, length = _HEAD.unpack_from(data)
        if version > FORMAT:
            raise UnreadableRun("It was written by a newer version of the workbench. Update the workbench to read it.")
        reader = zlib.decompressobj()
        plain = reader.decompress(data[_HEAD.size :], most)
        if not reader.eof:
            raise UnreadableRun("What is stored of it is damaged: it is cut off.")
        head = json.loads(plain[:length])
        document = _Masks({place: _spans(rows) for place, *rows in head["masks"]}).put_into(head["run"])
        masked = {place: _spans(rows) for place, *rows in head["masked_bodies"]}
        bodies = enumerate(_cut(plain[length:], head["bodies"]))
        run = decode_value(
            Run, document, (MaskedBytes(body, masked[place]) if place in masked else body for place, body in bodies)
        )
        if head.get("result_is_returned") and run.outcome.returned is not None:
            run = replace(run, outcome=replace(run.outcome, result=run.outcome.returned.value))
    except UnreadableRun:
        raise
    except (WireError, ValueError, KeyError, TypeError, struct.error, zlib.error, RecursionError) as error:
        raise UnreadableRun(f"What is stored of it is damaged ({type(error).__name__}).") from error
    return run


def _rows(text: str | MaskedBytes) -> list[list[Any]]:
    spans = text.spans if isinstance(text, MaskedBytes) else spans_of(text)
    return [[span.start, span.end, span.label] for span in spans]


def _spans(rows: list[list[Any]]) -> tuple[MaskedSpan, ...]:
    return tuple(MaskedSpan(start, end, label) for start, end, label in rows)


def _cut(data: bytes, lengths: list[int]) -> Iterator[bytes]:
    start = 0
    for length in lengths:
        yield data[start : start + length]
        start += length


def _texts(document: Any) -> Iterator[str]:
    """All texts of a document, keys too, in the order in which :class:`_Masks` meets them."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for key, value in document.items():
            yield key
            yield from _texts(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from _texts(value)


class _Masks:
    """Puts masks back into the texts of a document, by the number of each text."""

    def __init__(self, spans: dict[int, tuple[MaskedSpan, ...]]) -> None:
        self._spans = spans
        self._next = 0

    def put_into(self, document: Any) -> Any:
        """The document with its masks."""
        return self._value(document) if self._spans else document

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self._text(key): self._value(inner) for key, inner in value.items()}
        return [self._value(inner) for inner in value] if isinstance(value, list) else value

    def _text(self, text: str) -> str:
        spans = self._spans.get(self._next)
        self._next += 1
        return text if spans is None else MaskedText(text, spans)
