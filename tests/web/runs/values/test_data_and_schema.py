"""The picture: a fault, a warning, a place and a rule each mark both sides, with URLs of their own."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from workbench.domain import JSON, ErrorCode, Kind, Outcome, Side, Status, ValidationError
from workbench.events import WarningsFound
from workbench.explain import provenance
from workbench.jsondoc import pointer as pointers
from workbench.runner.diagnosis import diagnose_output, diagnose_request, warn_of_output, warn_of_request
from workbench.web.runs.query import Selection
from workbench.web.runs.tabs import validation
from workbench.web.runs.values import data_and_schema, field_anchors, validated_value
from workbench.web.runs.values.validated_value import Around
from workbench.web.ui import text_diff
from workbench.web.ui.json_tree import Gap, Node

type Tell = Callable[..., Any]

ENTRIES = {
    "type": "object",
    "properties": {
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "link": {"type": "string", "format": "uri"},
                    "published": {"type": "string", "nullable": True},
                },
                "required": ["title"],
            },
        }
    },
}
RETURNED: JSON = {
    "entries": [
        {"title": "First entry", "link": "http://h/1", "published": "2026"},
        {"title": "Second entry", "link": "no link", "published": None},
        {"link": "http://h/3", "published": "2026"},
    ]
}
PUBLISHED = "/properties/entries/items/properties/published/type"


def diagnosed(story: Any) -> Any:
    """Appends what the runner would find of the request and of what was returned, and ends the run."""
    request = story.request
    returned = story.now.outcome.returned
    outcome = Outcome(status=Status.SUCCEEDED, returned=returned)
    errors = (*diagnose_request(request), *diagnose_output(request, outcome))
    story.errors(*errors)
    story.tell(WarningsFound(story.later(1), (*warn_of_request(request), *warn_of_output(request, outcome))))
    where = errors[0].where if errors else ""
    status = {"input": Status.INVALID_INPUT, "auth": Status.INVALID_AUTH, "output": Status.INVALID_OUTPUT}.get(where)
    return story.finished(status or Status.SUCCEEDED, valued=status is None)


@pytest.fixture
def feed(tell: Tell) -> Any:
    return diagnosed(tell(output_schema=ENTRIES).started().returned(RETURNED))


def soup(client: FlaskClient, path: str, **more: Any) -> BeautifulSoup:
    answer = client.get(path, **more)
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def marked(page: BeautifulSoup, side: str) -> list[tuple[str, str]]:
    """Tone and place of each mark of a side; the place from the node's own link."""
    found = []
    for mark in page.select(f'[data-side="{side}"] [data-hit]'):
        link = mark.select_one("a.go")
        tone = next(tone for tone in ("bad", "warn", "calm") if tone in mark["class"])
        asked = parse_qs(urlsplit(str(link["href"])).query) if link else {}
        found.append((tone, (asked.get("at") or asked.get("rule") or ["#"])[0][1:]))
    return found


def marks_of(root: Node) -> dict[str, str]:
    found = {root.pointer: root.tone} if root.hit else {}
    for child in root.children:
        if not isinstance(child, Gap):
            found |= marks_of(child)
    return found


def test_a_fault_marks_its_place_and_its_rule(client: FlaskClient, feed: Any) -> None:
    page = soup(client, f"/runs/{feed.run.id}?error=0")
    assert marked(page, "data") == [("bad", "/entries/1/published")]
    assert marked(page, "schema") == [("bad", PUBLISHED)]
    page = soup(client, f"/runs/{feed.run.id}?error=1")
    assert marked(page, "data") == [("bad", "/entries/2/title")]
    assert marked(page, "schema") == [("bad", "/properties/entries/items/required")]


