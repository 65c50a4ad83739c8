"""The defaults of the samples follow the echo server to another port, and no other integration's do."""

from pathlib import Path
from typing import Any

import pytest

ECHO = "http://127.0.0.1:8999"
USUAL = "http://127.0.0.1:8771"
SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture
def site(make_site: Any, write_integration: Any, tmp_path: Path, runner: Any) -> Any:
    """The samples and an integration of one's own, whose default happens to be at the usual port."""
    properties = {"url": {"type": "string", "default": f"{USUAL}/mine", "examples": [USUAL]}}
    config = {"name": "own", "entry_point": "greeter.py", "actions": {"greet": {"input_schema": {
        "type": "object", "properties": properties}}}}  # fmt: skip
    own = write_integration(tmp_path / "own", config)
    return make_site(SAMPLES, own, runner=runner, echo_url=ECHO)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("api-fetch/actions/call_api", f"{ECHO}/test"),
        ("rss-reader/triggers/new_entries", f"{ECHO}/feed.xml"),
        ("schema-clinic/actions/malformed_json", ECHO),
        ("api-fetch/auth", f"{ECHO}/bearer"),
    ],
)
def test_a_sample_names_the_echo_server_where_it_is(site: Any, page: str, text: str) -> None:
    shown = site.inside().get(f"/integrations/{page}").text
    assert text in shown
    assert USUAL not in shown


def test_other_defaults_stay(site: Any) -> None:
    shown = site.inside().get("/integrations/own/actions/greet").text
    assert f"{USUAL}/mine" in shown
    assert ECHO not in shown
