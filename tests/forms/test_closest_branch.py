"""A form opens the branch that the diagnosis names as the closest, so that an error always finds its field."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from workbench import forms
from workbench.schema import closest_branch, diagnose

TEXT = {"type": "string"}
CHANNEL = {
    "type": "object",
    "properties": {"kind": {"enum": ["channel"]}, "id": TEXT, "team": TEXT, "text": TEXT},
    "required": ["kind", "id", "team", "text"],
}
USER = {
    "type": "object",
    "properties": {"kind": {"enum": ["user"]}, "email": TEXT},
    "required": ["email"],
}

NAMES = st.sampled_from(["kind", "id", "url", "name", "size"])
PARTS = st.sampled_from(
    [TEXT, {"type": "integer"}, {"const": "a"}, {"const": "b"}, {"enum": ["a"]}, {"type": "array", "items": TEXT}]
)
OBJECTS = st.builds(
    lambda properties, required, closed: {
        "type": "object",
        "properties": properties,
        "required": required,
        **({"additionalProperties": False} if closed else {}),
    },
    st.dictionaries(NAMES, PARTS, min_size=1, max_size=4),
    st.lists(NAMES, unique=True, max_size=4),
    st.booleans(),
)
BRANCHES = st.lists(OBJECTS | st.sampled_from([TEXT, {"type": "integer"}]), min_size=2, max_size=4)
VALUES = st.dictionaries(NAMES, st.sampled_from(["a", "b", "x", 5, None, ["x"], [1]]), max_size=4)


def opened(schema: Any, value: Any) -> int | None:
    """The branch that the form of ``schema`` shows, by its number; None where there is none to choose."""
    page = BeautifulSoup(forms.open_form(schema, value).markup, "html.parser")
    switch = page.select_one("select[data-switch]")
    if switch is None:
        return None
    options = switch.find_all("option")
    return next(index for index, option in enumerate(options) if option.has_attr("selected"))


def named(schema: Any, value: Any) -> int | None:
    """The branch that the diagnosis marks as the closest; None where it marks none."""
    found = [row.index for error in diagnose(schema, value).errors for row in error.branches if row.closest]
    return found[0] if found else None


def test_the_form_opens_the_branch_that_the_diagnosis_names() -> None:
    schema = {"type": "object", "properties": {"to": {"oneOf": [CHANNEL, USER]}}}
    value = {"to": {"kind": "channel"}}
    assert named(schema, value) == 0
    assert opened(schema, value) == 0


def test_the_field_of_an_error_is_in_the_form(submit: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"to": {"oneOf": [USER, CHANNEL]}}}
    markup = forms.open_form(schema, {"to": {"kind": "channel"}}).markup
    names = [label.get_text() for label in BeautifulSoup(markup, "html.parser").find_all("label")]
    assert "team" in names and "email" not in names


@given(BRANCHES, VALUES, st.sampled_from(["oneOf", "anyOf"]))
def test_form_and_diagnosis_choose_alike(branches: list[Any], value: dict[str, Any], keyword: str) -> None:
    schema = {"type": "object", "properties": {"x": {keyword: branches}}}
    wanted = named(schema, {"x": value})
    shown = opened(schema, {"x": value})
    if wanted is not None and shown is not None:
        assert shown == wanted


def test_a_reference_in_a_branch_is_followed_as_the_validator_follows_it() -> None:
    root = {
        "$id": "https://example.org/message",
        "definitions": {"user": USER, "channel": {"$id": "#channel", **CHANNEL}},
    }
    branches: list[Any] = [{"$ref": "https://example.org/message#/definitions/user"}, {"$ref": "#channel"}]
    value = {"kind": "channel", "team": "x"}
    schema = {**root, "type": "object", "properties": {"to": {"oneOf": branches}}}
    assert closest_branch(schema, branches, value) == 1
    assert opened(schema, {"to": value}) == 1


def test_what_a_form_cannot_show_is_not_chosen() -> None:
    assert closest_branch({}, [USER, CHANNEL, TEXT], {"kind": "channel"}, among={0, 2}) == 0
    assert closest_branch({}, [USER, TEXT], 5, among=set()) is None


def misspelt(name: str, other: str) -> dict[str, Any]:
    """A branch with one property of its own, which a value may misspell, and one that both branches have."""
    properties = {name: TEXT, "size": TEXT, other: TEXT}
    return {"type": "object", "properties": properties, "additionalProperties": False}


MANY_HINTS = {"type": "array", "items": {"type": "object", "properties": {}, "additionalProperties": False}}


def test_errors_before_a_choice_do_not_change_the_branch() -> None:
    either = {"oneOf": [misspelt("invoice", "a"), misspelt("telephone", "b")]}
    schema = {"type": "object", "properties": {"x": MANY_HINTS, "y": either}}
    value = {"x": [{f"n{number}": 1} for number in range(300)], "y": {"telefone": "1"}}
    assert named(schema, value) == opened(schema, value) == 1


def test_a_branch_with_thousands_of_errors_is_the_same_for_form_and_diagnosis(step: Callable[[int], int]) -> None:
    branches: list[Any] = [
        {"type": "array", "items": {"type": "integer", "maximum": 5}, "maxItems": 1500},
        {"type": "array", "items": TEXT},
    ]
    schema = {"type": "object", "properties": {"y": {"oneOf": branches}}}
    for numbers, strings in ((1100, 1200), (1200, 1100), (1600, 900))[:: step(2)]:
        value = [*(["x"] * strings), *([9] * numbers)]
        assert named(schema, {"y": value}) == closest_branch(schema, branches, value)
