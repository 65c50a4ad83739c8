"""The viewers of bodies: coloured XML and HTML, messages of gRPC, hex with text."""

import base64
import io
import json
import time
import weakref
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import JSON, Headers, Request, Response, Status
from workbench.events.redactor import Redactor
from workbench.explain.http import http_body
from workbench.web.runs import bodies
from workbench.web.runs.bodies import event_stream_body, json_body, search
from workbench.web.ui.highlight import Token
from workbench.web.ui.json_tree import Node

from ..conftest import Tell


def of(body: bytes, media: str, library: str = "", **more: Any) -> bodies.Body:
    headers: Headers = (("Content-Type", media),)
    return bodies.present(Response(200, headers=headers, body=body, size=len(body)), library=library, **more)


def nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for child in tree.children:
        if isinstance(child, Node):
            yield from nodes(child)


@pytest.mark.parametrize("media", ["application/atom+xml", "text/xml", "text/html", "application/xhtml+xml"])
def test_markup_is_coloured_and_complete(media: str) -> None:
    text = '<a href="x">\n  <!-- note -->&amp;\n</a>'
    view = of(text.encode(), media).view
    assert "\n".join("".join(token.text for token in line) for line in view.lines) == text
    kinds = {token.kind for line in view.lines for token in line}
    assert {"property", "string", "comment", "function"} <= kinds
    assert of(text.encode(), media, raw=True).view.text == text


def test_markup_keeps_its_masks() -> None:
    body = Redactor({"key": "s3cret-value"}).data(b'<a key="s3cret-value"/>')
    (line,) = of(body, "text/xml").view.lines
    assert "".join(token.text for token in line) == '<a key="‹key›"/>'
    assert any(getattr(token.text, "spans", ()) for token in line)


HOSTILE = ["<", "<a ", "<!--", "&", "<script>", "]]>", '"', "<!DOCTYPE ["]


@pytest.mark.parametrize(
    ("piece", "media"),
    [(piece, "text/html") for piece in HOSTILE]
    + [("]]>", "text/xml"), ("<!DOCTYPE [", "text/xml")]
    + [pytest.param(piece, "text/xml", marks=pytest.mark.exhaustive) for piece in HOSTILE[:5]],
)
def test_hostile_markup_is_coloured_in_time(piece: str, media: str) -> None:
    began = time.process_time()
    assert of((piece * 20_000)[:20_000].encode(), media).view.kind == "markup"
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("body", "library", "length"),
    [
        (b'{"a": 1}\n{"a": 2.50}\n', "grpc", 2),
        (b'"x"\n', "grpc", 1),
        (b'{"a": 1}\n', "grpc", 1),
        (b'{"a": 1}\noops\n', "grpc", None),
        (b'{"a": 1}\n{"a": 2}\n', "aiohttp", 2),
        (b'"a"\n"b"\n', "aiohttp", None),
        (b'{"a": 1}\n{oops}\n', "aiohttp", None),
    ],
)
def test_messages_of_grpc_are_a_tree(body: bytes, library: str, length: int | None) -> None:
    view = of(body, "application/grpc", library).view
    assert (view.kind, view.tree.length if view.tree else None) == ("json" if length is not None else "text", length)


def test_a_search_marks_places_of_a_tree() -> None:
    shown = of(b'{"items": [{"name": "x"}, {"Needle": [1, "a needle"]}], "n": 12}', "application/json", find="needle")
    assert shown.matches == "2 matches."
    assert shown.view.tree is not None
    hits = [node.pointer for node in nodes(shown.view.tree) if node.hit]
    assert hits == ["/items/1/Needle", "/items/1/Needle/1"]
    assert of(b'{"a": 1}', "application/json", find="zzz").matches == "No matches."
    assert of(b'{"a": 1}', "application/json").matches == ""


