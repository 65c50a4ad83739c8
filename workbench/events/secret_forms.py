"""The forms in which a secret is looked for: as it is, in base64, in hexadecimal.

Escapes (JSON, HTML, percent, Python) are undone before, see :mod:`workbench.events.text_variants`. Bytes are searched
as Latin-1 text, which is why every character is also looked for as its UTF-8 bytes read as Latin-1.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from workbench.events.text_variants import TextVariants

SHORTEST = 4
"""A secret of fewer bytes is masked only as a whole value; anywhere in a text it would mask ordinary text."""

_BASIC = re.compile(r"\bBasic(?: |\+|%20)+([A-Za-z0-9+/_-]{2,}(?:=|%3[Dd]){0,2})", re.IGNORECASE)
_IN_BASE64 = re.compile(r"[A-Za-z0-9+/_-]")
_PADDING = re.compile("={0,2}")
_BEFORE_VALUE = re.compile("(?:[\"'=]|\\b(?:Bearer|Token) )\\Z")
_AFTER_VALUE = re.compile("[\"'&\\s\\\\]|\\Z")
_LOOK_BACK = 8


@dataclass(frozen=True, slots=True)
class Needle:
    """A literal to find, and how.

    ``anchor`` is its longest run of letters and digits: only an encoder that escapes even those changes it. ``whole``
    asks for a whole value. ``bits_before`` and ``bits_after`` say that the characters beside it, base64's, hold bits of
    the secret too.
    """

    literal: str
    anchor: str
    whole: bool = False
    bits_before: bool = False
    bits_after: bool = False
    encoded: bool = False

    def spans(self, variants: TextVariants) -> Iterator[tuple[int, int]]:
        """Its places in the text."""
        spelled_out = not self.encoded and any(map(variants.have, _escaped(self.literal[0])))
        if not spelled_out and not variants.have(self.anchor):
            return
        for variant in variants if spelled_out or self.anchor != self.literal else (variants.plain,):
            for start, end in self._spans_in(variant.text):
                yield variant.place(start), variant.place(end, end=True)

    def _spans_in(self, text: str) -> Iterator[tuple[int, int]]:
        start = text.find(self.literal)
        while start >= 0:
            end = start + len(self.literal)
            if not self.whole or _is_whole_value(text, start, end):
                yield self._with_shared_bits(text, start, end)
            start = text.find(self.literal, end)

    def _with_shared_bits(self, text: str, start: int, end: int) -> tuple[int, int]:
        if self.bits_before and start and _IN_BASE64.match(text, start - 1):
            start -= 1
        if self.bits_after and _IN_BASE64.match(text, end):
            end += 1
        padding = _PADDING.match(text, end) if self.encoded else None
        return start, padding.end() if padding else end


def needles(secret: str) -> list[Needle]:
    """What to look for. Space around a secret is not part of it."""
    bare = secret.strip()
    if not bare:
        return []
    whole = len(_utf8(bare)) < SHORTEST
    found = [Needle(form, _anchor(form), whole=whole) for form in _direct_forms(bare)]
    if whole:
        return found
    digits = _utf8(bare).hex()
    found += [Needle(form, form, encoded=True) for form in {digits, digits.upper()}]
    for data in sorted(_forms_inside_base64(bare)):
        found += _base64(data)
    return found


def basic_credentials(text: str) -> Iterator[tuple[int, int, str]]:
    """Each Basic token in ``text``: its place and the ``user:password`` that it holds."""
    if not any(word in text for word in ("Basic", "basic", "BASIC")):
        return
    for match in _BASIC.finditer(text):
        token = re.sub("%3[Dd]|=", "", match[1]).replace("-", "+").replace("_", "/")
        try:
            pair = base64.b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            continue
        for encoding in ("utf-8", "latin-1"):
            yield *match.span(1), pair.decode(encoding, "replace")


def _direct_forms(secret: str) -> list[str]:
    """The secret, its UTF-8 read as Latin-1 (once, twice), and with spaces and line ends as forms change them.

    A plus that was put into a query as it is comes out as a space.
    """
    forms = [secret]
    for _ in range(2):
        forms.append(_utf8(forms[-1]).decode("latin-1"))
    changes = ((" ", "+"), ("+", " "), ("\n", "\r\n"))
    forms += [form.replace(*change) for form in forms for change in changes]
    return [form for form in dict.fromkeys(forms) if form.strip()]


def _forms_inside_base64(secret: str) -> set[bytes]:
    """The bytes that base64 may have been made of: plain, or escaped first (JSON tokens, OAuth's client pairs)."""
    texts = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {quote(_utf8(secret), safe=""), quote_plus(_utf8(secret))}
    forms = {_utf8(text) for text in texts}
    return forms | {secret.encode("latin-1")} if _fits_latin_1(secret) else forms


def _base64(data: bytes) -> Iterator[Needle]:
    """``data`` in base64, in both alphabets, wherever it starts within a group of three bytes."""
    for offset in range(3):
        bits = 8 * (offset + len(data))
        encoded = base64.b64encode(bytes(offset) + data).decode("ascii")
        core = encoded[-(-8 * offset // 6) : bits // 6]
        if len(core) < SHORTEST:
            continue
        for form in {core, core.replace("+", "-").replace("/", "_")}:
            yield Needle(form, _anchor(form), bits_before=bool(offset), bits_after=bool(bits % 6), encoded=True)


def _escaped(char: str) -> tuple[str, ...]:
    """How the escapes of a character begin, where an encoder escapes letters and digits too."""
    point = ord(char)
    return (
        f"%{point:02x}",
        f"%{point:02X}",
        f"u{point:04x}",
        f"x{point:02x}",
        f"#{point};",
        f"#x{point:x};",
        f"#x{point:X};",
    )


def _is_whole_value(text: str, start: int, end: int) -> bool:
    before = start == 0 or _BEFORE_VALUE.search(text[max(0, start - _LOOK_BACK) : start])
    return bool(before) and _AFTER_VALUE.match(text, end) is not None


def _anchor(text: str) -> str:
    return max(re.split("[^A-Za-z0-9]+", text), key=len)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fits_latin_1(text: str) -> bool:
    return all(ord(char) < 0x100 for char in text)
