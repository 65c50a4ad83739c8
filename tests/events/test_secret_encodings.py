"""Any secret, encoded in any way and any number of times, in any place: no trace of it is left."""

import base64
import gzip
import html
import json
import quopri
import textwrap
import unicodedata
import zlib
from collections.abc import Callable
from functools import cache
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.domain import Exchange, Output, Request
from workbench.events.obtained_secrets import obtained_secrets
from workbench.events.redactor import Redactor
from workbench.events.secret_values import is_searchable

NASTY = 'p)%>+$:"é'
MASK = "‹key›"

STEPS: dict[str, Callable[[str], str]] = {
    "percent": lambda s: quote(s, safe=""),
    "percent, every byte": lambda s: "".join(f"%{byte:02x}" for byte in s.encode()),
    "form": quote_plus,
    "JSON": json.dumps,
    "JSON, not ASCII": lambda s: json.dumps(s, ensure_ascii=False),
    "JSON, every character": lambda s: "".join(
        json.dumps(char)[1:-1] if ord(char) > 127 else f"\\u{ord(char):04x}" for char in s
    ),
    "HTML": html.escape,
    "HTML, numbers": lambda s: "".join(f"&#{ord(char)};" for char in s),
    "CSV": lambda s: '"' + s.replace('"', '""') + '"',
    "SQL": lambda s: "'" + s.replace("'", "''") + "'",
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64, within": lambda s: base64.urlsafe_b64encode(f"user:{s} and more".encode()).decode(),
    "base64, lines": lambda s: "\r\n".join(textwrap.wrap(base64.b64encode(s.encode()).decode(), 64)),
    "base64 of UTF-16": lambda s: base64.b64encode(s.encode("utf-16")).decode(),
    "upper case": lambda s: s.upper(),
    "lower case": lambda s: s.lower(),
    "hexadecimal": lambda s: s.encode().hex(),
}
STEPS_OF_TEXT: dict[str, Callable[[str], str]] = {
    "quoted-printable": lambda s: quopri.encodestring(s.encode()).decode(),
    "quoted-printable, cut": lambda s: f"{s[:6]}=\r\n{s[6:]}",
    "quoted-printable, every byte": lambda s: "".join(f"={byte:02X}" for byte in s.encode()),
    "base32": lambda s: base64.b32encode(s.encode()).decode(),
    "base32, within": lambda s: base64.b32encode(f"user:{s} and more".encode()).decode().lower(),
    "hexadecimal of UTF-16": lambda s: s.encode("utf-16-le").hex(),
    "hexadecimal of UTF-16, other order": lambda s: f'["{s.encode("utf-16-be").hex().upper()}"]',
    "base64 of hexadecimal of UTF-16": lambda s: base64.b64encode(s.encode("utf-16").hex().encode()).decode(),
    "hexadecimal, colons": lambda s: s.encode().hex(":"),
    "hexadecimal of JSON": lambda s: json.dumps({"k": s}).encode().hex().upper(),
    "numbers": lambda s: str(list(s.encode())),
    "gzip in base64": lambda s: base64.b64encode(gzip.compress(json.dumps({"a": {"k": s}}).encode())).decode(),
    "zlib in base64": lambda s: base64.urlsafe_b64encode(zlib.compress(s.encode())).decode(),
    "octal": lambda s: "".join(f"\\{byte:03o}" for byte in s.encode()),
    "braces": lambda s: "".join(f"\\u{{{ord(char):x}}}" for char in s),
    "wrapped": lambda s: f"{s[:7]}\n{s[7:]}",
    "coloured": lambda s: f"{s[:7]}\x1b[1;36m{s[7:]}",
    "not seen": lambda s: f"{s[:5]}\u200b{s[5:8]}\u00ad{s[8:]}",
    "decomposed": lambda s: unicodedata.normalize("NFD", s),
}
"""What other programs make of a text; each is tried alone, in a text, in bytes and in a document."""
PLACES: dict[str, str] = {
    "sentence": "the key {} was refused",
    "path": "/v1/{}/items?a=b",
    "cookie": "a=1; key={}; b=2",
    "query": "http://127.0.0.1/?a=1&key={}&b=2",
    "multipart": '--x\r\nContent-Disposition: form-data; name="key"\r\n\r\n{}\r\n--x--\r\n',
    "line": "first\n{}\nlast\n",
    "JSON body": '{{"key": "{}"}}',
}
BYTES: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda s: s.encode(),
    "UTF-16 LE": lambda s: s.encode("utf-16-le"),
    "UTF-16 BE": lambda s: s.encode("utf-16-be"),
    "UTF-16 with a mark": lambda s: s.encode("utf-16"),
}
HOLDERS: dict[str, Callable[[str], bytes]] = {
    "JSON": lambda s: json.dumps({"csrf": s}).encode(),
    "JSON in JSON": lambda s: json.dumps({"sent": json.dumps({"code_verifier": s})}).encode(),
    "form": lambda s: f"id_token_hint={quote(s, safe='')}&a=1".encode(),
    "element": lambda s: f"<a:PhpSessId>{html.escape(s)}</a:PhpSessId>".encode(),
}
"""Bodies from which a secret is learned that was not given to the run."""
ONE_WAY = {"upper case", "lower case", "hexadecimal"}
"""What loses the secret's own spelling is only tried as the first of several."""