def test_each_node_leads_to_a_page_on_which_both_sides_are_marked(
    client: FlaskClient, feed: Any, step: Callable[[int], int]
) -> None:
    page = soup(client, f"/runs/{feed.run.id}?error=0")
    links = [str(link["href"]) for link in page.select(".split a.go")]
    assert len(links) >= 20
    for link in links[:: step(3)]:
        moved = soup(client, link)
        assert moved.select("[data-side=data] [data-hit]") or "/description" in link or "required" in link, link
        assert moved.select("[data-side=schema] [data-hit]"), link
    rule = next(link for link in links if link.endswith("published%2Ftype"))
    moved = soup(client, rule)
    assert marked(moved, "data") == [
        ("calm", "/entries/0/published"),
        ("bad", "/entries/1/published"),
        ("calm", "/entries/2/published"),
    ]
    place = next(link for link in links if link.endswith("%2F1%2Fpublished"))
    moved = soup(client, place)
    assert marked(moved, "schema") == [
        ("calm", PUBLISHED.removesuffix("/type")),
        ("bad", PUBLISHED),
    ]


def test_the_fault_list_is_ordered_and_each_entry_leads_to_its_place(client: FlaskClient, feed: Any) -> None:
    page = soup(client, f"/runs/{feed.run.id}?tab=validation")
    faults = page.select("ol.error-list:not(.warnings) > li p > a")
    assert [fault.text.split()[0] for fault in faults] == ["/entries/1/published", "/entries/2/title"]
    assert [fault.get("aria-current") for fault in faults] == ["true", None]
    assert str(faults[1]["href"]).endswith("error=1#outcome-data-and-schema")
    assert page.select_one("#outcome-data-and-schema [role=status]").text == (  # type: ignore[union-attr]  # it is there
        f"Marked: /entries/1/published, and {PUBLISHED} in the schema."
    )
    assert page.select(".split .also")


def test_warnings_are_another_light(client: FlaskClient, feed: Any) -> None:
    page = soup(client, f"/runs/{feed.run.id}?tab=validation")
    warnings = page.select("ol.warnings > li p > a")
    assert warnings[0].text.split()[0] == "/entries/1/link"
    assert page.select_one("ol.warnings .dot.warn")
    moved = soup(client, str(warnings[0]["href"]))
    assert marked(moved, "data") == [("warn", "/entries/1/link")]
    assert marked(moved, "schema") == [("warn", "/properties/entries/items/properties/link/format")]
    moved = soup(client, str(warnings[1]["href"]))
    assert marked(moved, "schema") == [("warn", "/properties/entries/items/properties/published/nullable")]
    assert {tone for tone, _ in marked(moved, "data")} == {"warn"}


def test_a_run_that_succeeded_shows_its_warnings_too(client: FlaskClient, tell: Tell) -> None:
    story = diagnosed(tell(output_schema=ENTRIES).started().returned({"entries": [{"title": "T", "link": "none"}]}))
    page = soup(client, f"/runs/{story.run.id}")
    badge = page.select_one("#outcome-tab-validation .n")
    assert badge is not None
    assert "warn" in badge["class"]
    page = soup(client, f"/runs/{story.run.id}?tab=validation")
    assert page.select(".split .tree")
    assert not page.select("ol.error-list:not(.warnings)")
    assert "warning" in page.select_one(".checks .warning").text  # type: ignore[union-attr]  # it is there


def test_each_value_has_its_picture(client: FlaskClient, tell: Tell) -> None:
    story = diagnosed(tell(inputs={"url": 5}, auth={}).started())
    for where, at in (("input", "/url"), ("auth", "/api_key")):
        page = soup(client, f"/runs/{story.run.id}?tab=validation&where={where}&at=%23{at}")
        assert marked(page, "data") == [("bad", at)]
        assert [tone for tone, _ in marked(page, "schema")][-1] == "bad"
    page = soup(client, f"/runs/{story.run.id}?tab=validation&where=output")
    assert not page.select(".split")


