"""The presenters with plain values: trees, bodies, timing bars, words, curl, filters."""

import json
import shlex
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.domain import (
    ABSENT,
    JSON,
    Exchange,
    ExchangeError,
    Headers,
    MaskedText,
    Request,
    Response,
    Status,
    Timings,
)
from workbench.domain.masked_text import join
from workbench.events.redactor import Redactor
from workbench.explain.http import http_body, network, urls
from workbench.explain.text import prose, size, span, with_code
from workbench.jsondoc import pointer as pointers
from workbench.web.runs import bodies
from workbench.web.runs.exchanges import timings
from workbench.web.runs.exchanges.exchange_detail import exchange_pill
from workbench.web.runs.request_code import curl
from workbench.web.ui import json_tree
from workbench.web.ui.json_tree import Gap, Mark, Node
from workbench.web.ui.masked_text import masked
from workbench.web.ui.own_paths import own_path

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=90) | st.dictionaries(st.text(max_size=6), inner, max_size=90),
    max_leaves=160,
)


def nodes(root: Node) -> list[Node | Gap]:
    found: list[Node | Gap] = [root]
    for child in root.children:
        found += nodes(child) if isinstance(child, Node) else [child]
    return found


@given(values)
def test_every_member_is_shown_or_behind_a_gap(value: JSON) -> None:
    for node in nodes(json_tree.grow(value)):
        if isinstance(node, Gap) or node.kind not in ("object", "array"):
            continue
        shown = sum(1 if isinstance(child, Node) else child.stop - child.start for child in node.children)
        assert shown == node.length


@given(values, st.data())
def test_the_way_to_a_mark_is_open_and_the_tree_stays_small(value: JSON, data: st.DataObject) -> None:
    places = [""]
    for place in places:
        at = pointers.resolve(value, place)
        members = at.keys() if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        places += [pointers.join(place, member) for member in members]
    mark = data.draw(st.sampled_from(places))
    grown = nodes(json_tree.grow(value, {mark: Mark("here")}))
    hits = [node for node in grown if isinstance(node, Node) and node.hit]
    assert [(hit.pointer, hit.note) for hit in hits] == [(mark, "here")]
    way = set(pointers.ancestors(mark)[:-1])
    assert {node.pointer for node in grown if isinstance(node, Node) and node.open} >= way
    assert len(grown) < 2_000


def test_gaps_give_what_they_stand_for() -> None:
    value: JSON = list(range(500))
    root = json_tree.grow(value)
    gap = root.children[-1]
    assert isinstance(gap, Gap)
    assert (gap.start, gap.stop) == (json_tree.WINDOW, 500)
    more = json_tree.members(value, "", gap.start, gap.stop)
    assert isinstance(more[0], Node)
    assert more[0].text == str(json_tree.WINDOW)
    assert isinstance(more[-1], Gap)
    assert more[-1].stop == 500
    assert json_tree.members(value, "", 499, 10**9)[0].pointer == "/499"  # type: ignore[union-attr]
    assert json_tree.members(5, "", 0, 10) == ()


@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_values_do_not_exhaust_the_stack(depth: int) -> None:
    value: JSON = 1
    for _ in range(depth):
        value = {"a": [value]}
    assert len(nodes(json_tree.grow(value))) < 100
    assert len(nodes(json_tree.grow(value, {"/a/0" * depth: Mark("deep")}))) < 300


def test_a_long_string_is_cut_and_says_so() -> None:
    assert json_tree.grow("x" * 5_000).text.endswith("… 3,000 more characters")


def response(headers: Headers, body: bytes) -> Response:
    return Response(200, headers=headers, body=body, size=len(body))


@each_case(
    ("kind", "content_type", "body"),
    [
        ("json", "application/json", b'{"a": 1}'),
        ("json", "", b"[1]"),
        ("text", "application/json", b"{oops"),
        ("markup", "text/html; charset=utf-8", b"<b>x</b>"),
        ("markup", "image/svg+xml", b"<svg/>"),
        ("text", "text/plain; charset=latin-1", b"caf\xe9"),
        ("text", "text/plain; charset=nonsense", b"x"),
        ("text", "text/plain; charset=zlib", b"x"),
        ("binary", "text/plain", b"\xff\xfe\x00"),
        ("binary", "image/png", b"\x89PNG\r\n\x00"),
        ("binary", "application/octet-stream", bytes(range(1, 32)) * 9),
        ("form", "application/x-www-form-urlencoded", b"a=1&b="),
        ("empty", "application/json", b""),
    ],
)
def test_bodies_are_shown_for_what_they_are(kind: str, content_type: str, body: bytes) -> None:
    headers = (("content-TYPE", content_type),) if content_type else ()
    shown = bodies.present(response(headers, body))
    assert shown.view.kind == kind
    raw = bodies.present(response(headers, body), raw=True)
    assert raw.view.kind == ("text" if kind in ("json", "form", "markup", "text") else kind)


