"""Whether a stretch of a text is a whole value; a secret of one to three bytes is masked only where it is one.

Anywhere in a text, three characters would mask ordinary words and numbers.
"""

import re
from dataclasses import dataclass

_WINDOW = 16
_LONGEST_URL = 2048
_TOKEN_END = re.compile(r"[\s\"'<>`]")


@dataclass(frozen=True, slots=True)
class _Place:
    """One kind of place: what stands before the value, what after it, and the fewest bytes for which it counts."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    shortest: int = 1
    in_url: bool = False


def _place(before: str, after: str, shortest: int = 1, *, in_url: bool = False) -> _Place:
    return _Place(re.compile(rf"(?:{before})\Z"), re.compile(after), shortest, in_url)


_PLACES = (
    _place(r"\A|[\r\n]", r"\Z|[\r\n]|,(?! )"),  # the whole text, a line, a part of a multipart body, a first column
    _place(r"[\"'`]", r"[\"'`\\]|\Z"),
    _place(r"=", r"[&;,\s\"'`)\]}<\\#]|\Z"),  # a parameter, a cookie, a field
    _place(r"(?i:\b(?:bearer|token|basic|apikey) )", r"[\s\"'`,;\\]|\Z"),
    _place(r"/", r"[/?#&;\s\"'`<\\]|\Z", in_url=True),
    _place(r":", r"@", in_url=True),
    _place(r">", r"<"),
    _place(r",", r",(?! )|[\r\n]|\Z"),
    _place(r"\t", r"[\t\r\n]|\Z"),
    _place(r"[:\[] ?|, ", r"[,\]}]|\s*(?:[\r\n]|\Z)", 3),  # a header, a number of a JSON document
)


def is_whole_value(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is a value of its own: a line, a parameter, a cookie, a segment of a path, …"""
    before = text[max(0, start - _WINDOW) : start]
    if start > _WINDOW:
        before = " " + before  # so that it does not look like the start of the text
    size = len(text[start:end].encode("utf-8", "surrogatepass"))
    return any(
        size >= place.shortest
        and place.before.search(before) is not None
        and place.after.match(text, end) is not None
        and (not place.in_url or _in_url(text, start))
        for place in _PLACES
    )


def _in_url(text: str, start: int) -> bool:
    """Whether the word that the value stands in is a URL or an absolute path."""
    word = text[max(0, start - _LONGEST_URL) : start]
    ends = [match.end() for match in _TOKEN_END.finditer(word)]
    word = word[ends[-1] :] if ends else word
    return word.startswith("/") or "://" in word