def test_each_record_of_a_trigger_has_its_picture(client: FlaskClient, tell: Tell) -> None:
    schema = ENTRIES["properties"]["entries"]["items"]  # type: ignore[index]  # a literal
    records = [{"id": str(n), "data": item} for n, item in enumerate(RETURNED["entries"])]  # type: ignore[index,call-overload,arg-type]
    records.append({"data": {"title": "T"}})
    story = diagnosed(tell(kind=Kind.TRIGGER, name="new", output_schema=schema).started().returned(records, "list"))
    places = []
    for number in range(3):
        page = soup(client, f"/runs/{story.run.id}?error={number}")
        places += [place for _, place in marked(page, "data")]
    assert places == ["/1/data/published", "/2/data/title", "/3/id"]
    page = soup(client, f"/runs/{story.run.id}?tab=validation&where=output&at=%23/0/data/title")
    assert marked(page, "schema") == [("calm", "/properties/title")]
    page = soup(client, f"/runs/{story.run.id}?tab=validation&where=output&at=%23/0/id")
    assert "no rule applies" in page.select_one("[data-side=data] [data-hit]").text  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize(
    "query", ["error=99", "warning=99", "where=nothing&at=%23/x", "where=output&at=/x", "where=output&at=%23/no/where",
              "where=output&rule=%23/no/where", "where=output&at=%23", "where=output&rule=%23", "where=auth&at=%23/a"],
)  # fmt: skip
def test_what_makes_no_sense_still_draws(client: FlaskClient, feed: Any, query: str) -> None:
    page = soup(client, f"/runs/{feed.run.id}?tab=validation&{query}")
    assert page.select(".checks")


def test_more_of_a_picture_is_loaded_with_its_links(client: FlaskClient, tell: Tell) -> None:
    value = {"entries": [{"title": f"Entry {n}", "published": "x"} for n in range(500)]}
    value["entries"][300]["published"] = None  # type: ignore[assignment]  # the fault
    story = diagnosed(tell(output_schema=ENTRIES).started().returned(value))
    page = soup(client, f"/runs/{story.run.id}?error=0")
    gap = page.select("[data-side=data] a.gap")[0]
    more = soup(client, str(gap["href"]), headers={"HX-Request": "true"})
    link = next(link for link in more.select("a.go") if link.text == "7")
    assert marked(soup(client, str(link["href"])), "data") == [("calm", "/entries/7")]


def test_a_large_document_is_folded_and_its_mends_wait(client: FlaskClient, tell: Tell) -> None:
    value: Any = {"entries": [{"title": f"Entry {n} " + "x" * 60, "published": "x"} for n in range(20_000)]}
    value["entries"][15_000]["published"] = None
    story = diagnosed(tell(output_schema=ENTRIES).started().returned(value))
    page = soup(client, f"/runs/{story.run.id}?error=0")
    assert marked(page, "data") == [("bad", "/entries/15000/published")]
    assert len(str(page)) < 90_000
    waiting = page.select_one("#outcome-fixes[hx-trigger=load]")
    assert waiting is not None
    mends = soup(client, str(waiting["hx-get"]), headers={"HX-Request": "true"})
    assert "Change the type to string or null" in mends.text
    assert "<html" in client.get(str(waiting["hx-get"])).text


def test_the_verdict_says_who_is_at_fault_and_why(client: FlaskClient, tell: Tell, feed: Any) -> None:
    page = soup(client, f"/runs/{feed.run.id}?error=0")
    judged = page.select_one(".data-or-schema")
    assert isinstance(judged, Tag)
    assert judged.strong is not None
    assert judged.strong.text == "The schema is likely wrong."
    assert "nullable" in judged.text
    assert "nullable" in str(judged.select_one("a")["href"])  # type: ignore[index]  # it is there
    sound = diagnosed(tell(inputs={"url": 5}).started())
    judged = soup(client, f"/runs/{sound.run.id}").select_one(".data-or-schema")
    assert judged is not None
    assert "The inputs are invalid." in judged.text


