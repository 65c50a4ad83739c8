"""The forms in which a secret is looked for: as it is, in base64, in hexadecimal.

Escapes (JSON, HTML, percent, Python, CSV) are undone before, see :mod:`workbench.events.text_layers`. Bytes are read
as Latin-1 text, which is why every character is also looked for as its UTF-8 bytes read as Latin-1.
"""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from workbench.events.text_layers import TextLayers, fold
from workbench.events.whole_values import is_whole_value

SHORTEST = 4
"""A secret of fewer bytes is masked only as a whole value; anywhere in a text it would mask ordinary text."""
_CASELESS = 8
"""Bytes from which on a secret is found in any letter case."""
_MERGED = "\\%&\"'"
"""What may become one escape with the text beside the secret: it is looked for without these at its ends too."""
_SHORTEST_CORE = 6
_DECODED = 12
"""Bytes from which on base64 is long enough to be decoded in any case (:mod:`workbench.events.base64_runs`)."""

_BASIC = re.compile(r"\bBasic(?: |\+|%20)+([A-Za-z0-9+/_-]{2,}(?:=|%3[Dd]){0,2})", re.IGNORECASE)
_IN_BASE64 = re.compile(r"[A-Za-z0-9+/_-]")
_PADDING = re.compile("={0,2}")


@dataclass(frozen=True, slots=True)
class Needle:
    """A literal to find, and how.

    ``anchor`` is its longest run of letters and digits: only an encoder that escapes even those changes it. ``folded``
    says that letter case does not count, ``whole`` that it must be a whole value. ``bits_before`` and ``bits_after``
    say that the characters beside it, base64's, hold bits of the secret too.
    """

    literal: str
    anchor: str
    folded: bool = False
    whole: re.Pattern[str] | None = None
    bits_before: bool = False
    bits_after: bool = False
    encoded: bool = False

    def spans(self, layers: TextLayers) -> Iterator[tuple[int, int]]:
        """Its places in the text."""
        for layer in layers:
            for start, end in self._spans_in(layer.folded if self.folded else layer.text):
                yield layer.place(start), layer.place(end, end=True)

    def beginning_at_end_of(self, text: str, shortest: int) -> int:
        """How many characters at the end of ``text`` are a beginning of it; 0 for fewer than ``shortest``."""
        for length in range(min(len(self.literal) - 1, len(text)), shortest - 1, -1):
            if text.endswith(self.literal[:length]):
                return length
        return 0

    def _spans_in(self, text: str) -> Iterator[tuple[int, int]]:
        if self.whole is not None:
            found = (match.span() for match in self.whole.finditer(text))
            yield from (span for span in found if is_whole_value(text, *span))
            return
        start = text.find(self.literal)
        while start >= 0:
            end = start + len(self.literal)
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
    size = len(_utf8(bare))
    if not bare:
        return []
    if size < SHORTEST:
        return [_whole(form) for form in (*_direct_forms(bare), *_short_encodings(bare))]
    folded = size >= _CASELESS
    forms = dict.fromkeys(each for form in _spellings(bare, folded=folded) for each in _direct_forms(form))
    found = [_needle(form, folded=folded) for form in forms]
    found += [_needle(data.hex(), folded=True, encoded=True) for data in sorted(_forms_inside_base64(bare))]
    found += [_needle(data, folded=True, encoded=True) for data in _hexadecimal_of_utf_16(bare)]
    found += [_apart(text) for text in _bytes_apart(_utf8(bare))]
    found += _base32(_utf8(bare)) if folded else []
    in_base64 = {bare, bare.upper(), bare.lower()} if folded and size < _DECODED else {bare}
    for data in sorted({data for text in in_base64 for data in _forms_inside_base64(text)}):
        found += _base64(data)
    return list(dict.fromkeys(found))


def _needle(literal: str, *, folded: bool, encoded: bool = False) -> Needle:
    return Needle(fold(literal) if folded else literal, _anchor(literal), folded=folded, encoded=encoded)


def _whole(literal: str) -> Needle:
    pattern = re.compile(rf"(?<![^\s\"'`=/:>,\[]){re.escape(literal)}(?![^\s\"'`=/?#&;:@<,)\]}}\\])")
    return Needle(literal, _anchor(literal), whole=pattern)


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


