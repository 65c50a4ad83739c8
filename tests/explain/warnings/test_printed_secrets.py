"""Secrets in the output: one warning, with the line and the name."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.domain import (
    Contract,
    ContractVersion,
    Frame,
    Kind,
    MaskedText,
    Outcome,
    Output,
    Run,
    RunRequest,
    RunState,
    Status,
)
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings

ROOT = Path("/i")
REQUEST = RunRequest("x", ROOT, "x.py", Kind.ACTION, "get", Contract(ContractVersion.V2), {})
SECRET = MaskedText.whole("api_key")


def told(*output: Output) -> list[str]:
    outcome = Outcome(state=RunState.FINISHED, status=Status.SUCCEEDED, output=output)
    return [plain(each.sentence) for each in run_warnings.of_run(Run("1", REQUEST, 0.0, outcome))]


@pytest.mark.parametrize(("source", "verb"), [("stdout", "prints"), ("stderr", "prints"), ("log", "logs")])
def test_the_line_is_named(source: str, verb: str) -> None:
    line = Output(0.1, source, "key " + SECRET, place=Frame("/i/helpers.py", 12, "send"))
    assert told(line) == [
        f"The code {verb} the secret api_key (helpers.py:12). Everyone who reads the logs sees it. Remove it from the output."  # noqa: E501
    ]
    others = replace(line, place=Frame("/i/x.py", 1)), replace(line, place=Frame("/i/x.py", 2)), line
    assert told(line, *others)[0].endswith(" 2 more lines of output have secrets.")
    assert told(replace(line, place=Frame("/usr/lib/python3.13/logging/__init__.py", 5)))[0].startswith(
        f"The code {verb} the secret api_key. "
    )


def test_output_without_a_secret_is_fine() -> None:
    assert told(Output(0.1, "stdout", "‹api_key›"), Output(0.1, "note", "x " + SECRET)) == []
