"""Long texts that are cut in the middle where they do not fit, so that their end is seen; all of the text is there."""

from dataclasses import dataclass

from workbench.domain.masked_text import spans_of

_ID_TAIL = 8
_SEGMENT = 22
"""Characters of the last part of a path that are never cut."""


@dataclass(frozen=True, slots=True)
class MiddleCut:
    """A text in pieces: the style sheet cuts ``head`` and ``rest`` at their ends, ``tail`` between them never."""

    whole: str
    head: str
    tail: str
    rest: str = ""


def cut_id(text: str) -> MiddleCut:
    """An id, whose last characters tell it from others."""
    at = _before_mask(text, max(0, len(text) - _ID_TAIL))
    return MiddleCut(text, text[:at], text[at:])


def cut_url(text: str) -> MiddleCut:
    """A URL or a path with its query: the end of the path stays, then comes the query."""
    end = text.find("?") if "?" in text else len(text)
    start = max(text.rstrip("/").rfind("/", 0, end), end - _SEGMENT, 0)
    start, end = _before_mask(text, start), _before_mask(text, end)
    return MiddleCut(text, text[:start], text[start:end], text[end:])


def _before_mask(text: str, at: int) -> int:
    """``at``, or where the mask begins that it would cut in two."""
    return next((span.start for span in spans_of(text) if span.start < at < span.end), at)
