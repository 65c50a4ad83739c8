"""The command ``check``, in this process or in one of its own, and integrations to check."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .examples import Example

type Workbench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
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


@pytest.fixture
def weather(tmp_path: Path) -> Callable[..., Path]:
    """Make an integration that differs from a sound one as an :class:`Example` does."""

    def make(name: str = "weather", /, **different: Any) -> Path:
        root = tmp_path / name
        Example(name, "", **different).build(root)
        return root

    return make
