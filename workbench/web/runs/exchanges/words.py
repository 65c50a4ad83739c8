"""Words in the headers and bodies of exchanges, which the filter of the HTTP tab finds by ``body:word``."""

import codecs
import json
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

from workbench.domain import Exchange, Headers, Request, Response
from workbench.web.runs.bodies.charset import charset_of

_KNOWN = 100
"""Words whose exchanges are remembered."""


class ExchangeWords:
    """The positions of the exchanges of a list that have a word in their headers or bodies.

    A word that continues a known one, as while it is typed, is searched where that one was found.
    """

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._exchanges = exchanges
        self._known: dict[str, frozenset[int]] = {"": frozenset(range(len(exchanges)))}

    def positions(self, word: str) -> frozenset[int]:
        """The positions for a ``word`` in lower case."""
        known = self._known  # replaced, never changed: other threads search, too
        if word in known:
            return known[word]
        within = min((places for part, places in known.items() if part in word), key=len)
        found = frozenset(at for at in within if _has(self._exchanges[at], word))
        self._known = {**(known if len(known) < _KNOWN else {"": known[""]}), word: found}
        return found


def _has(exchange: Exchange, word: str) -> bool:
    messages = (exchange.request, exchange.response) if exchange.response else (exchange.request,)
    return any(_in_headers(message, word) or _in_body(message, word) for message in messages)


def _in_headers(message: Request | Response, word: str) -> bool:
    return any(word in f"{name}: {value}".lower() for name, value in _headers(message))


def _headers(message: Request | Response) -> Headers:
    return message.all_headers if isinstance(message, Response) else message.headers


def _in_body(message: Request | Response, word: str) -> bool:
    if not message.body:
        return False
    needles = _needles(word, charset_of(message))
    if message.body.isascii():
        needles = tuple(needle for needle in needles if needle.isascii())
    body = message.body.lower()
    return any(needle in body for needle in needles)


@lru_cache(maxsize=256)
def _needles(word: str, charset: str) -> tuple[bytes, ...]:
    """The word as bodies may have it: in the charset, in UTF-8, and as JSON escapes it (``\\u00fc``).

    Letters of ASCII are in lower case, others in the cases that words have.
    """
    found: dict[bytes, None] = {}
    for spelled in (word, word.upper(), word.capitalize()):
        for encoding in _encodings(charset):
            with suppress(UnicodeEncodeError):
                found[spelled.encode(encoding).lower()] = None
        found[json.dumps(spelled)[1:-1].encode().lower()] = None
    return tuple(found)


def _encodings(charset: str) -> tuple[str, ...]:
    """The encodings to search a body of this charset in."""
    try:
        name = codecs.lookup(charset).name
        "x".encode(name)
    except (LookupError, ValueError):  # unknown, or none of text
        return ("utf-8",)
    return ("utf-8", f"{name}-le", f"{name}-be") if name in ("utf-16", "utf-32") else ("utf-8", name)
