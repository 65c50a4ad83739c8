"""What a changed schema does to the contract as a whole."""

from typing import Any

import pytest

from workbench.compatibility import ChangeKind, schema_effect

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (TEXT, {"type": ["string", "null"]}, ChangeKind.WIDENED),
        ({"type": ["string", "null"]}, TEXT, ChangeKind.NARROWED),
        (TEXT, {"type": "integer"}, ChangeKind.CHANGED),
        ({"required": ["a", "b"]}, {"required": ["a"]}, ChangeKind.WIDENED),
        (TEXT, TEXT | {"description": "x"}, None),
        (TEXT, {"$ref": "http://127.0.0.1:9/x"}, None),
    ],
)
def test_effects(old: Any, new: Any, effect: ChangeKind | None) -> None:
    assert schema_effect(old, new) is effect
