"""Environment variables that an integration reads, at its import too: named where they are not set, used where set."""

import json
from pathlib import Path

import pytest

from .conftest import FIELDS, Workbench, action

CODE = """\
import os

from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

one = Integration.load()
TOKEN = os.environ["ADS_TOKEN"]


@one.action("call")
class Call(ActionHandler):
    async def execute(self, inputs, context):
        login = os.getenv("ADS_LOGIN")
        if not login:
            return ActionResult(data={"success": False, "error": "the login is required"})
        return ActionResult(data={"success": True, "who": f"{login}:{TOKEN}", "team": context.metadata["team"]})
"""
NOT_SET = (
    "The environment variable ADS_TOKEN is not set (one.py:6). Set it on the Auth page, with --env ADS_TOKEN=VALUE, or "
    "in the terminal that starts the workbench."
)


@pytest.fixture
def ads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The integration, in an environment that has none of its variables."""
    for name in ("ADS_TOKEN", "ADS_LOGIN"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "ads"
    root.mkdir()
    config = {"name": "ads", "version": "1.0.0", "description": "For tests.", "entry_point": "one.py"}
    config |= {"auth": {"type": "custom", "fields": FIELDS}, "actions": {"call": action()}}
    (root / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (root / "one.py").write_text(CODE, encoding="utf-8")
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n")
    return root


def test_a_variable_that_the_import_lacks_is_the_headline(workbench: Workbench, ads: Path) -> None:
    done = workbench("run", ads, "call", "--format", "json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (1, "load_failed")
    assert document["headline"] == NOT_SET
    assert document["hints"][0]["location"]["line"] == 6
    assert NOT_SET in " ".join(workbench("run", ads, "call").stdout.split())


def test_a_variable_that_the_handler_lacks_is_a_hint(workbench: Workbench, ads: Path) -> None:
    done = workbench("run", ads, "call", "--env", "ADS_TOKEN=t-12345678", "--format", "json")
    document = json.loads(done.stdout)
    assert document["headline"] == "The handler returned an error: the login is required."
    [hint] = document["hints"]
    assert hint["cause"] == "The environment variable ADS_LOGIN is not set."
    assert (hint["location"]["file"], hint["location"]["line"]) == ("one.py", 12)


def test_a_file_and_the_terminal_give_what_is_missing(
    workbench: Workbench, ads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ads / ".env").write_text("ADS_LOGIN=ada-of-the-file\n")
    monkeypatch.setenv("ADS_TOKEN", "t-of-the-terminal")
    options = ["--metadata", '{"team": "red"}', "--format", "json"]
    without = json.loads(workbench("run", ads, "call", *options, cwd=ads).stdout)
    assert without["result"]["error"] == "the login is required"
    done = workbench("run", ads, "call", "--env-file", ".env", *options, cwd=ads)
    document = json.loads(done.stdout)
    assert document["result"] == {"success": True, "who": "‹ADS_LOGIN›:‹ADS_TOKEN›", "team": "red"}
    assert document["hints"] == []
    assert "t-of-the-terminal" not in done.stdout


def test_the_check_lists_what_the_code_reads_and_what_is_not_set(workbench: Workbench, ads: Path) -> None:
    text = workbench("check", ads).stdout
    assert "[load-variable-missing] The environment variable ADS_TOKEN, which" in text
    assert "Environment variables that are not set: ADS_TOKEN (one.py:6), ADS_LOGIN (one.py:12)" in text
    done = workbench("check", ads, "--env", "ADS_TOKEN=t-12345678", "--format", "json")
    [one] = json.loads(done.stdout)["integrations"]
    assert done.returncode == 0
    assert one["environment"] == [
        {"name": "ADS_TOKEN", "path": "one.py", "line": 6, "required": True, "set": True},
        {"name": "ADS_LOGIN", "path": "one.py", "line": 12, "required": False, "set": False},
    ]
    assert one["metadata"] == [{"name": "team", "path": "one.py", "line": 15, "required": True}]
    assert one["auth_shape"]["reason"] == "custom auth under contract 2"
    assert one["credentials"] == []


def test_the_check_masks_variables_in_the_error_of_an_import(workbench: Workbench, ads: Path) -> None:
    (ads / "one.py").write_text(CODE + "raise RuntimeError(f'{TOKEN} has expired')\n", encoding="utf-8")
    for form in ("text", "json", "sarif"):
        done = workbench("check", ads, "--env", "ADS_TOKEN=t-12345678", "--format", form)
        assert "t-12345678" not in done.stdout
        assert "RuntimeError: ‹ADS_TOKEN› has expired" in done.stdout
