"""Arrays of different options: one checkbox for each option, in the order of the data."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench import forms
from workbench.domain import JSON

type Open = Callable[..., Any]

DAYS: JSON = {"type": "array", "uniqueItems": True, "items": {"enum": ["mon", "tue", 3, None]}}


def form_of(schema: JSON, *, required: bool = False) -> dict[str, JSON]:
    return {"type": "object", "properties": {"days": schema}, **({"required": ["days"]} if required else {})}


def check(form: Any, *labels: str) -> None:
    """Check the boxes that read ``labels`` and no others."""
    for label in form.page.soup.select(".flags label"):
        box = label.find("input")
        del box["checked"]
        if label.get_text() in labels:
            box["checked"] = ""


@pytest.mark.parametrize("value", [[], ["mon"], ["tue", "mon"], [None, 3, "tue", "mon"], [3]], ids=json.dumps)
def test_a_loaded_array_keeps_its_order_and_has_checkboxes(value: JSON, session: Open) -> None:
    form = session(form_of(DAYS), {"days": value})
    assert form.json == json.dumps({"days": value})
    assert len(form.page.soup.select(".flags input[type=checkbox]")) == 4
    assert len(form.page.soup.select(".flags input[checked]")) == len(value)  # type: ignore[arg-type]


def test_an_untouched_one_is_not_sent_and_a_checked_box_is(session: Open) -> None:
    form = session(form_of(DAYS))
    assert form.json == "{}"
    check(form, "tue", "3")
    assert form.json == '{"days": ["tue", 3]}'
    check(form)
    form.page.take("days", "if empty: send []")
    assert form.json == '{"days": []}'


def test_a_box_that_is_added_comes_after_those_that_were_loaded(session: Open) -> None:
    form = session(form_of(DAYS), {"days": ["tue", "mon"]})
    check(form, "mon", "tue", "3")
    assert form.json == '{"days": ["tue", "mon", 3]}'
    check(form, "mon", "3")
    assert form.json == '{"days": ["mon", 3]}'


@pytest.mark.parametrize("value", [["mon", "mon"], ["wed"], "mon"], ids=json.dumps)
def test_data_that_the_boxes_cannot_show_is_json(value: JSON, session: Open) -> None:
    form = session(form_of(DAYS), {"days": value})
    assert form.json == json.dumps({"days": value})
    assert form.page.soup.select("textarea.code")


def test_null_is_a_state_of_an_optional_one(session: Open) -> None:
    optional: JSON = {"anyOf": [{"$ref": "#/$defs/Days"}, {"type": "null"}], "default": None, "title": "Days"}
    form = session({"$defs": {"Days": DAYS}, **form_of(optional)})
    assert form.json == '{"days": null}'
    check(form, "mon")
    form.page.take("Days", "if empty: send []")
    assert form.json == '{"days": ["mon"]}'
    form.page.take("Days", "send null")
    assert form.json == '{"days": null}'


def test_it_survives_json_and_back_and_stands_in_rows_and_at_the_root(session: Open) -> None:
    form = session(form_of(DAYS), {"days": ["tue", "mon"]})
    form.press("Edit as JSON days")
    assert form.json == '{"days": ["tue", "mon"]}'
    form.press("Back to the form days")
    assert form.json == '{"days": ["tue", "mon"]}'
    assert session({"type": "array", "items": DAYS}, [["tue", "mon"], []]).json == '[["tue", "mon"], []]'
    assert session(DAYS, ["tue", "mon"]).json == '["tue", "mon"]'


def test_an_option_that_the_schema_lost_is_an_error_at_the_field(session: Open) -> None:
    form = session(form_of(DAYS), {"days": ["mon", None]})
    shorter = form_of({"type": "array", "uniqueItems": True, "items": {"enum": ["mon", "tue"]}})
    errors = forms.read(shorter, form.page.pairs()).errors
    assert any(one.pointer == "/days" and "no longer in the schema" in one.message for one in errors)


def test_an_array_that_refers_to_itself_is_an_array() -> None:
    schema: JSON = {"$ref": "#/definitions/a", "definitions": {"a": {**DAYS, "items": {"$ref": "#/definitions/a"}}}}
    assert "flags" not in forms.open_form(schema).markup
