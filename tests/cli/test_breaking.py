"""``workbench breaking``: what it prints, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workbench.cli import main

INPUT = {"type": "object", "properties": {"city": {"type": "string"}}}


def folder(root: Path, name: str, version: str, **schemas: Any) -> Path:
    """An integration with one action."""
    made = root / name
    made.mkdir()
    schemas = {"input_schema": INPUT, "output_schema": {"type": "string"}} | schemas
    config = {"name": "weather", "version": version, "entry_point": "weather.py", "actions": {"read": schemas}}
    (made / "config.json").write_text(json.dumps(config, indent=2))
    return made


def run(new: Path, old: Path, *options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    done = CliRunner().invoke(main, ["breaking", str(new), "--against", str(old), *options])
    return done.exit_code, done.output


NARROWER = {"input_schema": INPUT | {"required": ["city"]}}


@pytest.mark.parametrize(("version", "code"), [("1.0.0", 1), ("1.1.0", 1), ("2.0.0", 0)])
def test_a_break_is_an_error_until_the_version_says_so(tmp_path: Path, version: str, code: int) -> None:
    old, new = folder(tmp_path, "old", "1.0.0"), folder(tmp_path, "new", version, **NARROWER)
    found, text = run(new, old)
    assert found == code
    assert "config.json:15: breaking read: input /city is required now." in text
    assert "Valid before, invalid now: {}" in text
    assert ("These changes ask for version 2.0.0" in text) is (code == 1)


def test_what_breaks_nobody_is_told_and_is_no_error(tmp_path: Path) -> None:
    wider = {"output_schema": {"type": "string", "enum": ["sun", "rain"]}}
    old, new = folder(tmp_path, "old", "1.0.0"), folder(tmp_path, "new", "1.0.0", **wider)
    code, text = run(new, old)
    assert code == 0
    assert "compatible read: output returns less than before." in text
    assert "These changes ask for version 1.1.0; config.json has 1.0.0." in text
    assert run(old, old) == (0, f"Nothing changed for users since {old}.\n")


def test_an_earlier_file_without_a_version_suggests_none(tmp_path: Path) -> None:
    old, new = folder(tmp_path, "old", ""), folder(tmp_path, "new", "1.0.0", **NARROWER)
    code, text = run(new, old)
    assert code == 1
    assert text.endswith("The earlier config.json has no version, so no version can be suggested.\n")


def test_the_json_document(tmp_path: Path) -> None:
    old, new = folder(tmp_path, "old", "1.0.0"), folder(tmp_path, "new", "1.0.0", **NARROWER)
    code, text = run(new, old, "--format", "json")
    assert code == 1
    assert json.loads(text) == {
        "breaking": "yes",
        "changes": [
            {
                "kind": "now-required",
                "part": "action",
                "name": "read",
                "side": "input",
                "breaking": "yes",
                "pointer": "/actions/read/input_schema/required/0",
                "data_pointer": "/city",
                "line": 15,
                "message": "read: input /city is required now.",
                "example": {},
            }
        ],
        "version": {"old": "1.0.0", "new": "1.0.0", "needed": "2.0.0"},
    }


def test_nothing_to_compare_with_is_told_with_exit_code_2(tmp_path: Path) -> None:
    new = folder(tmp_path, "new", "1.0.0")
    code, text = run(new, tmp_path / "missing")
    assert code == 2
    assert "is neither a folder nor a revision in git" in text


def test_commands_of_github_are_the_default_in_its_actions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.chdir(tmp_path)
    old, new = folder(tmp_path, "old", "1.0.0"), folder(tmp_path, "new", "1.0.0", **NARROWER)
    code, text = run(new, old)
    assert code == 1
    assert text.splitlines()[0] == (
        "::error file=new/config.json,line=15,title=breaking now-required::"
        "read: input /city is required now. Valid before, invalid now: {}"
    )
    assert "ask for version 2.0.0" in text
    announced = folder(tmp_path, "later", "2.0.0", **NARROWER)
    assert run(announced, old)[1].startswith("::warning file=later/config.json")
    assert run(new, old, "--format", "text")[1].startswith("new/config.json:15: breaking")