def _spellings(secret: str, *, folded: bool) -> Iterator[str]:
    """The secret, without its own escapes too, and in both letter cases where that changes its bytes."""
    texts = [layer.text for layer in TextLayers(secret) if len(_utf8(layer.text.strip())) >= SHORTEST]
    core = secret.strip(_MERGED)
    for text in (*texts, core) if len(_utf8(core)) >= _SHORTEST_CORE else texts:
        yield text
        if not text.isascii():
            composed = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
            yield from composed
            if folded:
                yield from (each for one in (text, *composed) for each in (one.upper(), one.lower()))


def _direct_forms(secret: str) -> list[str]:
    """The secret, its bytes read in another encoding, and with spaces, line ends and quotes as they are changed.

    UTF-8 read as Latin-1 (once, twice), Latin-1 read as UTF-8, UTF-16 read as both. A plus that was put into a query as
    it is comes out as a space. Quotes are doubled in CSV and SQL.
    """
    forms = [secret]
    for _ in range(2):
        forms.append(_utf8(forms[-1]).decode("latin-1"))
    if _fits_latin_1(secret):
        forms.append(secret.encode("latin-1").decode("utf-8", "replace"))
    else:
        for encoding in ("utf-16-le", "utf-16-be"):
            data = secret.encode(encoding, "surrogatepass")
            read = (data.decode("latin-1"), data.decode("utf-8", "replace"))
            forms += [*read, *(text.replace("\0", "") for text in read)]
    changes = ((" ", "+"), ("+", " "), ("\n", "\r\n"), ('"', '""'), ("'", "''"))
    forms += [form.replace(*change) for form in forms for change in changes]
    return [form for form in dict.fromkeys(forms) if form.strip() and not _is_lost(form)]


def _is_lost(form: str) -> bool:
    """Whether too little is left of a secret to know it: most of its characters became U+FFFD."""
    return 2 * form.count("\ufffd") > len(form)


def _short_encodings(secret: str) -> Iterator[str]:
    """What a secret of one to three bytes is in base64 and, where it is long enough to tell, in hexadecimal."""
    data = _utf8(secret)
    for encoded in {base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()}:
        yield from {encoded, encoded.rstrip("=")}
    if len(data) == SHORTEST - 1:
        yield from {data.hex(), data.hex().upper()}


def _forms_inside_base64(secret: str) -> set[bytes]:
    """The bytes that base64 may have been made of: plain, or escaped first (JSON tokens, OAuth's client pairs)."""
    texts = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {
        quote(_utf8(secret), safe=""),
        quote_plus(_utf8(secret)),
        secret.replace('"', '""'),
        secret.replace("'", "''"),
    }
    forms = {_utf8(text) for text in texts}
    return forms | {secret.encode("latin-1")} if _fits_latin_1(secret) else forms


def _hexadecimal_of_utf_16(secret: str) -> list[str]:
    """One for both byte orders of text in Latin-1, without the zero byte that is first in one and last in the other."""
    data = secret.encode("utf-16-le", "surrogatepass").hex()
    return [data[:-2]] if _fits_latin_1(secret) else [data, secret.encode("utf-16-be", "surrogatepass").hex()]


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


def _base32(data: bytes) -> Iterator[Needle]:
    """``data`` in base32, wherever it starts within a group of five bytes, without the characters at either end
    that hold bits of what stands beside it."""
    for offset in range(5):
        encoded = base64.b32encode(bytes(offset) + data).decode("ascii")
        core = encoded[-(-8 * offset // 5) : 8 * (offset + len(data)) // 5]
        yield Needle(core.lower(), core.lower(), folded=True, bits_before=bool(offset), bits_after=True, encoded=True)


def _bytes_apart(data: bytes) -> list[str]:
    """Bytes as hexadecimal or decimal numbers with something between them."""
    decimals = [str(byte) for byte in data]
    return [data.hex(":"), data.hex(" "), data.hex("-"), ", ".join(decimals), ",".join(decimals)]


def _apart(literal: str) -> Needle:
    return Needle(literal, literal, folded=True, encoded=True)


def _anchor(text: str) -> str:
    """In lower case; characters whose lower case is longer or that are not ASCII are no part of it."""
    return max(re.split("[^A-Za-z0-9]+", text), key=len).lower()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fits_latin_1(text: str) -> bool:
    return all(ord(char) < 0x100 for char in text)