def test_a_repeated_run_is_no_evidence_against_the_schema(tell: Tell) -> None:
    schema = {"properties": {"n": {"type": "string"}}}
    runs = [diagnosed(tell(output_schema=schema).started().returned({"n": 5})).now for _ in range(3)]
    shown = validation.present(runs[0], Selection(), Around(runs=tuple(runs)))
    assert shown.verdict is not None
    assert not shown.verdict.blames_schema
    others = [diagnosed(tell(output_schema=schema).started().returned({"n": n})).now for n in (6, 7)]
    shown = validation.present(runs[0], Selection(), Around(runs=(*runs, *others)))
    assert shown.verdict is not None
    assert shown.verdict.blames_schema


BODY = {
    "items": [{"name": "First entry", "url": "http://h/1"}, {"name": "Second entry", "url": "http://h/2", "pub": None}]
}


def returned(entry: JSON) -> Any:
    return {"entries": [entry]}


@pytest.mark.parametrize(
    ("entry", "pointer", "found"),
    [
        ({"title": "Second entry", "link": "http://h/2", "pub": None}, "/entries/0/pub", ("/items/1/pub", False)),
        ({"title": "First entry", "link": "http://h/1", "pub": None}, "/entries/0/pub", ("/items/0", True)),
        ({"title": "Second entry", "link": "http://h/2"}, "/entries/0/pub", ("/items/1", False)),
        ({"title": "Second entry", "link": "http://h/2", "pub": 0}, "/entries/0/pub", ("/items/1", False)),
        ({"title": "Second entry"}, "/entries/0/title", ("/items/1/name", False)),
        ({"title": "elsewhere", "link": "http://h/9", "pub": None}, "/entries/0/pub", None),
        ({"a": None}, "/entries/0/a", None),
    ],
)
def test_the_exchange_that_carried_a_value(
    tell: Tell, entry: JSON, pointer: str, found: tuple[str, bool] | None
) -> None:
    story = tell().started().exchange(body=b'{"other": "thing"}').exchange(body=json.dumps(BODY).encode())
    run = story.returned(returned(entry)).finished(Status.INVALID_OUTPUT).now
    seen = provenance.find(run, ValidationError(Side.OUTPUT, pointer, "", "type", ""))
    assert (seen and (seen.pointer, seen.missing)) == found
    assert seen is None or seen.exchange == 2
    carried = found is not None and pointers.resolve(BODY, found[0]) == pointers.resolve(
        run.outcome.returned.value, pointer
    )
    assert seen is None or carried is (seen.description == "Where the value came from")


def test_a_fraction_is_found_whatever_its_spelling(tell: Tell) -> None:
    story = tell().started().exchange(body=b'{"items": [{"name": "one", "price": 1.10}]}')
    run = story.returned(returned({"price": 1.1})).finished(Status.INVALID_OUTPUT).now
    seen = provenance.find(run, ValidationError(Side.OUTPUT, "/entries/0/price", "", "type", ""))
    assert seen is not None
    assert seen.pointer == "/items/0/price"


def test_a_value_that_two_exchanges_carried_is_claimed_of_none(tell: Tell) -> None:
    story = tell().started().exchange(body=json.dumps(BODY).encode()).exchange(body=json.dumps(BODY).encode())
    run = story.returned(returned({"title": "Second entry"})).finished(Status.INVALID_OUTPUT).now
    assert provenance.find(run, ValidationError(Side.OUTPUT, "/entries/0/title", "", "type", "")) is None


def test_an_output_fault_leads_to_the_exchange(client: FlaskClient, tell: Tell) -> None:
    body = {"items": [{"name": "Second entry", "url": "no link", "published": None}]}
    story = tell(output_schema=ENTRIES).started().exchange(body=json.dumps(body).encode()).returned(RETURNED)
    page = soup(client, f"/runs/{diagnosed(story).run.id}?error=0")
    link = page.select_one(".error-item .ways .from")
    assert link is not None
    assert link.text == "exchange 1 /items/0/published"
    assert "exchange=1" in str(link["href"])


