"""What every package's tests may use, how much they try, and over how many processes they are spread.

``make test`` tries few examples of each property and a fixed sample of each long sweep; ``make test-all`` sets
``TESTS=all`` and tries everything.
"""

import gc
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.forked_workers import FORKS, replace_workers, restore_workers
from workbench.cli import main

CORPUS = Path(__file__).parent / "corpus"
ALL = os.environ.get("TESTS") == "all"

settings.register_profile("dev", max_examples=20, deadline=None)
settings.register_profile("all", max_examples=100, deadline=None)
settings.load_profile("all" if ALL else "dev")
if not ALL:  # else each process first parses the whole workbench, for constants to try now and then
    providers._get_local_constants = lambda: providers._local_constants


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: the tests of browsers, servers and workers wait for much of their time."""
    return (os.process_cpu_count() or 1) + 2


def pytest_configure() -> None:
    """Keep away from what the user has saved; fork workers, where the system can and not everything is tried."""
    gc.disable()  # while thousands of tests are collected, nothing is garbage
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="workbench-config-")
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="workbench-cache-")
    os.environ["XDG_STATE_HOME"] = str(Path(os.environ["XDG_CONFIG_HOME"]) / "state")
    os.environ["XDG_DATA_HOME"] = str(Path(os.environ["XDG_CONFIG_HOME"]) / "data")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    if not ALL:
        replace_workers()


def pytest_unconfigure() -> None:
    """End what forked them, and delete what was saved."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        shutil.rmtree(os.environ[name], ignore_errors=True)
    restore_workers()
    FORKS.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the exhaustive tests to ``make test-all``."""
    left = [] if ALL else [item for item in items if item.get_closest_marker("exhaustive")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


def pytest_collection_finish() -> None:
    """Keep the thousands of collected tests out of every collection of garbage that follows."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """The folders of the real ``config.json`` files, 41 of them."""
    folders = sorted(path.parent for path in CORPUS.glob("*/config.json"))
    assert len(folders) == 41
    return folders


@pytest.fixture(scope="session")
def step() -> Callable[[int], int]:
    """``step(n)`` is the step through a long sweep: n, or 1 where everything is tried."""
    return lambda size: 1 if ALL else size


@pytest.fixture(scope="session")
def spread() -> Callable[[list[tuple[str, Any]]], list[tuple[str, Any]]]:
    """``spread(named_schemas)``: those with a kind of node that none before them has, and every 20th, or all."""

    def chosen(named: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        found, seen = [], set[str]()
        for number, (name, schema) in enumerate(named):
            new = set(_kinds(schema)) - seen
            if ALL or new or number % 20 == 0:
                found.append((name, schema))
            seen |= new
        return found

    return chosen


def _kinds(schema: Any) -> Iterator[str]:
    """For each node of a schema its keywords, with the JSON type or format that it declares."""
    if isinstance(schema, dict):
        yield f"{schema.get('type')} {schema.get('format')} {'default' in schema} {'enum' in schema}"
        for keyword, value in schema.items():
            yield f"{keyword}: {type(value).__name__}"
            named = keyword in ("properties", "definitions", "patternProperties") and isinstance(value, dict)
            for inner in value.values() if named else value if isinstance(value, list) else [value]:
                yield from _kinds(inner)


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call the command ``workbench`` in this process and give what it wrote and its exit code."""

    def call(
        *arguments: str | Path, cwd: Path = tmp_path, input: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        words = [str(argument) for argument in arguments]
        runner = CliRunner(env={"COLUMNS": "200", **environment})
        done = runner.invoke(main, words, input=input, catch_exceptions=False, prog_name="workbench")
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip finds packages in, and nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def make_wheel(index: Path) -> Callable[..., Path]:
    """Put a wheel with one module, called as the package, into the index."""

    def make(name: str, version: str, code: str = "") -> Path:
        info = f"{name}-{version}.dist-info"
        files = {
            f"{name}.py": code or f'__version__ = "{version}"\n',
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
        path = index / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for inside, text in (files | {f"{info}/RECORD": record}).items():
                wheel.writestr(inside, text)
        return path

    return make
