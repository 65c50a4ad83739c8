"""What a form says: labels, help, types, formats; and what it never says, such as somebody else's markup."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench import forms

type Open = Callable[..., Any]


def one(**schema: Any) -> Any:
    return {"type": "object", "properties": {"key": {"type": "string", **schema}}}


@pytest.mark.parametrize(
    ("schema", "label"),
    [
        ({}, "key"),
        ({"title": "Title"}, "Title"),
        ({"label": "Label", "title": "Title"}, "Label"),
        ({"label": " ", "title": 5}, "key"),
    ],
)
def test_label_comes_before_title_and_title_before_the_name(session: Open, schema: Any, label: str) -> None:
    form = session(one(**schema))
    form.page.fill(label, "x")
    assert form.json == '{"key": "x"}'


def test_help_comes_before_the_description_and_is_tied_to_the_control(session: Open) -> None:
    page = session(one(help_text="Help here", description="Not this")).page
    described = [page.soup.find(id=part).get_text() for part in page.control("key")["aria-describedby"].split()]
    assert described == ["string", "Help here"]
    assert "Not this" not in page.text()


def test_only_http_links_in_help_are_live(session: Open) -> None:
    text = (
        "See https://example.com/a?b=1&c=<2>, (http://x.test/y) and https://e.test/w_(x). Not javascript:alert(1) nor "
        "data:text/html,x nor ftp://z.test nor www.example.com nor [a](https://k.test)."
    )
    links = session(one(help_text=text)).page.soup.select(".help a")
    assert [link["href"] for link in links] == [
        "https://example.com/a?b=1&c=",
        "http://x.test/y",
        "https://e.test/w_(x)",
        "https://k.test",
    ]
    assert all(link["rel"] == ["noopener", "noreferrer"] and link["href"] == link.get_text() for link in links)


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><b>",
    "{{7*7}}",
    "hx-get=/x hx-on:click=x",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_a_schema_says_is_text(page: Callable[[str], Any], nasty: str) -> None:
    words = dict.fromkeys(("label", "title", "help_text", "description", "default", "format", "pattern"), nasty)
    schema = {
        "type": "object",
        "properties": {
            nasty: {"type": "string", **words, "examples": [nasty]},
            "e": {"enum": [nasty], "default": nasty},
            "o": {"oneOf": [{"type": "string", "title": nasty}, {"type": "object", "title": nasty}]},
            "p": {"type": "object", "patternProperties": {nasty: {}}},
            "r": {"$ref": nasty},
            "t": {"type": nasty},
        },
        "required": [nasty],
    }
    value = {nasty: nasty, "e": nasty, "zz" + nasty: {nasty: [nasty]}, "p": {nasty: nasty}}
    for markup in (
        forms.open_form(schema).markup,
        forms.open_form(schema, value, errors=[forms.FieldError(f"/{nasty}", nasty)]).markup,
    ):
        opened = page(markup)
        assert not opened.soup.find_all(["script", "img", "b"])
        assert "49" not in opened.text()
        assert not [name for tag in opened.soup.find_all() for name in tag.attrs if name.startswith(("on", "hx-"))]


def test_schema_names_never_become_names_or_ids(page: Callable[[str], Any]) -> None:
    names = ["user name", "a[0].b", "__class__", "data", "_retry_attempt", "inputs.op", "x\ny"]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    for tag in page(forms.open_form(schema, {"zz top": 1}).markup).soup.find_all():
        for attribute in ("name", "id", "for", "aria-describedby"):
            assert re.fullmatch(r"[a-z0-9.\- ]*", str(tag.get(attribute, ""))), tag


@each_case(
    ("schema", "line"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 100}, "integer 1–100"),
        ({"type": "number", "minimum": 0}, "number, at least 0"),
        (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 5, "multipleOf": 0.5},
            "number, above 0, up to 5 · in steps of 0.5",
        ),
        ({"type": "string", "format": "uri"}, "string · uri"),
        ({"type": "string", "minLength": 3, "maxLength": 20}, "string · 3–20 characters"),
        ({"type": "string", "pattern": "^a"}, "string · like ^a"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5}, "array of string · 1–5 items"),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, "array of integer · all different"),
        ({"type": "object", "minProperties": 1}, "object · at least 1 property"),
        ({"enum": ["a", "b"], "type": "string"}, "string · one of 2"),
        ({}, "any value"),
    ],
)
def test_the_type_and_its_bounds_stand_in_a_line(session: Open, schema: Any, line: str) -> None:
    page = session({"type": "object", "properties": {"key": schema}}).page
    assert page.soup.select(".type")[0].get_text() == line


def test_examples_and_the_default_are_named(session: Open) -> None:
    text = session(one(examples=["a", "b"], default="c"), {}).page.text()
    assert "For example a, b." in text
    assert 'Default: "c".' in text


@pytest.mark.parametrize(("value", "same"), [("c", True), ("d", False), (None, False)])
def test_the_default_needs_no_words_where_the_field_says_the_same(session: Open, value: Any, same: bool) -> None:
    page = session(one(default="c"), {} if value is None else {"key": value}).page
    assert ("same" in page.soup.select(".default")[0]["class"]) is same


def test_the_words_for_required_follow_the_label(session: Open) -> None:
    page = session({**one(maxLength=5), "required": ["key"]}).page
    assert page.soup.select(".field-head")[0].get_text(" ").split()[:3] == ["key", "required", "string"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2026-11-01", "01.11.2026"),
        ("date-time", "2026-11-01T09:30:00+01:00", "2026-11-01 9:30"),
        ("time", "09:30:00Z", "9:30"),
        ("email", "ada@example.com", "ada"),
        ("uri", "urn:x:y", "no uri"),
    ],
)
def test_a_wrong_format_is_a_remark_and_no_error(session: Open, name: str, good: str, bad: str) -> None:
    form = session(one(format=name), {"key": good})
    assert form.json == f'{{"key": "{good}"}}'
    assert not form.page.soup.select(".remark")
    form = session(one(format=name), {"key": bad})
    assert form.json == f'{{"key": "{bad}"}}'
    remark = form.page.soup.select(".remark")[0]
    assert "The SDK does not check formats" in remark.get_text()
    assert remark["id"] in form.page.control("key")["aria-describedby"]


def test_a_date_control_is_used_only_where_it_keeps_the_text(session: Open) -> None:
    assert session(one(format="date"), {"key": "2026-02-28"}).page.control("key")["type"] == "date"
    for text in ("2026-02-30", "2026-2-3", "today", "20260228", "２０２６-02-28"):
        assert session(one(format="date"), {"key": text}).page.control("key")["type"] == "text"


def test_a_public_file_url_says_what_the_platform_does(session: Open) -> None:
    assert (
        "On the platform a person picks a file" in session(one(**{"x-autohive-input": "file-public-url"})).page.text()
    )


def test_an_invalid_schema_is_drawn_with_a_warning_that_names_the_fault(session: Open) -> None:
    form = session(one(required=False))
    assert '"required": false is not allowed on a property' in form.page.soup.select(".schema-warning")[0].get_text()
    form.page.fill("key", "x")
    assert form.json == '{"key": "x"}'


ODD = [None, True, False, [], "x", 3, {"type": "strng"}, {"properties": [1]}, {"required": "a"}, {"enum": "abc"}]
ODD += [
    {"type": []},
    {"oneOf": []},
    {"items": []},
    {"$ref": "#"},
    {"$ref": "#/nope"},
    {"allOf": [{"$ref": "#"}]},
    {"$ref": 5},
]
ODD += [{"oneOf": [{"$ref": "#"}]}, {"anyOf": [{"$ref": "#"}, {"type": "string"}]}, {"properties": {"a": 3, "b": None}}]
ODD += [
    {"$ref": 5},
    {"minimum": "1", "type": "integer", "title": [], "description": {}, "label": 1, "examples": 2, "format": 3},
]


@each_case("schema", ODD)
@each_case("value", [forms.ABSENT, None, {}, {"a": 1}, [1], "x", 1.5])
def test_no_schema_is_too_odd_to_be_drawn(session: Open, schema: Any, value: Any) -> None:
    form = session(schema, value)
    if value is not forms.ABSENT:
        assert (form.read().value, form.read().errors) == (value, ())


def test_every_control_has_a_name_and_every_fieldset_a_legend(page: Callable[[str], Any], corpus_inputs: Any) -> None:
    for name, schema in corpus_inputs[::7]:
        opened = page(forms.open_form(schema).markup)
        ids = [tag["id"] for tag in opened.soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        labelled = {tag["for"] for tag in opened.soup.find_all("label", attrs={"for": True})}
        for control in opened.soup.find_all(["input", "select", "textarea"]):
            if control.get("type") == "hidden":
                continue
            named = control.get("id") in labelled or control.get("aria-label") or control.find_parent("label")
            assert named, f"{name}: {control}"
            for part in str(control.get("aria-describedby", "")).split():
                assert part in ids, f"{name}: {part}"
        for group in opened.soup.find_all("fieldset"):
            assert group.find("legend", recursive=False).get_text(strip=True), name


def test_a_form_of_nothing_says_so() -> None:
    assert (
        "The schema declares no properties. Properties that you add are sent as they are."
        in forms.open_form({"type": "object"}).markup
    )
    closed = forms.open_form({"type": "object", "additionalProperties": False}).markup
    assert "The schema declares no properties." in closed
    assert "declares no properties" not in forms.open_form({"type": "object", "properties": {"a": {}}}).markup
