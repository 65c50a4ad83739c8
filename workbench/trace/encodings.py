"""Every way in which a secret may stand in a text: as it is, escaped for JSON, HTML, URLs or Python, base64, hex.

Nothing is decoded: each secret becomes a few patterns, every one with a literal that must occur where the pattern
does, so that the usual text (without the secret) costs one search for each. Patterns are bounded: no secret and no
text makes them backtrack.

Bytes are searched as Latin-1 text, which is why a character is also looked for as its UTF-8 bytes read as Latin-1.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""A secret of fewer characters is masked only as a whole value; anywhere in a text it would shred what stands there."""

_LONGEST_SPELLED_OUT = 256
_BASE64_CHARACTER = "[A-Za-z0-9+/_-]"
_BASIC = re.compile(r"\bBasic(?: |\+|%20)+([A-Za-z0-9+/_-]{2,}(?:=|%3[Dd]){0,2})", re.IGNORECASE)
_PERCENT = "%(?:25){0,3}"  # also where the text was percent-encoded again, up to three times
_BACKSLASHES = r"\\{0,8}"  # a JSON text inside a JSON text doubles them
_JSON_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


class Needle:
    """A pattern, and a literal without which it cannot match (empty where there is none).

    The pattern is built where the literal is first found: a key file of some thousand characters takes a second.
    """

    __slots__ = ("_build", "_pattern", "anchor")

    def __init__(self, anchor: str, build: Callable[[], str]) -> None:
        self.anchor = anchor
        self._build = build
        self._pattern: re.Pattern[str] | None = None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the pattern matches."""
        if self.anchor not in text:
            return
        if self._pattern is None:
            self._pattern = re.compile(self._build())
        for match in self._pattern.finditer(text):
            yield match.span()


def needles(secret: str) -> list[Needle]:
    """What to look for so that no form of ``secret`` is missed."""
    bare = secret.strip()
    if not bare:
        return []
    anchor = _longest_plain_run(bare)
    if len(bare) < SHORTEST:
        return [Needle(anchor, lambda: _whole_value(bare))]
    found = [Needle(anchor, lambda: _direct(bare)), *_hexadecimal(bare)]
    if len(bare) <= _LONGEST_SPELLED_OUT:
        found.append(Needle("", lambda: _spelled_out(bare)))
    for form in sorted(_forms_inside_base64(bare)):
        found += _base64(form)
    return found


def basic_credentials(text: str) -> Iterator[tuple[int, int, str]]:
    """Each Basic token in ``text``: where it stands and the ``user:password`` that it holds."""
    if "asic" not in text and "ASIC" not in text:
        return
    for match in _BASIC.finditer(text):
        token = re.sub("%3[Dd]|=", "", match[1])
        try:
            pair = base64.b64decode(token.replace("-", "+").replace("_", "/") + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            continue
        for encoding in ("utf-8", "latin-1"):
            yield *match.span(1), pair.decode(encoding, "replace")


def _direct(secret: str) -> str:
    """Letters and digits as they are, every other character in any of its forms."""
    return "".join(char if _is_plain(char) else _any_form(char) for char in secret)


def _spelled_out(secret: str) -> str:
    """Every character escaped, letters too, as some encoders do."""
    return r"(?=[%&\\])" + "".join(f"(?:{'|'.join(_escapes(char))})" for char in secret)


def _whole_value(secret: str) -> str:
    """A short secret: quoted, the value of a parameter, or behind the scheme of an Authorization header."""
    body = _direct(secret)
    before = r"(?<=[\"'=])|(?<=\bBearer )|(?<=\bToken )|(?<=&quot;)|(?<=&#39;)|(?<=&#34;)"
    return f"(?:{before}){body}(?=[\"'&;\\s\\\\]|$)"


def _hexadecimal(secret: str) -> Iterator[Needle]:
    digits = secret.encode("utf-8", "surrogatepass").hex()
    yield Needle(digits, lambda: digits)
    yield Needle(digits.upper(), lambda: digits.upper())


def _forms_inside_base64(secret: str) -> set[bytes]:
    """The bytes that base64 may have been made of: plain, or escaped first (JSON tokens, OAuth's client pairs)."""
    texts = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace")}
    forms = {text.encode("utf-8", "surrogatepass") for text in texts}
    if secret.isascii():
        return forms
    return forms | {secret.encode("latin-1", "ignore") if _fits_latin_1(secret) else b""} - {b""}


def _base64(data: bytes) -> Iterator[Needle]:
    """``data`` in base64, wherever it starts within a group of three bytes; the shared characters at its ends too."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + data).decode("ascii")
        first, last = -(-8 * offset // 6), 8 * (offset + len(data)) // 6
        core, ends_within = encoded[first:last], bool(8 * (offset + len(data)) % 6)
        if len(core) < SHORTEST:
            continue
        yield Needle(_longest_plain_run(core), partial(_base64_pattern, core, bool(offset), ends_within))


def _base64_pattern(core: str, starts_within: bool, ends_within: bool) -> str:
    """``core`` in either alphabet, with the characters at its ends that hold bits of the secret too."""
    before, after = (f"{_BASE64_CHARACTER}?" if within else "" for within in (starts_within, ends_within))
    return f"{before}{''.join(map(_base64_form, core))}{after}(?:=|%3[Dd]){{0,2}}"


def _base64_form(char: str) -> str:
    if char == "+":
        return "(?:[+-]|%2[Bb])"
    return r"(?:\\?/|_|%2[Ff])" if char == "/" else char


def _any_form(char: str) -> str:
    """A pattern for the character, raw or escaped."""
    raw = [re.escape(char)]
    if not char.isascii():
        raw.append(re.escape(char.encode("utf-8", "surrogatepass").decode("latin-1")))
    if char == " ":
        raw.append(r"\+")
    if char == "\\":
        return f"(?:\\\\{{1,8}}|{'|'.join(_escapes(char))})"
    if char == "&":
        return f"(?:&(?:amp;){{0,3}}|{'|'.join(_escapes(char))})"
    if char == "\n":
        raw.insert(0, r"\r\n")
    slashes = _BACKSLASHES if char in "\"'/" else ""
    return f"(?:{'|'.join(_escapes(char))}|{slashes}(?:{'|'.join(raw)}))"


def _escapes(char: str) -> Iterator[str]:
    """Patterns for the escaped forms of one character, each bounded."""
    point = ord(char)
    utf8 = char.encode("utf-8", "surrogatepass")
    yield "".join(_PERCENT + _hex_pattern(f"{byte:02x}") for byte in utf8)
    if 0x7F < point < 0x100:
        yield _PERCENT + _hex_pattern(f"{point:02x}")
        yield rf"\\{{1,8}}x{_hex_pattern(f'{point:02x}')}"
    yield "".join(rf"\\{{1,8}}x{_hex_pattern(f'{byte:02x}')}" for byte in utf8)
    yield "".join(rf"(?:\\{{1,8}}|%)u{_hex_pattern(unit)}" for unit in _utf16_units(char))
    if point > 0xFFFF:
        yield rf"\\{{1,8}}U{_hex_pattern(f'{point:08x}')}"
    if char in _JSON_SHORT:
        yield rf"\\{{1,8}}{_JSON_SHORT[char]}"
    names = [f"#0{{0,4}}{point}", f"#[xX]0{{0,4}}{_hex_pattern(f'{point:x}')}"]
    names += [codepoint2name[point]] if point in codepoint2name else []
    names += ["apos"] if char == "'" else []
    yield f"&(?:amp;){{0,3}}(?:{'|'.join(names)});"


def _utf16_units(char: str) -> Iterator[str]:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    for start in range(0, len(units), 4):
        yield units[start : start + 4]


def _hex_pattern(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _longest_plain_run(text: str) -> str:
    """The longest run of letters and digits: no escaping changes those."""
    return max(re.split("[^A-Za-z0-9]+", text), key=len)


def _fits_latin_1(text: str) -> bool:
    return all(ord(char) < 0x100 for char in text)