@settings(max_examples=2 * settings().max_examples)
@given(
    secret=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=8, max_size=40).filter(
        lambda s: len(s.strip().strip("\\%&\"'")) >= 8 and len(set(s)) > 4 and is_searchable(s)
    ),
    names=st.lists(st.sampled_from(sorted(STEPS)), max_size=3),
    place=st.sampled_from(sorted(PLACES)),
    holder=st.sampled_from([None, *HOLDERS]),
)
@example(secret=NASTY, names=["JSON"] * 3, place="query", holder=None)
@example(secret='a"%41%2541-b', names=["JSON", "percent"], place="sentence", holder="form")
@example(secret="'--'; DROP \"x", names=["SQL", "CSV", "JSON"], place="line", holder="element")
def test_any_composition_in_any_place(secret: str, names: list[str], place: str, holder: str | None) -> None:
    text = secret
    for number, name in enumerate(names):
        text = STEPS[name](text) if number == 0 or name not in ONE_WAY else text
    redactor = Redactor({"key": secret}) if holder is None else learned(HOLDERS[holder](secret))
    masked = redactor.text(PLACES[place].format(text))
    assert MASK in masked, (text, masked)


def learned(body: bytes) -> Redactor:
    """A redactor that knows what a run sent in ``body``."""
    request = Request("POST", "https://api.example.com/", body=body, size=len(body))
    (secret,) = obtained_secrets(Exchange(1, 1, 1, "aiohttp", request, 0.0))
    return Redactor({}).knowing({"key": secret.value})


@each_case("name", STEPS_OF_TEXT)
@each_case("secret", ["tk-Live_42/zé+Q9rWx", "AKzzQ2mmPL7wwX0e", "日本語のひみつ-Key-4x"])
def test_what_other_programs_make_of_it(secret: str, name: str) -> None:
    text = f"the key {STEPS_OF_TEXT[name](secret)} was refused"
    for redactor in (Redactor({"key": secret}), among_many(secret)):
        assert MASK in redactor.text(text)
        assert MASK.encode() in redactor.data(text.encode())
        assert MASK in str(redactor.json({"k": [text]}))


@cache
def among_many(secret: str) -> Redactor:
    return Redactor({"key": secret} | {f"other {number}": f"{number}-unlike-{number * 7919:x}" for number in range(50)})


def test_a_compressed_body_and_two_records_that_hold_it_together() -> None:
    redactor = Redactor({"key": "AKzzQ2mmPL7wwX0e"})
    assert redactor.data(gzip.compress(b'{"key": "AKzzQ2mmPL7wwX0e"}')) == MASK.encode()
    assert redactor.data(plain := gzip.compress(b'{"key": "another"}')) is plain
    logs = [Output(0.1, "log", "key AKzzQ2", level="INFO"), Output(0.2, "log", "mmPL7wwX0e.", level="INFO")]
    assert [one.text for one in redactor.output(logs)] == [f"key {MASK}", "."]


def test_parameters_of_a_url_are_no_quoted_printable() -> None:
    text = "GET /items?page=10&cursor=AB12&q=E9"
    assert Redactor({"key": "AKzzQ2mmPL7wwX0e"}).text(text) is text


@pytest.mark.parametrize("depth", [1, 4, 5, 9, 12])
def test_json_escaped_to_any_depth(depth: int) -> None:
    text = NASTY
    for _ in range(depth):
        text = json.dumps(text)
    masked = Redactor({"key": NASTY}).text(text)
    assert masked.strip('\\"') == MASK


