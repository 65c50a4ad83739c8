"""What a schema says for some values only: its fields are there, and each says when it counts and is required."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.domain import JSON

type Open = Callable[..., Any]

TEXT: JSON = {"type": "string"}


def notes(form: Any) -> dict[str, list[str]]:
    """By the label of each field: when it is required, and the notes below it."""
    found = {}
    for field in form.page.soup.select(".form-root > .field"):
        label = field.select_one("legend, .field-head label").get_text()
        found[label] = [one.get_text() for one in field.select(":scope > .field-head .req, :scope > .help .note")]
    return found


def form_of(session: Open, properties: JSON, **rules: JSON) -> dict[str, list[str]]:
    return notes(session({"type": "object", "properties": properties, **rules}))


def test_an_array_of_dependencies_is_announced_at_the_fields(session: Open) -> None:
    found = form_of(
        session,
        {"credit_card": TEXT, "billing": TEXT, "name": TEXT},
        required=["name"],
        dependencies={"credit_card": ["billing", "name"]},
    )
    assert found == {"credit_card": [], "billing": ["required with credit_card"], "name": ["required"]}


def test_what_then_and_else_require_is_announced(session: Open) -> None:
    found = form_of(
        session,
        {"kind": TEXT, "number": TEXT},
        **{
            "if": {"properties": {"kind": {"const": "card"}}},
            "then": {"required": ["number", "iban"], "properties": {"iban": TEXT}},
            "else": {"required": ["number"]},
        },
    )
    assert found["number"] == ["required when kind is card or unless kind is card"]
    assert found["iban"] == ["required when kind is card", "Applies when kind is card."]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("by_reference", [False, True])
def test_the_fields_of_branches_under_a_condition_are_there(keyword: str, by_reference: bool, session: Open) -> None:
    no: JSON = {"properties": {"pets": {"enum": ["no"]}}}
    yes: JSON = {
        "properties": {"pets": {"enum": ["one", "many"]}, "age": {"type": "integer"}, "chip": TEXT},
        "required": ["age"],
    }
    part: JSON = {keyword: [no, {"$ref": "#/definitions/yes"} if by_reference else yes]}
    pets: JSON = {"enum": ["no", "one", "many"]}
    found = form_of(session, {"pets": pets}, dependencies={"pets": part}, definitions={"yes": yes})
    when = "with pets when pets is one of one, many"
    assert found == {"pets": [], "age": [f"required {when}", f"Applies {when}."], "chip": [f"Applies {when}."]}


def test_branches_that_no_value_tells_apart_require_nothing_by_themselves(session: Open) -> None:
    part: JSON = {
        "properties": {"mail": TEXT},
        "anyOf": [{"required": ["mail"]}, {"properties": {"phone": TEXT}, "required": ["phone"]}],
    }
    found = form_of(session, {"kind": TEXT}, **{"if": {"required": ["kind"]}, "then": part})
    assert found == {"kind": [], "mail": ["Applies when kind is set."], "phone": ["Applies when kind is set."]}


def test_a_property_that_is_always_declared_is_not_called_conditional(session: Open) -> None:
    rule: JSON = {
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"properties": {"size": {"const": 1}, "extra": {"type": "integer"}}, "required": ["size"]},
    }
    other: JSON = {
        "if": {"properties": {"kind": {"const": "b"}}},
        "then": {"properties": {"extra": TEXT}, "required": ["extra"]},
    }
    schema: JSON = {
        "type": "object",
        "properties": {"kind": TEXT, "size": {"type": "integer"}},
        "allOf": [rule, other],
    }
    form = session(schema, {"kind": "c", "size": 7, "extra": "x"})
    assert form.json == '{"kind": "c", "size": 7, "extra": "x"}'
    assert notes(form) == {
        "kind": [],
        "size": ["required when kind is a"],
        "extra": ["required when kind is b", "Applies when kind is a or when kind is b."],
    }


def test_a_condition_that_refers_to_itself_ends(session: Open) -> None:
    loop: JSON = {"properties": {"b": TEXT}, "anyOf": [{"$ref": "#/definitions/loop"}, {"$ref": "#"}]}
    found = form_of(
        session, {"a": TEXT}, dependencies={"a": {"$ref": "#/definitions/loop"}}, definitions={"loop": loop}
    )
    assert found == {"a": [], "b": ["Applies with a."]}


def test_values_under_conditions_come_back(session: Open) -> None:
    branches: JSON = [{"properties": {"k": {"const": name}, name: {"type": "integer"}}} for name in ("x", "y")]
    schema: JSON = {"type": "object", "properties": {"k": TEXT}, "dependencies": {"k": {"oneOf": branches}}}
    assert session(schema, {"y": 2, "k": "y", "other": [1]}).json == '{"y": 2, "k": "y", "other": [1]}'
