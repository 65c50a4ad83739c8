"""Runs whose ``dependencies/`` replaces what a spare has imported, and the releases that a run says it imported."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import read_integration
from workbench.cli.requests import make_request
from workbench.domain import Credentials, Dependencies, Dependency, DependencyState, Kind, Run
from workbench.explain.documents.report import report
from workbench.runner import Runner
from workbench.runner.worker_start import OPTIONAL_PACKAGES, SPARE_PACKAGES, WorkerStart
from workbench.store import Store

CONFIG = """{"name": "releases", "version": "1.0.0", "description": "", "entry_point": "releases.py",
"actions": {"go": {"description": "", "input_schema": {"type": "object"}, "output_schema": {"type": "object"}}}}"""
CODE = """
import idna
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

releases = Integration.load()


@releases.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        import aiohttp
        return ActionResult(data={"idna": idna.__version__, "aiohttp": aiohttp.idna_of_yarl()})
"""
IDNA = '__version__ = "0.1"\nclass IDNAError(UnicodeError): ...\ndef encode(*_): ...\ndef decode(*_): ...\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "releases"
    root.mkdir()
    (root / "config.json").write_text(CONFIG)
    (root / "releases.py").write_text(
        CODE.replace("aiohttp.idna_of_yarl()", "__import__('yarl')._url.idna.__version__")
    )
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n")
    return root


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


@pytest.fixture(scope="module")
def runner(store: Store) -> Iterator[Runner]:
    with Runner(store) as runner:
        yield runner


@pytest.fixture
def do(runner: Runner) -> Callable[[Path], Run]:
    def do(root: Path, **more: Any) -> Run:
        asked = make_request(
            read_integration(root), "go", Kind.ACTION,
            inputs={}, credentials=Credentials(), timeout=60, last_poll_ts=None, **more,
        )  # fmt: skip
        return runner.wait(runner.submit(asked).id, 90)

    return do


def vendor(root: Path, version: str, code: str = IDNA) -> None:
    (root / "dependencies" / "idna").mkdir(parents=True)
    (root / "dependencies" / "idna" / "__init__.py").write_text(code)
    (root / "dependencies" / f"idna-{version}.dist-info").mkdir()


def wait_for_spare(runner: Runner) -> None:
    deadline = time.monotonic() + 60
    while not runner.warm_spares and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_spare_has_imported_what_is_known_of_it(root: Path, runner: Runner, do: Callable[[Path], Run]) -> None:
    wait_for_spare(runner)
    run = do(root)
    here = metadata.version("idna")
    assert run.outcome.result == {"idna": here, "aiohttp": here}
    imported = {one.name for one in run.outcome.packages} - {"packaging"}  # that comes with a pin
    assert imported | OPTIONAL_PACKAGES == SPARE_PACKAGES
    assert {(one.name, one.release, one.place) for one in run.outcome.packages} >= {("idna", here, "environment")}


def test_another_release_in_dependencies_is_what_everything_imports(root: Path, do: Callable[[Path], Run]) -> None:
    vendor(root, "0.1")
    run = do(root)
    assert run.outcome.result == {"idna": "0.1", "aiohttp": "0.1"}, run.outcome.error
    told: Any = report(run)["packages"]
    assert {"name": "idna", "release": "0.1", "from": "dependencies"} in told
    assert not [one for one in told if one["name"] in ("workbench", "releases")]


def test_what_aiohttp_imports_where_it_is_there_needs_a_worker_of_its_own(root: Path) -> None:
    asked = make_request(
        read_integration(root), "go", Kind.ACTION, inputs={}, credentials=Credentials(), timeout=60, last_poll_ts=None
    )
    state = DependencyState.INSTALLED
    for vendored, environment, is_own in (("1.1.0", "", True), ("", "1.1.0", False), ("", "", False)):
        brotli = Dependency("brotli", "brotli", "requirements.txt", 2, state, vendored, environment)
        assert WorkerStart.of(replace(asked, dependencies=Dependencies((brotli,)))).is_own is is_own


def test_jsonschema_is_imported_again_by_a_spare(root: Path, runner: Runner, do: Callable[[Path], Run]) -> None:
    made = '"idna": idna.__version__, "aiohttp": aiohttp.idna_of_yarl()'
    (root / "releases.py").write_text(CODE.replace("idna\n", "jsonschema\n").replace(made, '"made": jsonschema.MADE'))
    (root / "dependencies" / "jsonschema").mkdir(parents=True)
    (root / "dependencies" / "jsonschema" / "__init__.py").write_text("MADE = True\n")
    (root / "dependencies" / "jsonschema-4.17.3.dist-info").mkdir()
    wait_for_spare(runner)
    run = do(root)
    assert run.outcome.result == {"made": True}, run.outcome.error
    told: Any = report(run)["packages"]
    assert {"name": "jsonschema", "release": "4.17.3", "from": "dependencies"} in told
    assert not WorkerStart.of(run.request).is_own


def test_a_broken_library_in_dependencies_fails_the_import_not_the_workbench(
    root: Path, do: Callable[[Path], Run]
) -> None:
    vendor(root, "0.1", "raise OSError('built for another Python')")
    run = do(root)
    assert run.outcome.status == "load_failed"
    assert run.outcome.error is not None
    assert "built for another Python" in run.outcome.error.message
    assert any("aiohttp (OSError: built" in one.text and "not captured" in one.text for one in run.outcome.output)


def test_dependencies_cannot_replace_the_workbench_itself(root: Path, do: Callable[[Path], Run]) -> None:
    vendor(root, "0.1")
    for name in ("workbench", "autohive_integrations_sdk"):
        (root / "dependencies" / f"{name}.py").write_text("raise SystemExit(3)")
    assert do(root).outcome.status == "succeeded"
