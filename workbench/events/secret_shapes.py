"""What is a secret whatever its name is: tokens, private keys in PEM, addresses that open without a login."""

import re
from collections.abc import Iterator
from typing import Final

SHORTEST_RANDOM: Final = 32
"""Characters of the shortest value that looks unlike an identifier: keys of databases are shorter."""
_SHORTEST_PIECE: Final = 13
"""Characters without a hyphen: one more than the longest piece of a UUID."""
_FEWEST_TURNS: Final = 5

_PIECE = re.compile(rf"[A-Za-z0-9]{{{_SHORTEST_PIECE},}}")
_TURN = re.compile(r"[a-z](?![a-z])|[A-Z](?![A-Z])|[0-9](?![0-9])")
"""The last character of letters of one case, or of digits: random text has many of them."""
_TYPED_ID = re.compile("[A-Z]{2}[0-9a-f]{32}")
"""An identifier that begins with its type, as that of a call or a message: no secret, though it looks random."""

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.(?:eyJ[A-Za-z0-9_-]{5,}\.?[A-Za-z0-9_-]*|[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){3})"
)
_OF_PAGE = re.compile(
    r"""(?:page|cursor|next|continu|skip|sync|scroll|offset)[\w$-]{0,20}["'\\]*\s{0,9}[:=>]\s{0,9}["'\\]*\Z""",
    re.IGNORECASE,
)
"""What stands before a token that says where the next page begins."""
_BEFORE = 60
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\+[rn])*([^-]{16,})")
_END = r"""[^/\s"'<>\\?#&]"""
_HOOK_HOST = re.compile(rf":\\?/\\?/{_END}*hooks?\.{_END}+((?:\\?/{_END}+)+)", re.IGNORECASE)
_HOOK_PATH = re.compile(rf"/webhooks\\?/[0-9]{{5,}}\\?/([A-Za-z0-9_-]{{{SHORTEST_RANDOM},}})", re.IGNORECASE)
_BOT_PATH = re.compile(r"/bot([0-9]{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,})")
_KEY_PATH = re.compile(r"/(?:api[_-]?)?(?:key|token)\\?/([A-Za-z0-9_-]{20,})")
_KEY_WORDS: Final = ("key/", "token/", "key\\/", "token\\/")
_SEGMENT = re.compile(_END + "+")
_LAST_SEGMENT = re.compile(
    "(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_-]{6,}|(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])[A-Za-z0-9]{16,}"
)
"""Letters and digits, or letters of both cases: no words."""
_VALUE = re.compile(rf"[A-Za-z0-9_.~%!*'-]{{{SHORTEST_RANDOM},}}")

type Place = tuple[int, int, str]
"""Start and end in a text, and the name of what stands there."""


def is_random(value: str, shortest: int = SHORTEST_RANDOM) -> bool:
    """Whether a value looks random: not a word, a name with a number, a UUID or a date."""
    if len(value) < shortest or _TYPED_ID.fullmatch(value):
        return False
    return any(_is_random_piece(piece) for piece in _PIECE.findall(value))


def _is_random_piece(piece: str) -> bool:
    if not any(map(str.isdigit, piece)) or not any(map(str.isalpha, piece)):
        return False
    one_case = piece in (piece.lower(), piece.upper())
    return len(_TURN.findall(piece)) >= max(_FEWEST_TURNS, len(piece) / (5 if one_case else 2.5))


def shaped_places(text: str) -> Iterator[Place]:
    """The places of tokens, private keys and the secret parts of addresses in any text."""
    if "eyJ" in text:
        for match in _TOKEN.finditer(text):
            if _OF_PAGE.search(text, max(0, match.start() - _BEFORE), match.start()) is None:
                yield *match.span(), "JSON Web Token"
    if "PRIVATE KEY" in text:
        yield from ((*match.span(1), "private key") for match in _PRIVATE_KEY.finditer(text))
    if "hook" in text or "Hook" in text:
        for match in _HOOK_HOST.finditer(text):
            yield from _of_hook(text, *match.span(1))
        yield from ((*match.span(1), "webhook") for match in _HOOK_PATH.finditer(text))
    if "/bot" in text:
        yield from ((*match.span(1), "bot token") for match in _BOT_PATH.finditer(text))
    if any(word in text for word in _KEY_WORDS):
        yield from ((*match.span(1), "key") for match in _KEY_PATH.finditer(text) if is_random(match[1], 20))


def random_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The segments and parameters of the address in ``text[start:end]`` that look random."""
    for match in _VALUE.finditer(text, start, end):
        if is_random(match[0]):
            yield match.span()


def _of_hook(text: str, start: int, end: int) -> Iterator[Place]:
    """The segments of the path of a webhook that are its secret."""
    segments = list(_SEGMENT.finditer(text, start, end))
    for segment in segments:
        if is_random(segment[0]) or (segment is segments[-1] and _LAST_SEGMENT.fullmatch(segment[0])):
            yield *segment.span(), "webhook"
