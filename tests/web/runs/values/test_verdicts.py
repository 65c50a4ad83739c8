"""Data or schema at fault, case by case, in real runs: headline, list, verdict, picture, mends."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from workbench.domain import AuthShape, Contract, ContractVersion, Kind, Run, RunRequest, Status
from workbench.explain import headline
from workbench.explain.text import plain
from workbench.runner import Runner
from workbench.store import Store
from workbench.web.runs.query import Selection
from workbench.web.runs.tabs import validation
from workbench.web.runs.tabs.validation import Validation
from workbench.web.runs.values.validated_value import Around
from workbench.web.ui.json_tree import Node

TEXT = {"type": "string"}
CODE = """\
from autohive_integrations_sdk import *

one = Integration.load()


@one.{decorator}("go")
class Go({base}):
    async def {method}:
        return {returned}
"""


def of(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Store() as store, Runner(store) as runner:
        yield runner


type Judge = Callable[..., tuple[Run, Validation]]


@pytest.fixture
def judge(runner: Runner, tmp_path: Path) -> Judge:
    """Runs a handler so that ``schema`` judges each of ``values``, and gives the last run with its Validation tab."""

    def one(schema: Any, value: Any, where: str) -> tuple[Run, str]:
        polled = where == "record"
        declared = {"description": "", "input_schema": schema if where == "input" else {}, "polling_interval": "5m"}
        if where in ("output", "record"):
            declared["output_schema"] = schema
        config = {"name": "one", "version": "1.0.0", "description": "", "entry_point": "one.py"}
        config |= {"polling_triggers" if polled else "actions": {"go": declared}}
        config |= {"auth": {"type": "custom", "fields": schema}} if where == "auth" else {}
        text = json.dumps(config, indent=2)
        (tmp_path / "config.json").write_text(text)
        handler = {
            "decorator": "polling_trigger" if polled else "action",
            "base": "PollingTriggerHandler" if polled else "ActionHandler",
            "method": "poll(self, inputs, last_poll_ts, context)" if polled else "execute(self, inputs, context)",
        }
        record = [{"id": "1", "data": value}]
        returned = f"ActionResult(data={value if where == 'output' else {}!r})"
        (tmp_path / "one.py").write_text(CODE.format(returned=record if polled else returned, **handler))
        request = RunRequest(
            "one", tmp_path, "one.py", Kind.TRIGGER if polled else Kind.ACTION, "go",
            Contract(ContractVersion.V2), value if where == "input" else {},
            value if where == "auth" else {}, AuthShape.ENVELOPE, input_schema=declared["input_schema"],
            output_schema=declared.get("output_schema"), auth_schema=schema if where == "auth" else None,
        )  # fmt: skip
        return runner.wait(runner.submit(request).id, 60), text

    def all_of(schema: Any, *values: Any, where: str = "output", warning: int | None = None) -> tuple[Run, Validation]:
        runs, text = [], ""
        for value in values:
            run, text = one(schema, value, where)
            runs.append(run)
        around = Around(text, hashlib.sha256(text.encode()).hexdigest(), tuple(runs[:-1]))
        return runs[-1], validation.present(runs[-1], Selection(warning=warning), around)

    return all_of


SCHEMA_AT_FAULT: dict[str, tuple[Any, Sequence[Any], str, str, str, str]] = {
    "a type that does not exist": (
        of(a={"type": "strin"}), [{"a": "x"}], "Draft 7 has array, boolean", "is invalid at /properties/a/type",
        "/properties/a/type", 'Change the type to "string"',
    ),
    "a type of Python": (
        of(a={"type": "dict"}), [{"a": {}}], "Draft 7 has array, boolean", 'type is string "dict"',
        "/properties/a/type", 'Change the type to "object"',
    ),
    "a limit that is text": (
        of(a={"type": "string", "minLength": "3"}), [{"a": "long"}], 'minLength: expected integer, got string "3"',
        "expected integer, got",
        "/properties/a/minLength", "Change minLength to 3",
    ),
    "nullable": (
        of(a={"type": "string", "nullable": True}), [{"a": None}], "must be a string, but",
        'Use "type": ["string", "null"].',
        "/properties/a/type", "Change the type to string or null",
    ),
    "nullable in a list": (
        of(rows={"type": "array", "items": of(a={"type": "number", "nullable": True})}),
        [{"rows": [{"a": 1}, {"a": None}]}], "/rows/1/a must be a number, but the handler returned null.",
        'Use "type": ["number", "null"].', "/properties/rows/items/properties/a/type",
        "Change the type to number or null",
    ),
    "a boolean required": (
        of(a={"type": "string", "required": False}), [{"a": 5}], '"required": false is not allowed on a property',
        "Remove it; list required properties in the parent's required array.",
        "/properties/a/required", "Remove required from /properties/a",
    ),
    "a required name that is not declared": (
        {**of(a=TEXT), "required": ["b"]}, [{"a": "x"}], "/b is required, but",
        "Add it to properties, or remove it",
        "/required", 'Make "b" optional',
    ),
    "a required name with a slip": (
        {**of(title=TEXT), "required": ["titel"]}, [{"title": "x"}], "/titel is required, but",
        '(did you mean "title"?).',
        "/required", 'Require "title" instead of "titel"',
    ),
    "a default that the schema refuses": (
        of(a={"type": "integer", "default": "10"}), [{"a": "10"}], "must be an integer, but",
        "Change the default or the schema.", "/properties/a/type", "Change the type to integer or string",
    ),
    "a type that nothing recorded had": (
        of(n={"type": "integer"}), [{"n": "1"}, {"n": "2"}, {"n": "3"}], "must be an integer, but",
        "was never integer in 2 earlier values: it was string.", "/properties/n/type",
        "Change the type to integer or string",
    ),
}  # fmt: skip


def marked(node: Any) -> list[str]:
    if not isinstance(node, Node):
        return []
    own = [node.pointer] if node.note == "this rule" else []
    return own + [each for child in node.children for each in marked(child)]


def blames_the_schema(tab: Validation, reason: str, rule: str) -> None:
    """Fail unless the verdict names the reason, the picture marks the rule, and a mend is offered."""
    assert tab.verdict is not None
    invalid = plain(tab.errors[0].sentence).startswith("The schema is invalid")
    assert tab.verdict.summary == ("The schema is invalid." if invalid else "The schema is likely wrong.")
    assert any(reason in plain(told) for told, _ in tab.verdict.reasons)
    assert tab.data_and_schema is not None
    assert marked(tab.data_and_schema.schema.root) == [rule]
    assert tab.fixes


@pytest.mark.parametrize("case", SCHEMA_AT_FAULT)
def test_the_schema_is_at_fault(judge: Judge, case: str) -> None:
    schema, values, said, reason, rule, mend = SCHEMA_AT_FAULT[case]
    run, tab = judge(schema, *values)
    assert run.outcome.status is Status.INVALID_OUTPUT
    assert said in plain(headline.tell(run))
    blames_the_schema(tab, reason, rule)
    assert tab.fixes[0].title == mend
    assert tab.fixes[0].trial.startswith("Fixes this error")


@pytest.mark.parametrize("where", ["input", "auth", "record"])
@pytest.mark.parametrize("case", ["a type that does not exist", "nullable", "a required name with a slip"])
def test_the_schema_is_at_fault_wherever_it_judges(judge: Judge, case: str, where: str) -> None:
    schema, values, _, reason, rule, mend = SCHEMA_AT_FAULT[case]
    run, tab = judge(schema, *values, where=where)
    told = plain(headline.tell(run))
    who = {"input": "/", "auth": "/", "record": "/0/data/"}[where]
    assert told.startswith((who, "The schema is invalid"))
    blames_the_schema(tab, reason, rule)
    assert mend in [offer.title for offer in tab.fixes]


def test_an_invalid_schema_that_refused_nothing_is_not_told_as_a_missing_member(judge: Judge) -> None:
    run, tab = judge(of(a={"type": "string", "required": True}), {"a": "x"})
    assert run.outcome.status is Status.SUCCEEDED
    (fault,) = tab.errors
    assert plain(fault.sentence).startswith(
        'The schema is invalid at /properties/a/required: "required": true is not allowed'
    )
    assert tab.data_and_schema is not None
    assert "missing" not in tab.data_and_schema.summary
    assert (fault.file, fault.line) == ("", 0), "no line of the handler is to blame"


@pytest.mark.parametrize(
    ("where", "told", "remedy"),
    [
        ("output", "The handler returned invalid data.", "Fix the handler, or allow this value in the schema."),
        ("record", "The poll returned invalid data.", "Fix the handler, or allow this value in the schema."),
        ("input", "The inputs are invalid.", "Fix the inputs, or allow this value in the schema."),
        ("auth", "The auth is invalid.", "Fix the auth, or allow this value in the schema."),
    ],
)
def test_data_breaks_a_sound_schema(judge: Judge, where: str, told: str, remedy: str) -> None:
    _, tab = judge({**of(a=TEXT), "required": ["a"]}, {"a": None}, where=where)
    assert tab.verdict is not None
    assert tab.verdict.summary == told
    ((reason, _),) = tab.verdict.reasons
    assert "The schema is valid." in plain(reason)
    assert remedy in plain(reason)


@pytest.mark.parametrize("where", ["output", "record", "input", "auth"])
def test_a_missing_member_beside_a_slip_of_its_name(judge: Judge, where: str) -> None:
    schema = {**of(published=TEXT), "required": ["published"]}
    run, tab = judge(schema, {"publishd": "x"}, where=where)
    assert "published is required, but " in plain(headline.tell(run))
    assert plain(headline.tell(run)).endswith("Is publishd a misspelling of it?")
    assert plain(tab.errors[0].sentence).endswith("Is publishd a misspelling of it?")


@pytest.mark.parametrize("where", ["output", "record", "input", "auth"])
@pytest.mark.parametrize(
    ("schema", "value", "at", "says"),
    [
        (
            of(a={"type": "string", "format": "email"}),
            {"a": "nobody"},
            "/a",
            ' must be a valid email, but is the string "nobody". The SDK does not check',
        ),
        (of(published=TEXT), {"publishd": "x"}, "/publishd", " is not a declared property. Did you mean published?"),
    ],
)
def test_what_the_sdk_does_not_check_only_warns(
    judge: Judge, schema: Any, value: Any, at: str, says: str, where: str
) -> None:
    run, tab = judge(schema, value, where=where, warning=0)
    assert run.outcome.status is Status.SUCCEEDED
    assert (tab.errors, tab.verdict) == ((), None)
    (warning,) = tab.warnings
    place = f"/0/data{at}" if where == "record" else at
    assert warning.pointer == place
    assert plain(warning.sentence).startswith(f"{place} ")
    assert says in plain(warning.sentence)
    assert tab.data_and_schema is not None
    assert place in tab.data_and_schema.summary
