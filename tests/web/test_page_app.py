"""URLs that are remembered are those that Flask would build."""

from typing import Any

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"run_id": "7", "tab": "1"}, {"run_id": "7", "tab": True}),
        ({"run_id": "7", "tab": 1}, {"run_id": "7", "tab": "http"}),
        ({"run_id": "7"}, {"run_id": "7", "tab": None}),
        ({"run_id": "7", "_anchor": "a"}, {"run_id": "7", "_anchor": "b"}),
    ],
)
def test_each_url_is_that_of_its_own_values(site: Any, first: dict[str, Any], second: dict[str, Any]) -> None:
    app = site.app
    for prefix in ("", "/w-secret"):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": prefix}):
            for values in (first, second, first, second):
                assert app.url_for("runs.show", **values) == Flask.url_for(app, "runs.show", **values)
            assert app.url_for("runs.show", run_id="7").startswith(f"{prefix}/runs/7")
