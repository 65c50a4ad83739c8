"""``workbench fuzz``: its forms, its exit codes, its seed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from tests.comparison.conftest import run_of
from workbench.cli import main
from workbench.cli.execution.fuzz import _lines
from workbench.domain import Answers
from workbench.fuzz import Progress

CODE = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration
shouter = Integration.load()

@shouter.action("shout")
class Shout(ActionHandler):
    async def execute(self, inputs, context):
        return ActionResult(data={"first": inputs["text"].upper()[0]})
"""
SHOUT = {
    "description": "Shout.",
    "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    "output_schema": {"type": "object", "properties": {"first": {"type": "string"}}, "required": ["first"]},
}


@pytest.fixture
def shouter(tmp_path: Path) -> Path:
    """An integration that cannot shout nothing."""
    config = {"name": "shouter", "version": "1.0.0", "description": "d", "entry_point": "shouter.py"}
    (tmp_path / "config.json").write_text(json.dumps(config | {"actions": {"shout": SHOUT}}))
    (tmp_path / "shouter.py").write_text(CODE)
    (tmp_path / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n")
    return tmp_path


def fuzz(root: Path, *options: str) -> Result:
    """A session that begins with a live run, which sends nothing; its seed draws the empty text."""
    few = ["--max", "2", "--seed", "1"]
    arguments = ["fuzz", str(root), "shout", "--live", "--inputs", '{"text": "hey"}', *few, *options]
    return CliRunner().invoke(main, arguments)


def test_a_finding_is_told_in_each_form_and_is_exit_code_1(shouter: Path) -> None:
    text = fuzz(shouter)
    assert text.exit_code == 1
    assert text.stdout.startswith('Crash: Input /text is ""\n    IndexError')
    assert "replays: 1 crashed," in text.stdout

    found: list[dict[str, Any]] = json.loads(fuzz(shouter, "--format", "json").stdout)
    (crash, *handled) = found[0].pop("findings")
    assert found[0].pop("replays") == len(handled) + 1
    assert found[0] == {"handler": "shout", "kind": "action", "source": "", "seed": 1, "cancelled": False}
    assert (crash["verdict"], crash["what"]) == ("crash", 'Input /text is ""')
    assert crash["place"] == {"file": "shouter.py", "line": 7}
    assert {one["verdict"] for one in handled} == {"handled"}

    (suite,) = ElementTree.fromstring(fuzz(shouter, "--format", "junit").stdout)
    assert (suite.attrib["name"], suite.attrib["failures"]) == ("shout", "1")
    (failure,) = suite.findall("testcase/failure")
    assert failure.attrib["message"].startswith("Crash: IndexError")


def test_the_count_names_the_recording_that_was_varied() -> None:
    recorded = run_of(1)
    varied = replace(recorded, request=replace(recorded.request, answers=Answers(label="act/first")))
    counts = [list(_lines(run, Progress(0)))[-1].plain for run in (recorded, varied)]
    assert counts == ["act: 0 replays.", "act/first: 0 replays."]


def test_what_is_handled_is_exit_code_0(shouter: Path) -> None:
    (shouter / "shouter.py").write_text(CODE.replace("[0]", "[:1]"))
    assert fuzz(shouter, "--max", "1").exit_code == 0


def test_nothing_to_replay_is_exit_code_2(shouter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shouter)
    found = CliRunner().invoke(main, ["fuzz"])
    assert (found.exit_code, found.stdout) == (2, "")
    assert "has no recordings. Make one with workbench record" in found.stderr
    failed = CliRunner().invoke(main, ["fuzz", str(shouter), "shout", "--live"])
    assert failed.exit_code == 2
    assert "The run of shout must succeed before it is varied." in failed.stderr
