"""Installations by a real pip from a folder of wheels: the new folder, the old one, and what is left behind."""

import errno
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.catalog import read_integration
from workbench.cli import main
from workbench.domain import InstallState
from workbench.explain.installation import not_started
from workbench.installer import FolderBusy, NoInstallTool, install_requirements, recover, tool
from workbench.installer.folder import Staging, locked
from workbench.installer.output import OutputSummary

type MakeWheel = Callable[..., Path]

SLOW = "import time\nopen('started', 'w').close()\ntime.sleep(60)\n"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def alive_in_group(group: int) -> list[str]:
    """The processes of a group that are not merely waiting to be reaped."""
    stats = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats.append(path.read_text().rpartition(")")[2].split())
    return [stat[1] for stat in stats if int(stat[2]) == group and stat[0] not in "ZX"]


def test_requirements_are_installed_and_what_was_put_there_by_hand_stays(root: Path, make_wheel: MakeWheel) -> None:
    make_wheel("tiny_thing", "1.0")
    for name in ("pip.py", "json.py", "zipfile.py"):
        (root / name).write_text("raise SystemExit('replaced')")  # the folder of an integration cannot replace pip
    old = root / "dependencies"
    (old / "old_thing-1.dist-info").mkdir(parents=True)
    (old / "old_thing-1.dist-info" / "RECORD").write_text("old_thing/__init__.py,,\nold_thing-1.dist-info/RECORD,,\n")
    for name in ("old_thing", "own_thing"):
        (old / name).mkdir()
        (old / name / "__init__.py").write_text("")
    assert read_integration(root).dependencies.unmet
    running = install_requirements(root)
    with pytest.raises(FolderBusy, match="running already"):
        install_requirements(root)
    done = running.wait(90)
    assert (done.state, done.reason, done.packages) == (InstallState.SUCCEEDED, "", 1), done.lines
    assert any(line.startswith("Successfully installed tiny_thing-1.0") for line in done.lines)
    assert names(old) - {"__pycache__"} == {"tiny_thing.py", "tiny_thing-1.0.dist-info", "own_thing"}
    assert not read_integration(root).dependencies.unmet
    assert {name for name in names(root) if name.startswith(".")} == set()


def test_a_cancelled_installation_ends_its_processes(root: Path, index: Path) -> None:
    (root / "requirements.txt").write_text("./slow\n")
    (root / "slow").mkdir()
    (root / "slow" / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (root / "slow" / "backend.py").write_text(SLOW)
    running = install_requirements(root)
    deadline = time.monotonic() + 60
    while not (root / "slow" / "started").exists() and running.is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    running.cancel()
    assert running.wait(30).state is InstallState.CANCELLED, running.progress.lines
    assert names(root) == {"config.json", "tiny.py", "requirements.txt", "slow"}
    assert not alive_in_group(running._process.pid)


def test_what_a_killed_installation_left_is_put_back(root: Path) -> None:
    target = root / "dependencies"
    target.mkdir()
    (target / "mine.py").write_text("")
    staging = Staging(target)
    staging.prepare()
    target.rename(root / ".dependencies-installation" / "old")
    with locked(root):
        recover(target)
        assert not target.exists()  # that one is running
    recover(target)
    assert names(target) == {"mine.py"}
    assert ".dependencies-installation" not in names(root)


def test_the_pip_of_this_python_comes_before_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "z").mkdir()
    system = tmp_path / "z" / "pip-23.0.1-py3-none-any.whl"
    system.touch()
    monkeypatch.setattr(tool, "_DEBIAN", system.parent)
    own = tmp_path / "_bundled" / "pip-24.2-py3-none-any.whl"
    spec = ModuleSpec("ensurepip", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: spec)
    assert tool._bundled() == system
    own.parent.mkdir()
    own.touch()
    assert tool._bundled() == own