@each_case("secret", [NASTY, "sk_live_1234", "日本語のひみつ", "naïve-🔑-key"])
@each_case("name", BYTES)
def test_bytes_in_utf_16(secret: str, name: str) -> None:
    data = BYTES[name](f'<pin a="1">{secret}</pin>')
    masked = Redactor({"key": secret}).data(b"\x01" + data + b"\x01")
    assert MASK.encode() in masked or MASK.encode("utf-16-le") in masked or MASK.encode("utf-16-be") in masked
    assert secret.encode("utf-16-le")[4:] not in masked
    as_text = data.decode("utf-8", "replace")
    assert MASK in Redactor({"key": secret}).text(as_text)


def test_a_mask_in_utf_16_is_text_in_utf_16() -> None:
    masked = Redactor({"key": "sk_live_1234"}).data("key: sk_live_1234.".encode("utf-16"))
    assert masked.decode("utf-16") == f"key: {MASK}."


def test_latin_1_that_was_read_as_utf_8() -> None:
    read = f"key {NASTY}!".encode("latin-1").decode("utf-8", "replace")
    assert Redactor({"key": NASTY}).text(read) == f"key {MASK}!"


SHORT_PLACES = (
    "Cookie: k={};",
    "a=1; k={}; b=2",
    "first\n{}\nlast",
    "first\r\n{}\r\n",
    'name="pin"\r\n\r\n{}\r\n--x--',
    "http://127.0.0.1/v1/{}/items",
    "GET /v1/{}?a=b HTTP/1.1",
    "?q=%22{}%22",
    "?q=%2522{}%2522",
    '{{\\"a\\": \\"{}\\"}}',
    "a,{},b\n",
    "<pin>{}</pin>",
    "X-Pin: {}\r\nHost: h",
    "http://ada:{}@127.0.0.1/",
)


@each_case("secret", ["a7Z", "123", "é!"])
@each_case("place", SHORT_PLACES)
def test_a_short_secret_that_is_a_whole_value(secret: str, place: str) -> None:
    redactor = Redactor({"key": secret})
    assert redactor.text(place.format(secret)) == place.format(MASK)
    assert redactor.data(place.format(secret).encode()) == place.format(MASK).encode()


@pytest.mark.parametrize(
    "text",
    [
        "It took 123 ms for 1234 items, 123 of them new; see line 123 of the log (123).",
        "2026/123/07 and 4/123/9",
        "the cat sat: a cat, the cat and cat-like cats",
        "0x123, v123, 123abc, 1.123, 123.5",
    ],
)
def test_ordinary_text_is_not_shredded_by_short_secrets(text: str) -> None:
    redactor = Redactor({"pin": "123", "word": "cat", "digit": "1"})
    assert redactor.text(text) == text


def test_short_numbers_of_json() -> None:
    redactor = Redactor({"pin": "123", "digit": "7"})
    assert redactor.json({"pin": 123, "count": 7}) == {"pin": "‹pin›", "count": 7}
    assert redactor.text('{"pin": 123, "all": [1, 123], "count": 7}') == '{"pin": ‹pin›, "all": [1, ‹pin›], "count": 7}'


def test_letter_case_counts_for_short_secrets_only() -> None:
    assert Redactor({"key": "Sk-Live-12"}).text("SK-LIVE-12 sk-live-12") == f"{MASK} {MASK}"
    assert Redactor({"key": "Four"}).text("four Four") == f"four {MASK}"


@pytest.mark.parametrize("beside", ["é", "é日", "İ"])
def test_letter_case_does_not_count_in_a_long_text(beside: str) -> None:
    around = beside * 20_000
    assert Redactor({"key": "clé-ÉTÉ-1234"}).text(f"{around}CLÉ-été-1234") == f"{around}{MASK}"


def test_what_a_worker_shortened_within_a_secret() -> None:
    redactor = Redactor({"key": NASTY})
    assert redactor.text(f"no {NASTY[:6]}…") == f"no {MASK}…"
    assert redactor.text(f"no {quote(NASTY)[:15]}…") == f"no {MASK}…"
    assert redactor.text("it goes on…") == "it goes on…"


def test_many_places_in_base64_lines_take_time_in_proportion() -> None:
    line = base64.b64encode(b"a sk_live_1234 b sk_live_1234 c sk_live_1234 d sk_liv").decode()
    masked = Redactor({"key": "sk_live_1234"}).text("\n".join([line] * 10_000))
    assert masked.count(MASK) >= 30_000