def test_a_character_cut_in_two_is_no_binary() -> None:
    assert http_body.decode("aé".encode()[:-1], "utf-8") == "a"
    assert http_body.decode(b"\xff", "utf-8") is None


@given(st.binary(max_size=60), st.text(max_size=30))
def test_no_body_and_no_content_type_raises(body: bytes, content_type: str) -> None:
    bodies.present(response((("Content-Type", content_type),), body))


def test_numbers_of_a_body_keep_their_spelling_and_duplicate_keys_are_named() -> None:
    body = b'{"price": 1.10, "huge": 1e400, "id": 12, "a": 1, "in": {"a": 2, "a": 3}, "id": 13}'
    shown = bodies.present(response((("Content-Type", "application/json"),), body))
    assert shown.view.tree is not None
    assert [node.text for node in shown.view.tree.children if node.text] == ["1.10", "1e400", "13", "1"]
    assert shown.notes == ('The keys "a" and "id" stand more than once in one object. The last value counts.',)
    marked = [(node.label, node.text, node.note) for node in shown.view.tree.children if node.note]
    assert marked == [('"id"', "13", "the last of 2 values of this key")]
    inner = next(node for node in shown.view.tree.children if node.label == '"in"')
    assert [(node.text, node.tone) for node in inner.children] == [("3", "warn")]


def test_a_byte_order_mark_before_json_is_named() -> None:
    shown = bodies.present(response((("Content-Type", "application/json"),), b'\xef\xbb\xbf{"a": 1}'))
    assert shown.view.kind == "text"
    assert shown.notes == (
        "The body begins with a byte order mark, which JSON does not allow: fetch returns it as text.",
    )


def test_a_long_text_is_cut_and_says_so() -> None:
    shown = bodies.present(response((("Content-Type", "text/plain"),), b"x" * 50_000))
    assert len(shown.view.text) == bodies.TEXT_SHOWN
    assert "20,000 characters" in shown.notes[0]


def exchange(**changes: object) -> Exchange:
    given: dict[str, object] = {
        "id": 1, "group": 1, "attempt": 1, "library": "aiohttp", "started_at": 1.0, "request": Request("GET", "http://h/"),
    }  # fmt: skip
    return Exchange(**(given | changes))  # type: ignore[arg-type]  # a table of keywords


def test_timing_bars_stand_on_the_runs_clock() -> None:
    took = Timings(dns=100.0, wait=400.0)
    bars = timings.bars(exchange(timings=took, ended_at=1.5), over=2.0)
    assert [(bar.phase, bar.start, bar.width) for bar in bars] == [("dns", 500.0, 50.0), ("wait", 550.0, 200.0)]
    assert [(bar.phase, bar.start, bar.width) for bar in timings.bars(exchange(), over=2.0)] == [("open", 500.0, 500.0)]
    connected = timings.bars(exchange(timings=Timings(connect=500)), over=2.0)
    assert [(bar.phase, bar.start, bar.width) for bar in connected] == [
        ("connect", 500.0, 250.0),
        ("open", 750.0, 250.0),
    ]


@pytest.mark.parametrize(("status", "words"), [(Status.TIMED_OUT, "time limit"), (Status.CANCELLED, "cancellation")])
def test_an_exchange_that_the_end_of_the_run_cut_off_says_so(status: Status, words: str) -> None:
    cut = exchange(ended_at=2.95, error=ExchangeError("CancelledError", "", "wait"))
    assert exchange_pill(cut).text == "cut off"
    assert network.ended_by(cut, status) == f"Cut off by the {words} after 1.95 s"


@given(
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0.001, 100),
    st.lists(st.none() | st.floats(0, 1e5), min_size=5, max_size=5),
)
def test_timing_bars_stay_within_their_drawing(start: float, end: float, over: float, took: list[float | None]) -> None:
    for bar in timings.bars(exchange(started_at=start, ended_at=end, timings=Timings(*took)), over):
        assert bar.start >= 0
        assert bar.width > 0
        assert bar.start + bar.width <= timings.SCALE + 0.2