def test_the_field_of_a_fault_is_among_its_anchors() -> None:
    from workbench import forms

    row = {"type": "object", "properties": {"n": {"type": "integer"}}}
    deep = {"type": "object", "properties": {"z": {"type": "string"}}}
    branches = [{"type": "object", "properties": {"a": {"const": 1}}}, {"type": "object", "properties": {"deep": deep}}]
    schema: Any = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": row},
            "by": {"oneOf": branches},
            "new": {"type": "object", "properties": {"inner": {"type": "string"}}, "required": ["inner"]},
        },
    }
    value: Any = {"rows": [{"n": 1}, {"n": "x"}], "by": {"deep": {"z": 1}}, "new": {}}
    for pointer in ("/rows/1/n", "/by/deep/z", "/new/inner"):
        error = ValidationError(Side.INPUT, pointer, "", "type", "wrong", code=ErrorCode.OTHER)
        markup = forms.open_form(schema, value, errors=[error]).markup
        ids = set(re.findall(r'id="([^"]+)"', markup))
        field = field_anchors.find_field(error)
        assert field is not None
        first = next(each for each in field.every.split() if each in ids)
        around = BeautifulSoup(markup, "html.parser").find(id=first)
        assert around is not None
        assert "wrong" in around.text
        assert set(field.around) & ids
        assert field.name == pointer.rpartition("/")[2]
    unknown = field_anchors.find_field(ValidationError(Side.INPUT, "/new/other", "", "required", "wrong"))
    assert unknown is not None
    assert not set(unknown.ids) & ids
    assert set(unknown.around) & ids
    assert field_anchors.find_field(ValidationError(Side.OUTPUT, "/x", "", "type", "")) is None


def test_records_of_a_run() -> None:
    assert validated_value.record([{"data": 1}, {"data": 2}], "/1/data/x") == "/1/data"
    assert validated_value.record([{"data": 1}], "") == "/0/data"
    assert validated_value.record([], "/3/id") == ""
    assert validated_value.is_large(list(range(6_000)))
    assert validated_value.is_large("x" * 900_000)
    assert not validated_value.is_large({"a": [1, 2, 3]})


def test_differences_are_few_lines_without_their_shared_margin() -> None:
    before = "\n".join(f"    line {n}" for n in range(40))
    after = before.replace("line 7", "seven").replace("    line 30\n", "")
    assert [(line.mark, line.number, line.text) for line in text_diff.difference(before, after)] == [
        (" ", 7, "line 6"), ("-", 8, "line 7"), ("+", 8, "seven"), (" ", 9, "line 8"),
        ("…", 0, ""),
        (" ", 30, "line 29"), ("-", 31, "line 30"), (" ", 32, "line 31"),
    ]  # fmt: skip
    assert text_diff.difference(before, before) == ()
    assert len(text_diff.difference("", "\n".join(map(str, range(9_000))))) == text_diff.SHOWN + 1


def test_a_rule_that_cannot_be_used_is_not_taken_for_one_that_the_data_broke(client: FlaskClient, tell: Tell) -> None:
    schema = {"properties": {"a": {"type": "object", "required": True}}}
    page = soup(client, f"/runs/{diagnosed(tell(output_schema=schema).started().returned({'a': {}})).run.id}?error=0")
    assert "invalid schema" in page.select_one("[data-side=data] [data-hit]").text  # type: ignore[union-attr]
    assert marked(page, "schema") == [("bad", "/properties/a/required")]
    assert "The schema is invalid." in page.select_one(".data-or-schema").text  # type: ignore[union-attr]  # it is there


def test_a_rule_within_a_branch_is_shown_with_the_branch_that_is_closest(tell: Tell) -> None:
    schema = {"oneOf": [{"required": ["url", "width"]}, {"required": ["text"]}]}
    run = diagnosed(tell(inputs={"url": "x"}, input_schema=schema)).now
    (error,) = run.outcome.errors
    drawn = data_and_schema.of_error(run, error, Around())
    assert marks_of(drawn.schema.root) == {"/oneOf": "bad", "/oneOf/0/required": "bad"}
