"""What tests by hand use: a run, an outcome to assert on, and the suite."""

import contextlib
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.testing.conftest import KEY
from workbench.recordings.recording import RecordingError
from workbench.testing import load
from workbench.testing.saved_test import save_test

NOT_TWICE = ["-p", "no:cacheprovider", "-p", "no:faulthandler"]
"""Plugins that a session within another has no use for."""

SUITE = """
from workbench.testing import conformance, load

desk = load({root!r})

def test_by_hand():
    outcome = desk.run("save", {{"url": {url!r}}}, auth={{"api_key": "sk-000001"}}, answers="save/first")
    outcome.assert_succeeded()
    assert outcome.result["key"] == "used ‹api_key›"
    assert [one.origin.source for one in outcome.exchanges] == ["recording"] * 2

test_desk = conformance(desk)
"""


def test_a_run_by_hand_gives_an_outcome_to_assert_on(desk: Path, echo: str, tmp_path: Path) -> None:
    integration = load(desk)
    failed = integration.run("save", {"url": echo})
    with pytest.raises(AssertionError, match=r"(?s)api_key.*Status: expected succeeded, got failed.*At desk\.py:11"):
        failed.assert_succeeded()
    live = integration.run("save", {"url": echo}, auth={"api_key": KEY})
    live.assert_succeeded()
    save_test(live.run, desk, "first")
    with pytest.raises(RecordingError, match="no recording save/other"):
        integration.run("save", answers="save/other")

    config = json.loads((desk / "config.json").read_text())
    config["actions"]["save"]["output_schema"]["properties"]["data"]["properties"]["fixed"]["examples"] = [1, "x"]
    (desk / "config.json").write_text(json.dumps(config))
    suite = tmp_path / "test_desk.py"
    suite.write_text(SUITE.format(root=str(desk), url=echo))
    output = StringIO()
    with contextlib.redirect_stdout(output):
        pytest.main(["-q", "-c", "/dev/null", "--disable-plugin-autoload", *NOT_TWICE, str(suite)])
    assert "1 failed, 3 passed" in output.getvalue(), output.getvalue()
    assert "output schema /properties/data/properties/fixed/examples/1: " in output.getvalue()
    assert 'must be an integer, but is the string "x"' in output.getvalue()
