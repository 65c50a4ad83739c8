"""Stretches of a text that hold secrets: merged, and cut out with names in their place."""

from codecs import BOM_UTF16_BE

from workbench.domain.masked_text import MaskedSpan, text_with

type Span = tuple[int, int, str]
"""Where a secret begins and ends, and the name that stands for it."""

_HEAD = 16
"""Bytes of a document that tell its encoding: it begins with ASCII."""


def merge_spans(spans: list[Span]) -> list[Span]:
    """The spans in order; those that overlap are one, under the name of the first."""
    merged: list[Span] = []
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first = merged[-1]
            merged[-1] = (first[0], max(first[1], end), first[2])
        else:
            merged.append((start, end, name))
    return merged


def encoding_of(data: bytes) -> str:
    """The encoding of a stretch of text: UTF-16 where every second byte is zero, else UTF-8."""
    if len(data) > 3 and not any(data[1::2]):
        return "utf-16-le"
    return "utf-16-be" if len(data) > 3 and not any(data[::2]) else "utf-8"


def aligned(data: bytes, start: int, end: int) -> tuple[int, int, str]:
    """A stretch of text and its encoding; one of UTF-16 with the high byte first was found a byte too far on."""
    is_high_first = data.startswith(BOM_UTF16_BE) or encoding_of(data[:_HEAD]) == "utf-16-be"
    if is_high_first and start % 2 and encoding_of(data[start:end]) == "utf-16-le":
        return start - 1, end - 1, "utf-16-be"
    return start, end, encoding_of(data[start:end])


def cut_spans(text: str, offset: int, spans: list[Span]) -> str:
    """``text``, which begins at ``offset`` of what the spans were found in, with names in place of the spans."""
    pieces: list[str] = []
    masks: list[MaskedSpan] = []
    position, end_of_text, length = offset, offset + len(text), 0
    for start, end, name in spans:
        if end <= offset or start >= end_of_text:
            continue
        before = text[position - offset : max(start, offset) - offset]
        pieces.append(before)
        length += len(before)
        if start >= offset:
            mask = f"‹{name}›"
            pieces.append(mask)
            masks.append(MaskedSpan(length, length + len(mask), name))
            length += len(mask)
        position = min(end, end_of_text)
    return text if not pieces else text_with("".join((*pieces, text[position - offset :])), masks)
