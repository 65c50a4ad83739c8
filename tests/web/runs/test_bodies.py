"""The viewers of bodies: coloured XML and HTML, messages of gRPC, hex with text."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import JSON, Headers, Response, Status
from workbench.events.redactor import Redactor
from workbench.web.runs import bodies
from workbench.web.ui.json_tree import Node

from .conftest import Tell


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
        (b'{"a": 1}\n{"a": 2}\n', "aiohttp", None),
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


def test_hex_says_how_much_it_shows() -> None:
    shown = of(bytes(range(256)) * 20, "image/png")
    assert shown.view.text.splitlines()[4].endswith("40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO")
    assert shown.notes == ("The first 4,096 of 5,120 recorded bytes.",)
    assert of(b"\xff\0", "").notes == ()


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