@pytest.mark.parametrize("media", ["text/plain", "text/html"])
def test_a_search_marks_stretches_of_a_text_wherever_they_are(media: str) -> None:
    text = "<p>x</p>\n" * 5_000 + "<p>a Needle</p>"
    shown = of(text.encode(), media, find="needle")
    assert [token.text for line in shown.view.lines for token in line if token.kind == "hit"] == ["Needle"]
    assert shown.matches == "1 match."
    assert "around the first match" in shown.notes[0]
    assert of(b"abab", "text/plain", find="AB").matches == "2 matches."
    form = of(b"a=caf%C3%A9&b=x", "application/x-www-form-urlencoded", find="CAF\u00e9")
    assert (form.matches, [token.text for line in form.view.lines for token in line if token.kind == "hit"]) == (
        "1 match.", ["caf\u00e9"],
    )  # fmt: skip
    (line,) = of(b"<p>a<b>c</b></p>", media, find="a<b>c").view.lines
    assert "".join(token.text for token in line if token.kind == "hit") == "a<b>c"
    assert "".join(token.text for token in line) == "<p>a<b>c</b></p>"


def test_the_page_searches_both_bodies(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(request_body=b"needle " * 100, body=b'{"a": "needle<b>"}')
    run = story.finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&exchange=1&sort=url").text, "html.parser")
    sent = {str(field["name"]): str(field.get("value", "")) for field in page.select(".body-search input")}
    assert sent == {"tab": "http", "exchange": "1", "sort": "url", "find": ""}
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&exchange=1&find=Needle").text, "html.parser")
    assert [status.text for status in page.select(".body-row [role=status]")] == ["100 matches.", "1 match."]
    assert len(page.select("mark")) == 100
    assert page.select(".tree [data-hit]")


def test_the_result_is_searched_where_it_is_folded_and_behind_gaps(client: FlaskClient, tell: Tell) -> None:
    value = {"items": [{"deep": {"er": {"name": f"n{number}"}}} for number in range(300)]}
    run = tell().started().returned(value).finished(Status.SUCCEEDED, valued=True).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}").text, "html.parser")
    sent = {str(field["name"]): str(field.get("value", "")) for field in page.select(".find-row input")}
    assert sent == {"tab": "result", "find": ""}
    assert "n222" not in page.text
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=result&find=N222").text, "html.parser")
    assert page.select_one(".find-row [role=status]").text == "1 match."
    assert "n222" in page.select_one(".tree [data-hit]").text
    assert "200 or more matches. The first 20 are shown." in client.get(f"/runs/{run}?tab=result&find=deep").text
    assert not BeautifulSoup(client.get(f"/runs/{run}?raw=result").text, "html.parser").select(".find-row")


def test_json_that_was_not_recorded_whole_is_a_tree_as_far_as_it_goes(client: FlaskClient, tell: Tell) -> None:
    value = [{"id": number, "name": "n" * 20} for number in range(300)]
    body = json.dumps({"items": value}).encode()[:9_000]
    run = tell().started().exchange(body=body, size=20_000).finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http").text, "html.parser")
    assert "as far as it was recorded" in page.select_one('[aria-label="Response"] .body-row').text
    assert "Recorded 9 kB of 20 kB." in page.select_one(".body-note").text
    assert client.get(f"/runs/{run}/values/response-1?form=json&pointer=/items/190").json == {
        "id": 190,
        "name": "n" * 20,
    }
    assert client.get(f"/runs/{run}/values/response-1?form=json&pointer=/items/250").status_code == 404


