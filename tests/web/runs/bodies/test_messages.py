"""One error has one sentence: in the list, the headline, the tree, the form, the terminal and the JSON."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from flask.testing import FlaskClient
from rich.console import Console

from workbench import forms, schema
from workbench.cli.output.run_text import print_run
from workbench.domain import Side, Status
from workbench.events import ErrorsFound
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.text import plain
from workbench.runner.diagnosis import diagnose_output, diagnose_request
from workbench.web.runs.tabs import validation
from workbench.web.runs.values.validated_value import Around

type Tell = Callable[..., Any]

BRANCHES = [{"type": "string"}, {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}]
TABLE: dict[str, tuple[Any, Any, str, str]] = {
    "integer": ({"type": "integer"}, "five", 'must be an integer, but is the string "five".',
                'expected integer, got string "five"'),
    "string": ({"type": "string"}, None, "must be a string, but is null.", "expected string, got null"),
    "number": ({"type": "number"}, True, "must be a number, but is the boolean true.",
               "expected number, got boolean true"),
    "boolean": ({"type": "boolean"}, 1, "must be a boolean, but is the integer 1.", "expected boolean, got integer 1"),
    "null": ({"type": "null"}, 1.5, "must be null, but is the number 1.5.", "expected null, got number 1.5"),
    "array": ({"type": "array"}, {"a": 1, "b": 2}, "must be an array, but is an object with 2 properties.",
              "expected array, got object with 2 properties"),
    "object": ({"type": "object"}, [1], "must be an object, but is an array of 1 item.",
               "expected object, got array of 1 item"),
    "empty array": ({"type": "object"}, [], "must be an object, but is an empty array.",
                    "expected object, got empty array"),
    "two types": ({"type": ["string", "null"]}, 5, "must be a string or null, but is the integer 5.",
                  "expected string or null, got integer 5"),
    "enum": ({"enum": ["NZ", "AU"]}, "IS", 'must be one of "NZ", "AU", but is the string "IS".',
             '"IS" is not one of "NZ", "AU"'),
    "enum of one": ({"enum": ["NZ"]}, "IS", 'must be "NZ", but is the string "IS".', '"IS" is not "NZ"'),
    "enum, near": ({"enum": ["open", "done"]}, "Open",
                   'must be one of "open", "done", but is the string "Open". Did you mean open?',
                   '"Open" is not one of "open", "done"'),
    "long enum": ({"enum": list(range(10))}, 11,
                  "must be one of 0, 1, 2, 3, 4, 5, 6, 7 and 2 more, but is the integer 11.",
                  "11 is not one of 0, 1, 2, 3, 4 and 5 more"),
    "const": ({"const": "x"}, "y", 'must be "x", but is the string "y".', 'expected "x", got string "y"'),
    "minimum": ({"minimum": 18}, 5, "must be at least 18, but is the integer 5.",
                "expected at least 18, got integer 5"),
    "maximum": ({"maximum": 1.5}, 2, "must be at most 1.5, but is the integer 2.",
                "expected at most 1.5, got integer 2"),
    "exclusiveMinimum": ({"exclusiveMinimum": 0}, 0, "must be more than 0, but is the integer 0.",
                         "expected more than 0, got integer 0"),
    "exclusiveMaximum": ({"exclusiveMaximum": 9}, 9, "must be less than 9, but is the integer 9.",
                         "expected less than 9, got integer 9"),
    "multipleOf": ({"multipleOf": 5}, 7, "must be a multiple of 5, but is the integer 7.",
                   "expected a multiple of 5, got integer 7"),
    "minLength": ({"minLength": 3}, "ab", 'must have at least 3 characters, but has 2: "ab".',
                  "expected at least 3 characters, got 2"),
    "maxLength": ({"maxLength": 1}, "ab", 'must have at most 1 character, but has 2: "ab".',
                  "expected at most 1 character, got 2"),
    "pattern": ({"pattern": "^a"}, "b", 'must match the pattern "^a", but is the string "b".',
                'expected string matching "^a", got string "b"'),
    "minItems": ({"minItems": 2}, [1], "must have at least 2 items, but has 1.", "expected at least 2 items, got 1"),
    "maxItems": ({"maxItems": 1}, [1, 2], "must have at most 1 item, but has 2.", "expected at most 1 item, got 2"),
    "uniqueItems": ({"uniqueItems": True}, [1, 2, 1], "must have unique items, but items 0 and 2 are equal.",
                    "items 0 and 2 are equal"),
    "contains": ({"contains": {"type": "null"}}, [1], "must have at least one item matching null, but has none.",
                 "expected at least one item matching null, got array of 1 item"),
    "minProperties": ({"minProperties": 2}, {"a": 1}, "must have at least 2 properties, but has 1.",
                      "expected at least 2 properties, got 1"),
    "maxProperties": ({"maxProperties": 1}, {"a": 1, "b": 1}, "must have at most 1 property, but has 2.",
                      "expected at most 1 property, got 2"),
    "not": ({"not": {"type": "integer"}}, 5, "must not be integer, but is the integer 5.",
            "expected anything but integer, got integer 5"),
    "false": (False, 5, "must not have a value, but is the integer 5.", "expected no value, got integer 5"),
    "required": ({"required": ["a"]}, {}, "/x/a is required, but is missing.", "missing required property"),
    "required, near": ({"required": ["name"], "properties": {"name": {}}}, {"nmae": 1},
                       "/x/name is required, but is missing. Is nmae a misspelling of it?",
                       "missing required property"),
    "dependencies": ({"dependencies": {"a": ["b"]}}, {"a": 1},
                     "/x/b is required beside another property, but is missing.", "missing required property"),
    "additionalProperties": ({"additionalProperties": False, "properties": {"a": {}, "b": {}}}, {"c": 1},
                             '/x/c is not an allowed property; allowed are "a" and "b".', "property not allowed"),
    "no properties": ({"additionalProperties": False}, {"c": 1}, "/x/c is not an allowed property.",
                      "property not allowed"),
    "additionalItems": ({"items": [True], "additionalItems": False}, [1, 2],
                        "/x/1 is one item too many: at most 1 item is allowed.",
                        "expected at most 1 item, got array of 2 items"),
    "propertyNames": ({"propertyNames": {"pattern": "^[a-z]+$"}}, {"A": 1},
                      '/x/A has an invalid name: expected string matching "^[a-z]+$".',
                      'expected string matching "^[a-z]+$", got name "A"'),
    "forbidden": ({"not": {"required": ["a"]}}, {"a": 1}, "/x/a must not be present.", "property not allowed"),
    "oneOf": ({"oneOf": BRANCHES}, 5, 'must match one of: string or object with "id", but is the integer 5.',
              'expected string or object with "id", got integer 5'),
    "closest branch": ({"oneOf": BRANCHES}, {"id": "7"},
                       '/x/id must be an integer, but is the string "7". Closest of 2 branches: 2 (object with "id").',
                       'expected integer, got string "7"'),
    "many branches": ({"oneOf": [{"type": "integer"}, {"minimum": 1}]}, 5,
                      "must match exactly one branch, but matches 1 (integer) and 2 (value with minimum 1).",
                      "expected exactly one branch, got 2 branches"),
    "invalid schema": ({"type": "strin"}, 5,
                       'The schema is invalid at /properties/x/type: type is string "strin"; Draft 7 has array, '
                       "boolean, integer, null, number, object, string.", "invalid schema"),
}  # fmt: skip


def text_of(markup: str) -> str:
    return " ".join(BeautifulSoup(markup, "html.parser").get_text().split())


@pytest.mark.parametrize("name", TABLE)
def test_the_same_words_everywhere(client: FlaskClient, tell: Tell, name: str) -> None:
    rule, value, words, mark = TABLE[name]
    declared, data = {"properties": {"x": rule}}, {"x": value}
    story = tell(output_schema=declared, input_schema=declared, inputs=data).started().returned(data)
    given = diagnose_request(story.request)
    run = story.finished(Status.INVALID_OUTPUT, valued=True).now
    error = diagnose_output(story.request, run.outcome)[0]
    sentence = words if words[0] in "/T" else f"/x {words}"
    assert (error.where, error.message) == (Side.OUTPUT, sentence)
    assert schema.short(error) == mark

    story = tell(output_schema=declared, input_schema=declared, inputs=data).started().returned(data)
    story.tell(ErrorsFound(story.later(1), (error,))).finished(Status.INVALID_OUTPUT)
    run = story.now
    tab = validation.present(run, validation.Selection(), Around())
    assert plain(tab.errors[0].sentence) == sentence, "the list"
    side = SoupStrainer(attrs={"data-side": "data"})
    page = BeautifulSoup(client.get(f"/runs/{run.id}?tab=validation").data, "html.parser", parse_only=side)
    assert mark in " ".join(each.get_text() for each in page.select("[data-side=data] [data-hit]")), "the tree"
    assert report(run)["problems"][0]["message"] == sentence, "JSON"  # type: ignore[index,call-overload]
    terminal = io.StringIO()
    print_run(run, Console(file=terminal, width=1000))
    assert sentence in terminal.getvalue(), "the terminal"
    told = plain(headline.tell(run))
    start, _, _ = sentence.partition(", but ")
    assert told.startswith(start.removesuffix(".")), "the headline"

    assert given[0].message == sentence, "an error of the inputs"
    at_its_field = sentence
    if sentence.startswith(error.pointer):
        said = sentence.removeprefix(f"{error.pointer} ")
        at_its_field = said[:1].upper() + said[1:]
    form = text_of(forms.open_form(declared, data, errors=given[:1]).markup)
    assert (sentence if "/x/" in sentence and sentence in form else at_its_field) in form, "the form"
