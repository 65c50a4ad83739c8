"""The bar: for a single change that makes a valid value invalid, the first fault points at the place of the change."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from workbench.domain import SpellingHint, SpellingHintKind
from workbench.jsondoc import pointer as pointers
from workbench.schema import diagnose

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def record(required: list[str] | None = None, **members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(members) if required is None else required}


def strict(**members: Any) -> dict[str, Any]:
    return record(**members) | {"additionalProperties": False}


BRANCHING: dict[str, Any] = {
    "one or many": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]},
    "two scalars": {"anyOf": [WHOLE, TEXT]},
    "a cell": {"oneOf": [TEXT, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]},
    "name or object": {"oneOf": [TEXT, record(["name"], name=TEXT, label=TEXT, type=TEXT, count=WHOLE)]},
    "object or null": {"anyOf": [record(id=TEXT, n=WHOLE), {"type": "null"}]},
    "two ids": {"oneOf": [record(page_id=TEXT), record(database_id=TEXT)]},
    "told apart by const": {
        "oneOf": [record(kind={"const": "a"}, x=WHOLE, y=TEXT), record(kind={"const": "b"}, z=WHOLE, w=TEXT)]
    },
    "told apart by enum": {
        "oneOf": [
            record(type={"enum": ["text"]}, text=record(content=TEXT)),
            record(type={"enum": ["image"]}, url=TEXT),
            record(type={"enum": ["list"]}, items={"type": "array", "items": TEXT}),
        ]
    },
    "two kinds of list": {
        "oneOf": [{"type": "array", "items": TEXT}, {"type": "array", "items": record(id=WHOLE, name=TEXT)}]
    },
    "strict objects": {"oneOf": [strict(a=TEXT, n=WHOLE), strict(b=TEXT, m=WHOLE)]},
    "nested": {
        "type": "array",
        "items": {"oneOf": [TEXT, {"type": "array", "items": {"oneOf": [WHOLE, record(v=TEXT, u=TEXT)]}}]},
    },
    "limits": {"oneOf": [{"type": "integer", "minimum": 0, "maximum": 10}, {"type": "string", "maxLength": 5}]},
    "word or object": {"oneOf": [{"enum": ["auto", "none"]}, record(type=TEXT, function=record(name=TEXT))]},
    "date or range": {"oneOf": [record(date=TEXT), record(["start", "end"], start=TEXT, end=TEXT, time_zone=TEXT)]},
}


def located(mutations: Iterator[Any]) -> tuple[Counter[str], list[Any]]:
    """How many there were inside and outside of branches, and those whose first fault points elsewhere."""
    seen: Counter[str] = Counter()
    missed = []
    for mutation in mutations:
        seen["inside" if mutation.branching else "outside"] += 1
        diagnosis = diagnose(mutation.schema, mutation.value)
        assert not diagnosis.valid
        if diagnosis.errors[0].pointer != mutation.place:
            missed.append(mutation)
    return seen, missed


def test_outside_branches_every_change_is_located(
    corpus_schemas: list[Any], mutate: Callable[..., Any], step: Callable[[int], int]
) -> None:
    every = step(23)
    seen, missed = located(mutation for schema in corpus_schemas[::61] for mutation in mutate(schema, every))
    assert seen["outside"] > 2000 / every
    assert [(mutation.kind, mutation.place, mutation.value) for mutation in missed if not mutation.branching] == []


def test_inside_branches_nearly_every_change_is_located(
    corpus_schemas: list[Any], mutate: Callable[[Any], Any]
) -> None:
    real = [schema for schema in corpus_schemas if "oneOf" in str(schema) or "anyOf" in str(schema)]
    assert real
    seen, missed = located(mutation for schema in real for mutation in mutate(schema))
    for name, schema in BRANCHING.items():
        of_kind, elsewhere = located(mutate({"type": "object", "properties": {"x": schema, "other": TEXT}}))
        wrong = [(each.kind, each.place, each.value) for each in elsewhere]
        assert len(elsewhere) <= 0.035 * of_kind["inside"], (name, wrong)
        seen += of_kind
        missed += elsewhere
    inside = [mutation for mutation in missed if mutation.branching]
    assert seen["inside"] > 1000
    assert len(inside) <= 0.01 * seen["inside"], [(each.kind, each.place, each.value) for each in inside]


def test_one_headline_and_a_matrix() -> None:
    schema = {"properties": {"x": BRANCHING["told apart by const"]}}
    (fault,) = diagnose(schema, {"x": {"kind": "b", "z": "7", "w": "w"}}).errors
    assert (fault.pointer, fault.keyword, fault.schema_pointer) == ("/x/z", "oneOf", "/properties/x/oneOf")
    assert fault.cause is not None
    assert fault.cause.schema_pointer == "/properties/x/oneOf/1/properties/z/type"
    assert [branch.closest for branch in fault.branches] == [False, True]
    assert [branch.label for branch in fault.branches] == ['"kind" is "a"', '"kind" is "b"']
    unmet = [requirement.text for requirement in fault.branches[1].requirements if not requirement.met]
    assert unmet == ["/z: integer"]
    assert fault.message.endswith('Closest of 2 branches: 2 ("kind" is "b").')


def test_the_branch_that_asks_the_fewest_changes_is_the_closest() -> None:
    schema = {"oneOf": [record(a=TEXT, b=TEXT, c=TEXT), record(["a", "b"], a=TEXT, b=WHOLE, c=TEXT)]}
    (fault,) = diagnose(schema, {"a": "x", "b": [1, 2, 3]}).errors
    assert (fault.pointer, [branch.closest for branch in fault.branches]) == ("/b", [False, True])


def test_several_branches_matched_is_its_own_case() -> None:
    schema = {"oneOf": [WHOLE, TEXT, {"type": "number", "title": "Any number"}]}
    (fault,) = diagnose(schema, 3).errors
    assert [branch.matched for branch in fault.branches] == [True, False, True]
    assert fault.message == "The value must match exactly one branch, but matches 1 (integer) and 3 (Any number)."


def test_the_place_inside_comes_before_what_the_container_says() -> None:
    schema = {"type": "array", "uniqueItems": True, "contains": {"const": 1}, "items": WHOLE}
    assert [fault.keyword for fault in diagnose(schema, ["a", "a"]).errors] == [
        "type",
        "type",
        "uniqueItems",
        "contains",
    ]


def test_a_slip_of_the_pen_is_the_headline() -> None:
    fault = diagnose(strict(name=TEXT), {"nmae": "x"}).errors[0]
    assert (fault.pointer, fault.keyword, fault.hint and fault.hint.text) == ("/nmae", "additionalProperties", "name")
    assert diagnose({"enum": ["Open", "Closed"]}, "open").errors[0].hint == SpellingHint(SpellingHintKind.VALUE, "Open")


def misspelt(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[set[str], Any]]:
    """Copies of a value with one member's name changed a little, each with the two places that would be right."""
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        for places, changed in misspelt(inner, (*path, name)):
            whole = (
                {**value, name: changed} if isinstance(value, dict) else [*value[:name], changed, *value[name + 1 :]]
            )
            yield places, whole
        for other in (f"{name}s", f"{name}_x", str(name).upper(), str(name)[:-1]) if isinstance(value, dict) else ():
            if len(str(name)) > 2 and other not in value:
                places = {pointers.build((*path, name)), pointers.build((*path, other))}
                yield places, {other if key == name else key: kept for key, kept in value.items()}


