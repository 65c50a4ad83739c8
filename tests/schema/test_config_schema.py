"""The JSON Schema of ``config.json`` for editors, held against the checks that it stands for and against real files."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.case_tables import each_case
from workbench.schema import config_schema

from .test_config_check import BROKEN, GOOD, changed

VALIDATOR = Draft7Validator(config_schema())
OF_THE_FORM = {
    "config-property-missing", "config-type", "config-no-handlers", "version-not-semver", "auth-type-missing",
    "auth-type-unknown", "auth-fields-missing", "auth-fields-shape", "auth-provider-missing", "entry-property-missing",
    "schema-invalid", "schema-required-boolean", "interval-missing", "interval-invalid",
}  # fmt: skip
"""The checks that the schema knows. All others need more than one place, or a judgement."""
NOT_OF_DRAFT_7 = {("schema-invalid", "/actions/act/input_schema/pattern")}
"""What the schema of Draft 7 itself does not find: it has the format regex, which decides nothing."""


def test_it_is_a_schema_of_draft_7() -> None:
    Draft7Validator.check_schema(config_schema())


@each_case(("code", "place", "value", "named"), BROKEN)
def test_it_finds_what_the_checks_of_the_form_find_and_no_more(code: str, place: str, value: Any, named: str) -> None:
    errors = list(VALIDATOR.iter_errors(changed(place, value)))
    assert bool(errors) is (code in OF_THE_FORM and (code, named) not in NOT_OF_DRAFT_7), errors


@pytest.mark.parametrize(
    "auth",
    [None, {}, {"type": "CUSTOM", "fields": {}}, {"type": "Platform", "provider": "x"}, {"type": "platformoauth2"},
     {"type": "none"}, {"type": "basic", "scopes": ["a"]}],
)  # fmt: skip
def test_auth_in_any_letter_case(auth: Any) -> None:
    assert list(VALIDATOR.iter_errors(GOOD | {"auth": auth})) == []
    assert list(VALIDATOR.iter_errors({"$schema": "x", "own": 1} | GOOD)) == []


def test_nothing_is_there_to_call() -> None:
    without = {name: value for name, value in GOOD.items() if name not in ("actions", "polling_triggers")}
    assert list(VALIDATOR.iter_errors(without | {"actions": {}}))


def test_the_corpus(corpus: list[Path]) -> None:
    """One file has ``required: false``, which the check finds, too."""
    found = {
        folder.name: [[*error.absolute_path] for error in VALIDATOR.iter_errors(config)]
        for folder in corpus
        if not VALIDATOR.is_valid(config := json.loads((folder / "config.json").read_text(encoding="utf-8")))
    }
    assert found == {"aws": [["auth", "fields", "properties", "aws_session_token", "required"]]}


@pytest.mark.parametrize("name", ["api-fetch", "rss-reader", "schema-clinic"])
def test_the_samples_name_it(name: str) -> None:
    file = Path(__file__).parents[2] / "samples" / name / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    assert (file.parent / config["$schema"]).resolve() == file.parents[1] / "config.schema.json"
    errors = [[*error.absolute_path][:2] for error in VALIDATOR.iter_errors(config)]
    assert errors == ([["actions", "invalid_schema"]] if name == "schema-clinic" else [])