def test_hex_says_how_much_it_shows() -> None:
    shown = of(bytes(range(256)) * 20, "image/png")
    line = "".join(token.text for token in shown.view.lines[4])
    assert line.endswith("40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO")
    assert shown.notes == ("The hex view shows the first 4,096 of 5,120 recorded bytes.",)
    assert of(b"\xff\0", "").notes == ()
    found = of(bytes(6_000) + b"Needle" + bytes(range(256)) * 9, "", find="needle")
    assert (found.matches, found.notes) == (
        "1 match.",
        ("The hex view shows 4,096 bytes around the first match of 8,310 recorded bytes.",),
    )
    hits = [token.text for line in found.view.lines for token in line if token.kind == search.HIT]
    assert "".join(hits).startswith("4e 65 65 64 6c 65")
    assert hits[-1] == "e"
    assert of(b"\xff\0", "", find="x").matches == "No matches."


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_an_image_has_a_preview_by_its_bytes_in_an_origin_of_its_own(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    story.exchange(headers=(("Content-Type", "application/octet-stream"),), body=PNG)
    story.exchange(headers=(("Content-Type", "image/png"),), body=b"<svg onload=alert(1)>")
    run = story.finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&exchange=1").text, "html.parser")
    [preview] = page.select("#outcome img.preview")
    assert page.select("pre.hex")
    drawn = client.get(str(preview["src"]))
    assert (drawn.data, drawn.content_type) == (PNG, "image/png")
    assert drawn.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert drawn.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/runs/{run}/exchanges/2/response/image").status_code == 404


def test_html_is_text_on_the_page_and_what_is_no_image_is_never_drawn(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    for media, body in (("text/html", b"<script>alert(1)</script><img src=x>"), ("image/png", b"\x89PNG\0")):
        story.exchange(headers=(("Content-Type", media),), body=body)
    run = story.finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&exchange=1").text, "html.parser")
    assert [pre.text for pre in page.select("pre.markup")] == ["<script>alert(1)</script><img src=x>\n"]
    assert not page.select("#outcome :is(script, img)")
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&exchange=2").text, "html.parser")
    assert page.select("pre.hex")
    assert not page.select("#outcome img")


def test_more_of_a_message_is_loaded(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    lines = [json.dumps({"n": number}).encode() for number in range(100)]
    story.exchange(headers=(("Content-Type", "application/x-ndjson"),), body=b"\n".join(lines))
    run = story.finished(Status.SUCCEEDED).run.id
    found: JSON = client.get(f"/runs/{run}/values/response-1?form=json&pointer=/99").json
    assert found == {"n": 99}


def test_events_are_a_tree_of_their_data() -> None:
    text = b'event: delta\nid: 1\ndata: {"a":\ndata: [1]}\n\n: ping\n\ndata: [DONE]'
    shown = of(text, "text/event-stream")
    assert shown.view.facts == ("3 events",)
    value = event_stream_body.read(Response(200, body=text))
    assert value == [{"event": "delta", "id": "1", "data": {"a": [1]}}, {"comment": "ping"}, {"data": "[DONE]"}]
    separated = 'data: {"a": "x\u2028y"}\r\n\r\ndata: 1\r\rdata: 2\n'.encode()
    assert event_stream_body.read(Response(200, body=separated)) == [
        {"data": {"a": "x\u2028y"}},
        {"data": 1},
        {"data": 2},
    ]
    assert of(b"", "text/event-stream").view.kind == "empty"
    assert of(text, "text/event-stream", raw=True).view.kind == "text"
    masked = Redactor({"key": "s3cret-value"}).data(b"data: s3cret-value\n\n")
    tree = of(masked, "text/event-stream").view.tree
    assert tree is not None
    assert [getattr(node.text, "spans", ()) != () for node in nodes(tree) if node.kind == "string"] == [True]


@pytest.mark.parametrize(
    ("body", "media", "text", "note"),
    [
        (
            b"caf\xe9",
            "text/plain",
            "café",
            "The body is not valid UTF-8: byte 0xe9 at position 3. It is shown as Latin-1.",
        ),
        (b'{"a": "\xfc"}', "application/json", '{"a": "ü"}', "The body is not valid UTF-8: byte 0xfc at position 7."),
        ("é".encode(), "text/plain; charset=made-up", "é", "The charset 'made-up' is unknown. The body is"),
        (b"<html>", "application/json", "<html>", "The content type is JSON, but the body is HTML."),
        (b"\xe9", "text/plain; charset=latin-1", "é", ""),
        ("é日".encode("utf-16"), "text/plain", "é日", ""),
        ("é日".encode("utf-16-be"), "text/plain; charset=utf-16", "é日", ""),
        ("é日".encode("utf-16-le"), "text/plain; charset=UTF16", "é日", ""),
        ("日本".encode("utf-16-be"), "text/plain; charset=utf-16", "日本", ""),
        ("é日".encode("utf-32-le"), "text/plain; charset=utf-32", "é日", ""),
        (b'<?xml version="1.0" encoding="latin-1"?>\xe9', "text/xml", '<?xml version="1.0" encoding="latin-1"?>é', ""),
        ("<meta charset=shift_jis>日".encode("shift_jis"), "text/html", "<meta charset=shift_jis>日", ""),
        ("<meta charset=idna>é".encode(), "text/html", "<meta charset=idna>é", ""),
    ],
)
def test_what_a_type_says_wrongly_is_said(body: bytes, media: str, text: str, note: str) -> None:
    shown = of(body, media)
    assert ("".join(token.text for line in shown.view.lines for token in line) or shown.view.text) == text
    assert " ".join(shown.notes).startswith(note)
    assert bool(shown.notes) == bool(note)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_json_is_a_tree_in_any_charset_that_json_had(charset: str) -> None:
    for media in ("application/json", f"application/json; charset={charset[:6]}"):
        shown = of('{"a": "é日"}'.encode(charset), media, find="日")
        assert (shown.view.kind, shown.notes, shown.view.matches) == ("json", (), 1)


def test_long_xml_is_indented_between_its_tags_only() -> None:
    text = (
        "<?xml version='1.0'?><a>"
        + "<b><c>x &amp; y</c><d/><e>p <i>q</i> r</e></b><!-- <z> --><f><![CDATA[<g><h>]]></f>" * 3
    )
    view = of(f"{text}</a>".encode(), "text/xml").view
    lines = ["".join(token.text for token in line) for line in view.lines]
    assert lines[:7] == [
        "<?xml version='1.0'?>", "<a>", "  <b>", "    <c>x &amp; y</c>", "    <d/>", "    <e>p <i>q</i> r</e>",
        "  </b>",
    ]  # fmt: skip
    assert lines[7:9] == ["  <!-- <z> -->", "  <f>"]
    assert "".join(line.strip() for line in lines) == f"{text}</a>"
    assert view.facts == ("indented for reading",)
    assert of(f"{text}</a>".encode(), "text/xml", raw=True).view.text == f"{text}</a>"


def test_a_form_and_a_table_say_what_they_do_not_show() -> None:
    media, fields = "application/x-www-form-urlencoded", "&".join(f"k{number}=v{number}" for number in range(600))
    assert (len(of(fields.encode(), media).view.pairs), of(fields.encode(), media).view.facts) == (
        200, ("the first 200 of 600 fields",),
    )  # fmt: skip
    found = of(fields.encode(), media, find="v599")
    lines = ["".join(token.text for token in line) for line in found.view.lines]
    assert (lines, found.view.facts, found.matches) == (["k599 = v599"], ("1 of 600 fields, with a match",), "1 match.")
    assert of(fields.encode(), media, find="zzz").view.facts == ("the first 200 of 600 fields",)
    assert (of(b"a=1", media).view.facts, of(b"a=1&b=2", media, find="2").view.facts) == ((), ())
    wide = ",".join(f"c{number}" for number in range(60))
    assert of(f"{wide}\n{wide}\n".encode(), "text/csv").view.facts == ("1 row", "the first 50 of 60 columns")


def test_csv_is_a_table_and_an_archive_a_list_of_files() -> None:
    view = of(b'id;name\n1;"a; b"\n2;c\n', "text/csv").view
    assert (view.rows, view.facts) == ((("id", "name"), ("1", "a; b"), ("2", "c")), ("2 rows",))
    assert of(b'a,b\r\n"two\nlines",c\r\n', "text/csv").view.rows == (("a", "b"), ("two\nlines", "c"))
    assert of(b"no table", "text/csv").view.kind == "text"
    assert of(b"id;name\n1;x\n", "text/csv", find="x").matches == "1 match."
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/b.txt", "12345")
    view = of(packed.getvalue(), "application/zip").view
    assert (view.pairs, view.facts) == ((("a/b.txt", "5 B"),), ("a ZIP archive with 1 file",))
    assert of(packed.getvalue()[:40], "application/zip").view.facts == ("a ZIP archive",)


def test_hostile_bodies_are_shown_in_time() -> None:
    part = b"--B\r\nContent-Type: text/html\r\n\r\n<a b='&'>&c\r\n"
    parts = of(part * 200, "multipart/mixed; boundary=B").view.parts
    assert [one.view.kind for one in parts] == ["markup"] * 20 + ["text"] * 180
    header = b"--B\r\nContent-Disposition: form-data" + b';a="' * 200_000 + b"\r\n\r\nx\r\n--B--"
    begun = time.process_time()
    assert len(of(header, "multipart/mixed; boundary=B").view.parts) == 1
    assert of(b"a-" + b"z9" * 400_000, "text/plain; charset=punycode").view.kind == "text"
    assert time.process_time() - begun < 1, "each took seconds"


def test_the_query_of_graphql_is_read_as_it_was_written() -> None:
    body = json.dumps({"query": "query Me {\n  user { name }\n}", "variables": {"id": 1}}).encode()
    headers: Headers = (("Content-Type", "application/json"),)
    view = bodies.present(Request("POST", "http://h/graphql", headers=headers, body=body, size=len(body))).view
    assert (view.kind, view.text, view.facts) == ("json", "query Me {\n  user { name }\n}", ("GraphQL",))
    assert of(body, "application/json").view.text == ""


def test_each_part_is_shown_drawn_and_downloaded_by_itself(client: FlaskClient, tell: Tell) -> None:
    lines = [
        b"--B", b'Content-Disposition: form-data; name="meta"', b"Content-Type: application/json", b"",
        json.dumps({"n": [*range(200)]}).encode(), b"--B",
        b'Content-Disposition: form-data; name="f"; filename="x.png"', b"Content-Type: image/png", b"", PNG, b"--B",
        b'Content-Disposition: form-data; name="note"', b"", b"needle", b"--B--", b"",
    ]  # fmt: skip
    story = tell().started().exchange(
        headers=(("Content-Type", "multipart/mixed; boundary=B"),), body=b"\r\n".join(lines)
    )  # fmt: skip
    run = story.finished(Status.SUCCEEDED).run.id
    page = BeautifulSoup(client.get(f"/runs/{run}?tab=http&find=needle").text, "html.parser")
    parts = page.select("section.part")
    assert [part.select("h3")[0].text for part in parts] == ["meta", "f", "note"]
    assert parts[0].select(".tree a.gap[href*='response-1-part-1']")
    assert client.get(f"/runs/{run}/values/response-1-part-1?pointer=/n/150&form=json").json == 150
    assert client.get(str(parts[1].select("img.preview")[0]["src"])).data == PNG
    saved = client.get(str(parts[1].select("a[download]")[0]["href"]))
    assert (saved.data, saved.content_type) == (PNG, "application/octet-stream")
    assert "part-2.png" in saved.headers["Content-Disposition"]
    assert [mark.text for mark in parts[2].select("mark")] == ["needle"]
    assert page.select_one(".body-row [role=status]").text == "1 match."
    assert client.get(f"/runs/{run}/exchanges/1/response/image?part=9").status_code == 404


def test_the_messages_of_a_websocket_are_a_list() -> None:
    lines = [
        {"at_ms": 1204.32, "sent": "hé"},
        {"at_ms": 1210, "received": {"base64": "AAE="}},
        {"at_ms": 1300, "closed": 1011, "reason": "busy", "by": "server"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    response = Response(101, body=text, size=len(text))
    shown = bodies.present(response)
    assert shown.view.rows == (
        ("handler", "1,204.3 ms", "hé", "3 B"),
        ("server", "1,210.0 ms", "00 01", "2 B, binary"),
        ("server", "1,300.0 ms", "closed the connection (1011): busy", ""),
    )
    assert (shown.view.kind, shown.view.facts) == ("messages", ("3 messages",))
    odd = '{"at_ms": 1%s, "sent": "a\u2028b\x85c"}\n' % ("0" * 400)
    assert bodies.present(Response(101, body=odd.encode())).view.rows == (("handler", "", "a\u2028b\x85c", "8 B"),)
    assert bodies.present(response, find="busy").matches == "1 match."
    assert bodies.present(Response(101)).view.kind == "empty"


def test_matches_are_marked_at_their_place_or_not_at_all() -> None:
    """The small form of İ is two characters: all that follows would be marked a place too far."""
    across, odd = search.marked([(Token("a fi"), Token("Nd", "property"), Token(" b")), (Token("İ find"),)], "find")
    assert [(token.text, token.kind) for token in across] == [
        ("a ", ""),
        ("fi", search.HIT),
        ("Nd", search.HIT),
        (" b", ""),
    ]
    assert [(token.text, token.kind) for token in odd] == [("İ find", "")]


def test_a_large_value_is_read_once_and_forgotten_with_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    parse = http_body.parse_as_written

    def counted(headers: Headers, body: bytes) -> Any:
        read.append(body)
        return parse(headers, body)

    monkeypatch.setattr(http_body, "parse_as_written", counted)
    message = Response(200, headers=(("Content-Type", "application/json"),), body=b"[%s1]" % (b"1, " * 30_000))
    values = [json_body.read(message, "aiohttp")[0] for _ in range(3)]
    assert len(read) == 1
    assert values[0] is values[2]
    gone = weakref.ref(message)
    del message
    assert gone() is None