def test_pip_uv_or_the_pip_of_ensurepip(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tool.find_tool().command[:4] == (sys.executable, "-P", "-m", "pip")
    missing = lambda name: None  # noqa: E731
    monkeypatch.setattr(tool.importlib.util, "find_spec", missing)
    monkeypatch.setattr(tool.shutil, "which", lambda name: "/bin/uv")
    line = tool.find_tool().line(["-r", "x"], Path("/t"))
    assert line == ["/bin/uv", "pip", "install", "--python", sys.executable, "-r", "x", "--target", "/t"]
    monkeypatch.setattr(tool.shutil, "which", missing)
    monkeypatch.setattr(tool, "_bundled", lambda: Path("/w/pip-24.0-py3-none-any.whl"))
    assert tool.find_tool().command == (
        sys.executable, "-P", "/w/pip-24.0-py3-none-any.whl/pip", "install", "--progress-bar", "off",
    )  # fmt: skip
    monkeypatch.setattr(tool, "_bundled", lambda: None)
    with pytest.raises(NoInstallTool, match="no uv"):
        tool.find_tool()


def test_what_pip_says_of_the_workbenchs_own_packages_is_left_out() -> None:
    summary = OutputSummary()
    for line in (
        "Collecting PyYAML>=6",
        "  Downloading pyyaml-6.0-py3-none-any.whl (838 kB)",
        "Progress 262144 of 838000",
        "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. "
        "This behaviour is the source of the following dependency conflicts.",
        "autohive-integration-workbench 0.1.0 requires jsonschema>=4.26, but you have jsonschema 4.17.3 which is "
        "incompatible.",
        "hypothesis 1.0 requires nothing-here, which is not installed.",
        "[notice] A new release of pip is available: 24.2 -> 25.0",
        "ERROR: No matching distribution found for \x1b[31mx",
        "ERROR: a later one",
    ):
        summary.add(line)
    assert [line[:10] for line in summary.lines] == ["Collecting", "  Download", "ERROR: No ", "ERROR: a l"]
    assert (summary.packages, summary.step, round(summary.fraction or 0, 2)) == (1, "pyyaml-6.0-py3-none-any.whl", 0.31)
    assert summary.reason == "No matching distribution found for  [31mx"


def test_a_failure_leaves_the_old_folder_and_names_the_reason(root: Path, index: Path) -> None:
    (root / "dependencies").mkdir()
    (root / "dependencies" / "mine.py").write_text("")
    failed = CliRunner().invoke(main, ["install", str(root)])
    assert failed.exit_code == 1, failed.output
    assert (
        "Installation failed: Could not find a version that satisfies the requirement tiny_thing==1.0" in failed.output
    )
    assert names(root / "dependencies") == {"mine.py"}
    assert names(root) == {"config.json", "tiny.py", "requirements.txt", "dependencies"}


def test_the_command_prints_the_output_and_how_it_ended(root: Path, make_wheel: MakeWheel) -> None:
    make_wheel("tiny_thing", "1.0")
    done = CliRunner().invoke(main, ["install", str(root), "--format", "json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["state"], told["tool"]) == ("succeeded", "pip")
    assert told["requirements"][0] == {
        "requirement": "tiny_thing==1.0",
        "file": "requirements.txt",
        "line": 1,
        "state": "installed",
        "dependencies": "1.0",
        "environment": None,
    }
    with locked(root):
        busy = CliRunner().invoke(main, ["install", str(root)])
    assert (busy.exit_code, "running already" in busy.output) == (2, True)
    nowhere = CliRunner().invoke(main, ["install", str(root / "nowhere")])
    assert nowhere.exit_code == 2


def test_a_folder_that_cannot_be_written_is_named() -> None:
    words = not_started(PermissionError(errno.EACCES, "Permission denied", "/there/.dependencies-installation"))
    start = "The requirements could not be installed: "
    assert words == f"{start}/there/.dependencies-installation cannot be written: Permission denied."
    assert not_started(FolderBusy("Wait for its end.")) == f"{start}Wait for its end."
