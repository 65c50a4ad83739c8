"""When two JSON values are the same, for a diff of files and for the options of a form alike."""

from typing import Any

import pytest

from workbench import forms
from workbench.jsondoc.diff import between
from workbench.jsondoc.equality import identical


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        (1, 1.0, False),
        (1, True, False),
        (0.0, -0.0, False),
        ([], {}, False),
        (None, None, True),
        ([1, 2], [2, 1], False),
    ],
)
def test_identical(one: Any, other: Any, same: bool) -> None:
    assert identical(one, other) is same
    assert (between(one, other) == ()) is same


def test_an_option_is_selected_whatever_the_order_of_its_keys() -> None:
    schema = {"enum": [{"lat": 1, "lon": 2}, {"lat": 3, "lon": 4}]}
    page = forms.open_form(schema, {"lon": 4, "lat": 3}).markup
    assert page == forms.open_form(schema, {"lat": 3, "lon": 4}).markup
