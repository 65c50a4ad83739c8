"""The words that ``body:`` finds: in each charset, as JSON escapes them, and while they are typed."""

import json

from tests.case_tables import each_case
from workbench.domain import Exchange, Request, Response
from workbench.web.runs.exchanges.words import ExchangeWords

HTML = '<meta charset="shift_jis">日本語'
CASES: tuple[tuple[str, bytes, str, bool], ...] = (
    ("text/plain", "GRÖẞE Größe".encode(), "größe", True),
    ("text/plain", "ÜberGröße".encode(), "übergröße", True),
    ("text/plain", "größe".encode("latin-1"), "größe", False),
    ("text/plain; charset=latin-1", "GRÖNLAND".encode("latin-1"), "grön", True),
    ("text/plain; charset=utf-16", "Größe".encode("utf-16"), "größe", True),
    ("text/plain", "Größe".encode("utf-16"), "gr", True),
    ("text/plain; charset=utf-16be", "Größe".encode("utf-16be"), "größe", True),
    ("text/html; charset=Shift_JIS", "日本語".encode("shift_jis"), "日本", True),
    ("text/html", HTML.encode("shift_jis"), "本語", True),
    ("text/html", HTML.encode("shift_jis"), "röß", False),
    ("application/json", json.dumps({"é": "Größe 🐍"}).encode(), "größe", True),
    ("application/json", json.dumps({"é": "Größe 🐍"}).encode(), "🐍", True),
    ("application/json", b'{"a": "Grosse"}', "größe", False),
    ("text/plain; charset=made-up", "Größe".encode(), "größe", True),
    ("text/plain; charset=zlib", b"Plain", "plain", True),
    ("application/octet-stream", b"\0\xffID3\0", "id3", True),
    ("text/plain", b"", "zzz", False),
    ("text/plain", b"abc", "\ud800", False),
    ("X-Odd", b"", "content-type: x-odd", True),
)


def exchange(media: str, body: bytes) -> Exchange:
    response = Response(200, headers=(("Content-Type", media),), body=body, size=len(body))
    return Exchange(1, 1, 1, "aiohttp", Request("GET", "http://h/"), 0.0, response=response)


@each_case("media, body, word, found", CASES)
def test_a_word_is_found_in_its_charset(media: str, body: bytes, word: str, found: bool) -> None:
    assert ExchangeWords([exchange(media, body)]).positions(word) == ({0} if found else set())


def test_a_word_that_is_typed_is_searched_where_its_beginning_was_found() -> None:
    words = ExchangeWords([exchange("text/plain", text) for text in (b"order 17", b"ORDER 18", b"note")])
    typed = {word: words.positions(word) for word in ("o", "or", "order", "der", "x", "ordex", *map(str, range(200)))}
    assert [set(typed[word]) for word in ("o", "or", "der", "ordex", "17")] == [
        {0, 1, 2}, {0, 1}, {0, 1}, set(), {0},
    ]  # fmt: skip
    assert words.positions("note") == {2}
