"""The strict reader, and what the command line, the forms and config.json's reader said differently before."""

import click
import pytest

from tests.case_tables import each_case
from workbench.catalog.config.document import parse_document
from workbench.cli.parameter_types import JsonDocument
from workbench.jsondoc.rewrite import rewrite
from workbench.jsondoc.strict import Flaw, FlawKind, JsonError, flaws, loads

LONG = "1" + "0" * 400
"""An integer that Python holds exactly, though no float could."""

REFUSED = {
    '{"n": 1e400}': (1, 7),
    '{"a": 1,\n "a": 2}': (2, 2),
    "[1, NaN]": (1, 5),
    "[-Infinity]": (1, 2),
    "[1,]": (1, 3),
    f'{{"a": {LONG}, "b": NaN}}': (1, 415),
    '{"n": ' + "9" * 5000 + "}": (1, 7),
    '\ufeff{"a": 1}': (1, 1),
}


@each_case("text", REFUSED)
def test_the_place_is_the_same_in_a_form_and_in_the_terminal(text: str) -> None:
    with pytest.raises(JsonError) as found:
        loads(text)
    assert (found.value.line, found.value.column) == REFUSED[text]
    lines = text.split("\n")
    assert found.value.offset == sum(len(line) + 1 for line in lines[: found.value.line - 1]) + found.value.column - 1
    with pytest.raises(click.BadParameter) as told:
        JsonDocument().convert(text, None, None)
    assert f"line {found.value.line}, column {found.value.column}" in told.value.message
    assert found.value.message in told.value.message


def test_what_is_valid_json_is_read_whatever_it_holds() -> None:
    assert loads(LONG) == 10**400
    assert loads(r'"\ud800"') == "\ud800"
    assert loads('{"": {"": 1}}') == {"": {"": 1}}


def test_every_flaw_has_its_pointer_and_stands_in_the_order_of_the_text() -> None:
    text = '{"x": [1, NaN, {"k": 1, "k": 1e999}], "a/b": {}, "x": ",:{"}'
    assert [(each.kind, each.pointer) for each in flaws(text)] == [
        (FlawKind.CONSTANT, "/x/1"),
        (FlawKind.DUPLICATE, "/x/2/k"),
        (FlawKind.RANGE, "/x/2/k"),
        (FlawKind.DUPLICATE, "/x"),
    ]
    assert list(flaws("NaN")) == [Flaw(FlawKind.CONSTANT, "", 0, "NaN")]


@pytest.mark.parametrize("deep", [5_000, 100_000])
def test_deep_nesting_ends_nothing(deep: int) -> None:
    text = "[" * deep + "NaN" + "]" * deep
    assert next(flaws(text)).offset == deep
    with pytest.raises(JsonError):
        loads(text)
    assert parse_document(text).findings


def test_a_patch_goes_into_a_text_that_is_nested_deeply() -> None:
    """The scanner that rewriting had of its own ended at 1,000 levels."""
    deep = "[" * 2_000 + "]" * 2_000
    assert rewrite(f'{{"a": {deep}, "b": 1}}', [{"op": "replace", "path": "/b", "value": 2}]).endswith('"b": 2}')
