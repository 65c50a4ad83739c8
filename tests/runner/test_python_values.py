"""Return values that are not JSON: judged as what they were, named by place and type, a warning where they pass."""

from typing import Any

import pytest

from workbench.domain import ReplacedValue, Returned, Run, Status
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.statuses import status_word
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings
from workbench.runner.python_values import as_returned

BEFORE = """
import datetime, decimal, uuid, dataclasses, collections
@dataclasses.dataclass
class Point:
    x: int = 1
MOMENT = datetime.datetime(2026, 1, 2)
"""
TICKET = {
    "type": "object",
    "properties": {"when": {"type": "string"}, "price": {"type": "number"}, "tags": {"type": "array"}},
}


def errors(run: Run) -> list[tuple[str, str]]:
    return [(error.pointer, error.actual) for error in run.outcome.errors]


def test_each_part_is_judged_as_what_it_was(do_run: Any) -> None:
    body = 'return {"when": MOMENT, "price": decimal.Decimal("1.10"), "tags": ("a",)}'
    run = do_run(body, before=BEFORE, output_schema=TICKET)
    assert run.outcome.status is Status.INVALID_OUTPUT
    assert [pointer for pointer, _ in errors(run)] == ["/when", "/tags"]
    assert plain(headline.tell(run)).startswith("/when is a datetime, which is not JSON (one.py:")
    assert plain(headline.tell(run)).endswith("Return .isoformat().")
    assert not any("finds no error" in item.text or "does not" in item.text for item in run.outcome.output)


@pytest.mark.parametrize(
    ("returned", "schema", "pointers"),
    [
        ("MOMENT", {"type": "string"}, [""]),
        ("{'when': MOMENT}", TICKET, ["/when"]),
        ("{'tags': ('a', 'b')}", TICKET, ["/tags"]),
        ("{'price': uuid.UUID(int=1)}", TICKET, ["/price"]),
        ("{'when': b'x'}", TICKET, ["/when"]),
        ("{'tags': {1}}", TICKET, ["/tags"]),
        ("Point()", {"type": "object"}, [""]),
        ("{'a': [{'b': MOMENT}]}", {"properties": {"a": {"items": {"properties": {"b": {"type": "string"}}}}}},
         ["/a/0/b"]),
        ("{'tags': ({'when': MOMENT},)}", {"properties": {"tags": {"type": "array"}}}, ["/tags"]),
    ],
)  # fmt: skip
def test_the_diagnosis_agrees_with_the_sdk_and_names_the_place(
    do_run: Any, returned: str, schema: Any, pointers: list[str]
) -> None:
    run = do_run(f"return {returned}", before=BEFORE, output_schema=schema)
    assert run.outcome.status is Status.INVALID_OUTPUT
    assert [pointer for pointer, _ in errors(run)] == pointers


@pytest.mark.parametrize(
    ("returned", "pointer", "said"),
    [
        ("{'when': MOMENT}", "/when", "/when is a datetime, which is not JSON (one.py:{line}). Return .isoformat()."),
        ("{'price': decimal.Decimal('1.1')}", "/price", "Return float(…) or str(…) of it."),
        ("{'n': float('nan')}", "/n", "/n is not a finite number, which is not JSON"),
        ("{'n': float('-inf'), 'm': MOMENT}", "/n", "Return None in its place. 1 more value is not JSON."),
        ("{'b': b'x'}", "/b", "/b is bytes, which is not JSON"),
        ("[{1, 2}]", "/0", "/0 is a set, which is not JSON"),
        ("{'half': '\\ud800'}", "/half", "/half is a string with half of a surrogate pair, which is not JSON"),
        ("{None: 1}", "/None", "The key of /None is of type NoneType, but JSON keys are strings"),
        ("{'n': 1, 5: 2}", "/5", "Write str(…) of it as the key."),
    ],
)
def test_what_the_platform_cannot_write_is_a_warning_where_the_schema_allows_it(
    do_run: Any, returned: str, pointer: str, said: str
) -> None:
    run = do_run(f"return {returned}", before=BEFORE)
    assert run.outcome.status is Status.SUCCEEDED
    assert (status_word(run).text, status_word(run).tone) == ("Not JSON", "warn")
    [warning] = run_warnings.of_run(run)
    assert said.format(line=run.outcome.return_line) in plain(warning.sentence)
    document = report(run)
    assert document["warnings"][0]["code"] == "not_json"
    assert document["warnings"][0]["pointer"] == pointer
    assert document["returned"]["replaced"][0]["pointer"] == pointer


@pytest.mark.parametrize("returned", ["{'tags': ('a',)}", "{'n': 10 ** 5000}", "{'a': [1, None, 'x', 1.5, True]}"])
def test_what_json_can_hold_is_no_warning(do_run: Any, returned: str) -> None:
    run = do_run(f"return {returned}", before=BEFORE)
    assert (run.outcome.status, run_warnings.of_run(run)) == (Status.SUCCEEDED, ())


def test_a_text_that_reads_like_an_object_stays_a_text(do_run: Any) -> None:
    run = do_run("return {'when': repr(MOMENT)}", before=BEFORE, output_schema=TICKET)
    assert (run.outcome.status, run.outcome.errors) == (Status.SUCCEEDED, ())


def test_values_that_were_only_cut_or_whose_key_was_odd_are_left() -> None:
    parts = (
        ReplacedValue("/a", "", "3 more items"),
        ReplacedValue("/5", "int", "5", is_key=True),
        ReplacedValue("/x/y", "set", "{1}"),
    )
    returned = Returned("dict", {"a": [1], "5": "five"}, lossy=parts)
    assert as_returned(returned) == {"a": [1], "5": "five"}