LONG: dict[str, Any] = {
    "strict, told apart by enum": {
        "oneOf": [strict(type={"enum": ["text"]}, text=TEXT), strict(type={"enum": ["image"]}, url=TEXT, width=WHOLE)]
    },
    "blocks": {
        "type": "array",
        "items": {
            "oneOf": [
                record(type={"const": "section"}, text=TEXT),
                record(type={"const": "divider"}),
                record(type={"const": "actions"}, elements={"type": "array", "items": TEXT}),
            ]
        },
    },
    "parents": {"oneOf": [record(database_id=TEXT), record(page_id=TEXT), record(workspace={"const": True})]},
    "one of several is required": {
        **record([], email=TEXT, phone=TEXT, name=TEXT),
        "anyOf": [{"required": ["email"]}, {"required": ["phone"]}],
    },
    "strict": {"anyOf": [strict(name=TEXT, count=WHOLE), strict(path=TEXT, lines=TEXT)]},
    "optional": {
        "oneOf": [record(["start"], start=TEXT, end=TEXT), record(["dateTime"], dateTime=TEXT, timeZone=TEXT)]
    },
    "through a reference": {
        "anyOf": [{"allOf": [{"$ref": "#/definitions/base"}, record(size=WHOLE)]}, record(colour=TEXT, hue=WHOLE)]
    },
}


