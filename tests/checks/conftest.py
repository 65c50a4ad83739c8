"""The examples of all codes in one folder, checked by the real command: with importing and without."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .examples import EXAMPLES, SOUND, Example

PATIENCE = "4"
"""Seconds that an import may take: one example hangs for good."""

type Workbench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Call ``workbench check`` as a process of its own, in an empty folder."""
    here = tmp_path_factory.mktemp("here")

    def call(*arguments: str | Path, cwd: Path = here, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "workbench.cli", "check", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env=os.environ | {"COLUMNS": "200", "PYTHONWARNINGS": "error"} | environment,
            timeout=110,
        )

    return call


@pytest.fixture
def workbench(in_process: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Call ``workbench check`` in this process, in an empty folder, and give what it wrote and its exit code."""
    here = tmp_path_factory.mktemp("here")

    def call(*arguments: str | Path, cwd: Path = here, **environment: str) -> subprocess.CompletedProcess[str]:
        return in_process("check", *arguments, cwd=cwd, **environment)

    return call


type Findings = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def unimported(process: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The findings of every example without importing."""
    folder = _built(tmp_path_factory.mktemp("text") / "all", (SOUND, *EXAMPLES))
    return _findings(process(folder, "--format", "json", "--no-import"))


@pytest.fixture(scope="session")
def imported(process: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The findings of the examples that are about code, with importing."""
    folder = _built(tmp_path_factory.mktemp("import") / "all", (SOUND, *(one for one in EXAMPLES if one.is_of_code)))
    return _findings(process(folder, "--format", "json", "--timeout", PATIENCE))


def _built(folder: Path, examples: tuple[Example, ...]) -> Path:
    folder.mkdir()
    for example in examples:
        example.build(folder / example.code)
    return folder


def _findings(done: subprocess.CompletedProcess[str]) -> Findings:
    assert (done.returncode, done.stderr) == (1, "")
    return {
        Path(one["path"]).name: [each for each in one["findings"] if not each["ignored"]]
        for one in json.loads(done.stdout)["integrations"]
    }


@pytest.fixture
def weather(tmp_path: Path) -> Callable[..., Path]:
    """Make an integration that differs from a sound one as an :class:`Example` does."""

    def make(name: str = "weather", /, **different: Any) -> Path:
        root = tmp_path / name
        Example(name, "", **different).build(root)
        return root

    return make
