"""Passwords inside of texts that are no secrets as a whole: connection URLs, and strings of ``key=value`` pairs."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from workbench.domain.masked_text import MaskedText, join
from workbench.events.secret_names import names_secret

_AUTHORITY = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\s]*)")
_TO_LAST_AT = re.compile(r"\S*(?=@)")
_PAIR = re.compile(r"(?:^|[;&?\s])([A-Za-z][\w.-]*)\s?=\s?('[^']*'|\"[^\"]*\"|[^;&#\s]+)")
_WEB = frozenset({"http", "https", "ws", "wss"})


def passwords_in(text: str) -> list[str]:
    """The passwords in ``text``, as a program that reads it would have them."""
    read = unquote if "://" in text else str
    return list(dict.fromkeys(read(text[start:end]) for start, end in _spans(text)))


def masked_passwords(text: str, name: str) -> str:
    """``text`` with ``‹name password›`` in place of each password in it; ``text`` itself where there is none."""
    pieces: list[str] = []
    at = 0
    for start, end in _spans(text):
        pieces += [text[at:start], MaskedText.whole(f"{name} password")]
        at = end
    return join((*pieces, text[at:])) if pieces else text


def _spans(text: str) -> list[tuple[int, int]]:
    """Where passwords stand, in order; none overlap."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted([*_in_urls(text), *_in_pairs(text)]):
        if start < end and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return spans


def _in_urls(text: str) -> Iterator[tuple[int, int]]:
    for url in _AUTHORITY.finditer(text):
        start, end = url.span(2)
        at = text.rfind("@", start, end)
        if at < 0 and url[1].lower() not in _WEB:  # a password with a "/", "?" or "#" that nobody encoded
            rest = _TO_LAST_AT.match(text, start)
            at = rest.end() if rest else -1
        colon = text.find(":", start, at) if at > 0 else -1
        if colon >= 0:
            yield colon + 1, at


def _in_pairs(text: str) -> Iterator[tuple[int, int]]:
    for pair in _PAIR.finditer(text):
        if names_secret(pair[1], None):
            start, end = pair.span(2)
            quoted = text[start] in "'\"" and end - start > 1
            yield (start + 1, end - 1) if quoted else (start, end)
