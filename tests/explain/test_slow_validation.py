"""The sentence for a run that was stopped while a value was validated."""

from dataclasses import replace
from pathlib import Path

from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest, Side, ValidationPlace
from workbench.explain import validation_errors
from workbench.explain.text import plain

SCHEMA = {
    "properties": {"blocks": {"items": {"$ref": "#/definitions/a~1b"}}},
    "definitions": {"a/b": {"anyOf": [{"type": "null"}]}},
}


REQUEST = RunRequest(
    "one", Path("/one"), "one.py", Kind.ACTION, "go", Contract(ContractVersion.V2), {}, {}, AuthShape.FLAT
)


def told(place: ValidationPlace) -> str:
    return plain(validation_errors.stopped_in(place, replace(REQUEST, input_schema=SCHEMA)))


def test_references_on_the_way_are_followed() -> None:
    steps = ("properties", "blocks", "items", "$ref", "anyOf")
    place = ValidationPlace(Side.INPUT, ("blocks", "0"), steps, "anyOf")
    assert told(place) == (" while the inputs were validated: anyOf at /definitions/a~1b/anyOf on /blocks/0")


def test_a_value_that_is_not_known_keeps_the_steps_of_the_validator() -> None:
    place = ValidationPlace(Side.VALUE, (), ("items", "$ref", "oneOf"), "oneOf")
    assert told(place) == " while a value was validated: oneOf at /items/$ref/oneOf"