@pytest.mark.parametrize("name", LONG)
def test_a_misspelt_name_in_a_branch_is_located(name: str) -> None:
    schema = {"properties": {"x": LONG[name]}, "definitions": {"base": record(title=TEXT)}}
    seen, missed = 0, []
    for valid in (example for example in EXAMPLES[name] if diagnose(schema, {"x": example}).valid):
        for places, value in misspelt({"x": valid}):
            diagnosis = diagnose(schema, value)
            if not diagnosis.valid:
                seen += 1
                missed += [] if diagnosis.errors[0].pointer in places else [(places, diagnosis.errors[0].message)]
    assert seen >= 4
    assert missed == []


EXAMPLES: dict[str, list[Any]] = {
    "strict, told apart by enum": [{"type": "image", "url": "u", "width": 3}, {"type": "text", "text": "t"}],
    "blocks": [[{"type": "section", "text": "t"}, {"type": "divider"}], [{"type": "actions", "elements": ["e"]}]],
    "parents": [{"page_id": "1"}, {"database_id": "2"}, {"workspace": True}],
    "one of several is required": [{"email": "e", "name": "n"}, {"phone": "p"}],
    "strict": [{"name": "n", "count": 1}, {"path": "p", "lines": "l"}],
    "optional": [{"start": "s", "end": "e"}, {"dateTime": "d"}],
    "through a reference": [{"title": "t", "size": 3}, {"colour": "c", "hue": 2}],
}


def test_a_choice_that_only_one_branch_speaks_of_is_no_mark_of_another() -> None:
    condition = record(field=TEXT, op={"enum": ["eq", "gt"]}, value=TEXT)
    schema = {"oneOf": [condition, record(all={"type": "array", "items": condition})]}
    (fault,) = diagnose(schema, {"field": "f", "op": "", "value": "v"}).errors
    assert (fault.pointer, fault.cause and fault.cause.keyword) == ("/op", "enum")
    (fault,) = diagnose({"oneOf": [record(page=TEXT), record(workspace={"const": True})]}, {"workspace": "yes"}).errors
    assert fault.pointer == "/workspace"


def test_a_constant_of_one_branch_leaves_no_doubt_however_much_is_missing() -> None:
    user = {"properties": {"kind": {"enum": ["user"]}, "email": {}}, "required": ["kind", "email"]}
    channel = {"properties": {"kind": {"enum": ["channel"]}, "id": {}, "team": {}}, "required": ["kind", "id", "team"]}
    (error,) = diagnose({"oneOf": [user, channel]}, {"kind": "channel"}).errors
    assert error.message == '/id is required, but is missing. Closest of 2 branches: 2 ("kind" is "channel").'
    (error,) = diagnose({"oneOf": [user, channel]}, {"kind": "team"}).errors
    assert error.message.endswith('"kind" is "user" or "kind" is "channel", but its "kind" is the string "team".')