def test_no_argument_of_curl_is_read_as_an_option() -> None:
    assert shlex.split(curl.command(Request("GET", "-o/etc/x")))[:3] == ["curl", "--url", "-o/etc/x"]


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://u:p@h:1/a?b=1#c", ("h:1", "/a?b=1")),
        ("http://h", ("h", "/")),
        ("http://[bad", ("", "http://[bad")),
        ("/only/path", ("", "/only/path")),
    ],
)
def test_urls_never_raise(url: str, parts: tuple[str, str]) -> None:
    assert urls.host_and_path(url) == parts


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0.4 ms"),
        (0.038, "38 ms"),
        (0.9996, "1 s"),
        (1.31, "1.31 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (None, "–"),
    ],
)
def test_spans(seconds: float | None, text: str) -> None:
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (1400, "1.4 kB"), (999_600, "1 MB"), (5_000_000, "5 MB")]
)
def test_sizes(number: int, text: str) -> None:
    assert size(number) == text


def test_prose_marks_our_backticks_and_not_those_of_values() -> None:
    said = prose("Read `response.{}` of {}.", "a`b", "`x`")
    assert [(part.text, part.code) for part in said] == [("Read ", False), ("response.a`b", True), (" of `x`.", False)]


def test_text_with_backticks_has_code_and_keeps_its_masks() -> None:
    for text, parts in (
        ("Remove `a` from `b`.", [("Remove ", False), ("a", True), (" from ", False), ("b", True), (".", False)]),
        ("`a`", [("a", True)]), ("one ` alone", [("one ` alone", False)]), ("", []),
    ):  # fmt: skip
        assert [(part.text, part.code) for part in with_code(text)] == parts, text
    (before, inside) = with_code(join(("is `", MaskedText.whole("api_key"), "`")))
    assert (str(masked(inside.text)), before.code, inside.code) == (
        str(masked(MaskedText.whole("api_key"))),
        False,
        True,
    )


def test_masked_stretches_become_boxes_and_the_rest_is_escaped() -> None:
    text = join(("<b> ", MaskedText.whole("api_key"), " ", MaskedText.whole("<i>"), " ‹bonjour›"))
    assert str(masked(text)) == (
        '&lt;b&gt; <span class="masked" title="masked">api_key</span> '
        '<span class="masked" title="masked">&lt;i&gt;</span> ‹bonjour›'
    )


@pytest.mark.parametrize("path", ["/", "/runs/1?tab=http", "/integrations/a/actions/b%20c?run=1&x=%2F"])
def test_own_paths_pass(path: str) -> None:
    assert own_path(path, "/else") == path


@each_case("path", ["", "//h", "/\\h", "x", "http://h", "javascript:x", "/a\nb", '/"', "/a#b", "/" + "a" * 3000])
def test_other_paths_do_not(path: str) -> None:
    assert own_path(path, "/else") == "/else"


def test_pointers_are_followed_without_raising() -> None:
    document: JSON = {"a/b": {"~": [1, {"": 2}]}}
    assert pointers.resolve(document, "/a~1b/~0/1/") == 2
    assert pointers.resolve(document, "") == document
    for missing in ("/x", "/a~1b/~0/2", "/a~1b/~0/-1", "/a~1b/~0/01", "no pointer", "/a~1b/~0/0/0"):
        assert pointers.resolve(document, missing) is ABSENT
    assert json.dumps(document)


def test_masked_secrets_in_bodies_and_curl_are_boxes_and_plain_text_is_none() -> None:
    redact = Redactor({"api_key": "s3cret&key"})
    headers = (("content-type", "application/json; charset=utf-8"), ("X-Key", "s3cret&key"))
    body = redact.data('{"é": ["s3cret&key", "‹api_key›"]}'.encode())
    array = bodies.present(response(headers, body)).view.tree.children[0]
    assert [type(node.text) for node in array.children] == [MaskedText, str]
    assert str(masked(bodies.present(response(headers, body), raw=True).view.text)).count('class="masked"') == 1
    form = redact.data(b"a=s3cret%26key&b=2")
    pairs = bodies.present(response((("content-type", "application/x-www-form-urlencoded"),), form)).view.pairs
    assert [(str(value), type(value)) for _, value in pairs] == [("‹api_key›", MaskedText), ("2", str)]
    request = redact.value(Request("POST", "http://h/?k=s3cret%26key", headers=headers))
    request = replace(request, body=body, size=len(body))
    assert curl.variables(request) == ("$API_KEY",)
    words = curl.command(request)
    assert "s3cret" not in words
    assert shlex.split(words)[-1] == '{"é": ["$API_KEY", "‹api_key›"]}'
    shell = ["/bin/sh", "-c", f"printf '%s\n' {words}"]
    told = subprocess.run(shell, env={"API_KEY": 'a"b $c'}, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == '{"é": ["a"b $c", "‹api_key›"]}'
    assert 'X-Key: a"b $c' in told.splitlines()
    assert curl.variables(Request("GET", "http://h/")) == ()
