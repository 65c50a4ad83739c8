"""From a folder to a registered integration, however the author laid it out."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.conftest import start_worker
from workbench.domain import Kind, Status, UndeclaredHandler
from workbench.events import Assign, HandlerStarted, IntegrationLoaded

ACTION_IN = """\
from autohive_integrations_sdk import ActionHandler
from {module} import probe
from helpers import answer

@probe.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        return {{"answer": answer(), "file": __file__.rpartition("integration/")[2]}}
"""


def test_helpers_and_an_actions_package_meet_the_same_module(integration, run) -> None:
    entry = "from autohive_integrations_sdk import Integration\nprobe = Integration.load()\nimport actions\n"
    files = {
        "actions/__init__.py": "from actions import go",
        "actions/go.py": ACTION_IN.format(module="probe"),
        "helpers.py": "def answer():\n    return 42\n",
    }
    seen = run(integration(code=entry, files=files))
    assert seen.outcome.result == {"answer": 42, "file": "actions/go.py"}
    assert seen.one(HandlerStarted).handler.file.endswith("actions/go.py")


def test_an_entry_point_in_a_folder(integration, run) -> None:
    entry = "from autohive_integrations_sdk import Integration\nprobe = Integration.load('config.json')\nimport go\n"
    files = {"src/go.py": ACTION_IN.format(module="main"), "helpers.py": "def answer():\n    return 1\n"}
    seen = run(integration(code=entry, files=files, config={"entry_point": "src/main.py"}))
    assert seen.outcome.result == {"answer": 1, "file": "src/go.py"}


def test_an_entry_point_in_a_package(integration, run) -> None:
    entry = "from autohive_integrations_sdk import Integration\nprobe = Integration.load('config.json')\n"
    entry += "from . import go\n"
    files = {
        "src/__init__.py": "",
        "src/go.py": ACTION_IN.format(module="main").replace("from helpers", "from .helpers"),
        "src/helpers.py": "def answer():\n    return 2\n",
    }
    seen = run(integration(code=entry, files=files, config={"entry_point": "src/main.py"}))
    assert seen.outcome.result == {"answer": 2, "file": "src/go.py"}


def test_relative_imports_at_the_top(integration, run) -> None:
    entry = "from autohive_integrations_sdk import Integration\nprobe = Integration.load()\nfrom . import go\n"
    files = {"go.py": ACTION_IN.format(module="probe"), "helpers.py": "def answer():\n    return 3\n"}
    seen = run(integration(code=entry, files=files))
    assert seen.outcome.result["answer"] == 3


def test_a_package_with_the_name_of_the_integration(integration, run) -> None:
    """``import_module`` of the stem would find the package; the file that config.json names is meant."""
    files = {"probe/__init__.py": "raise SystemError('not this one')"}
    assert run(integration(files=files)).finished.status is Status.SUCCEEDED


def test_the_path_and_the_folder_that_a_handler_finds(integration, run) -> None:
    body = """
        import os, sys
        return {"cwd": os.getcwd(), "path": sys.path, "argv": sys.argv, "name": __name__, "file": __file__}
    """
    request = integration(body)
    result = run(request).outcome.result
    root = str(request.root)
    assert result["cwd"] == root
    assert result["path"][:2] == [root, f"{root}/dependencies"]
    assert result["argv"] == [f"{root}/probe.py"]
    assert (result["name"], result["file"]) == ("probe", f"{root}/probe.py")
    assert [path for path in result["path"] if path == ""] == []


def test_a_root_that_is_relative(integration, run) -> None:
    request = integration("import os\nreturn {'cwd': os.getcwd()}")
    relative = replace(request, root=Path(os.path.relpath(request.root)))
    assert run(relative).outcome.result == {"cwd": str(request.root)}


def test_the_sdk_is_ours_and_other_dependencies_are_the_integrations(integration, run) -> None:
    files = {
        "dependencies/autohive_integrations_sdk/__init__.py": "raise SystemError('the vendored SDK was imported')",
        "dependencies/autohive_integrations_sdk/integration.py": "raise SystemError('the vendored SDK was imported')",
        "dependencies/autohive_integrations_sdk-1.0.2.dist-info/METADATA": "Name: autohive-integrations-sdk",
        "dependencies/their_library/__init__.py": "value = 'theirs'",
    }
    body = """
        import their_library
        from autohive_integrations_sdk.integration import Integration as same
        import autohive_integrations_sdk
        return {"value": their_library.value, "same": same is Integration, "sdk": autohive_integrations_sdk.__file__}
    """
    result = run(integration(body, files=files)).outcome.result
    assert (result["value"], result["same"]) == ("theirs", True)
    assert "/dependencies/" not in result["sdk"]


LOAD_FAILURES = {
    "an import that fails": ("import nowhere_at_all\n", "ModuleNotFoundError", "nowhere_at_all", 1),
    "an exception": ("def early():\n    raise KeyError('x')\n\nearly()\n", "KeyError", "'x'", 2),
    "a syntax error": ("x = 1\nif x\n    pass\n", "SyntaxError", "expected ':'", 2),
    "an exit": ("import sys\nsys.exit(3)\n", "SystemExit", "ended the process while it was imported", 2),
    "an undeclared name": (
        "from autohive_integrations_sdk import *\nprobe = Integration.load()\n\n@probe.action('other')\n"
        "class Other(ActionHandler):\n    async def execute(self, inputs, context): ...\n",
        "ConfigurationError",
        "other",
        4,
    ),
}


@pytest.mark.parametrize(("code", "kind", "words", "line"), LOAD_FAILURES.values(), ids=LOAD_FAILURES)
def test_an_entry_point_that_cannot_be_imported(integration, run, code, kind, words, line) -> None:
    seen = run(integration(code=code))
    error = seen.finished.error
    assert (seen.finished.status, error.type) == (Status.LOAD_FAILED, kind)
    assert words in error.message
    assert error.frames[-1].line == line
    assert error.frames[-1].file.endswith("integration/probe.py")
    assert all(frame.file.endswith("integration/probe.py") for frame in error.frames)
    assert "probe.py" in error.traceback
    assert "importlib" not in error.traceback
    assert "workbench" not in error.traceback
    assert not seen.all(IntegrationLoaded)


def test_a_handler_that_nobody_declares_is_a_fact_of_the_error(integration, run) -> None:
    said = run(integration(code="raise Exception(\"Action 'x' not defined in config.\")")).finished.error
    real = run(integration(code=LOAD_FAILURES["an undeclared name"][0])).finished.error
    assert (said.undeclared, real.undeclared) == (None, UndeclaredHandler(Kind.ACTION, "other"))


def test_no_integration(integration, run) -> None:
    error = run(integration(code="x = 1")).finished.error
    assert error.type == "IntegrationMissing"
    assert "Integration.load()" in error.message


def test_an_integration_that_another_module_holds(integration, run) -> None:
    files = {"core.py": "from autohive_integrations_sdk import *\nprobe = Integration.load()\n" + GO}
    assert run(integration(code="import core", files=files)).finished.status is Status.SUCCEEDED


GO = """
@probe.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        return {}
"""


def test_of_two_integrations_the_one_with_the_handler(integration, run) -> None:
    code = "from autohive_integrations_sdk import *\nother = Integration.load()\nprobe = Integration.load()\n" + GO
    assert run(integration(code=code)).finished.status is Status.SUCCEEDED


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.REQUEST])
def test_no_handler_of_that_name(integration, run, kind) -> None:
    seen = run(integration(kind=kind, name="stop"))
    assert (seen.finished.status, seen.finished.error.type) == (Status.LOAD_FAILED, "HandlerMissing")
    words = {Kind.ACTION: '@….action("go")', Kind.TRIGGER: "no @….polling_trigger", Kind.ACCOUNT: "connected_account()"}
    assert words[kind] in seen.finished.error.message
    assert seen.one(IntegrationLoaded).actions == ("go",)


@pytest.mark.parametrize("entry", ["", "nowhere.py", "actions"])
def test_no_entry_point(integration, run, entry) -> None:
    seen = run(integration(files={"actions/__init__.py": ""}, entry_point=entry))
    assert (seen.finished.status, seen.finished.error.type) == (Status.LOAD_FAILED, "EntryPointMissing")


def test_an_entry_point_that_is_not_python(integration, run) -> None:
    seen = run(integration(files={"main.txt": "hello"}, entry_point="main.txt"))
    assert seen.finished.status is Status.LOAD_FAILED
    assert ".py" in seen.finished.error.message


def test_the_worker_brings_no_web_framework(integration) -> None:
    worker = start_worker(forked=False)  # what forks may have imported what replays need
    worker.send(Assign(integration("import sys\nreturn sorted(sys.modules)")))
    modules = worker.finish().outcome.result
    worker.close()
    assert not {"flask", "werkzeug", "wtforms", "waitress", "click", "rich"} & {
        name.partition(".")[0] for name in modules
    }
    loaded = {name.split(".")[1] for name in modules if name.startswith("workbench.")}
    assert loaded == {"domain", "jsondoc", "events", "loopback", "system", "worker"}


def test_an_edit_within_the_same_second_is_seen(integration, run) -> None:
    stamp = (1_700_000_000, 1_700_000_000)
    for number in (1, 2, 3):
        request = integration("import helpers\nreturn {'n': helpers.n}", files={"helpers.py": f"n = {number}\n"})
        for path in request.root.glob("*.py"):
            os.utime(path, stamp)
        assert run(request).outcome.result == {"n": number}


def test_nothing_is_written_beside_the_integration(integration, run) -> None:
    request = integration(files={"helpers.py": "x = 1", "pack/__init__.py": ""}, code="import helpers, pack\n" + GO)
    before = sorted(request.root.rglob("*"))
    run(request)
    assert sorted(request.root.rglob("*")) == before


@pytest.mark.parametrize("name", ["calendar", "types"])
def test_a_file_that_hides_what_the_sdk_needs_fails_as_in_a_new_process(integration, run, name) -> None:
    seen = run(integration("return {}", files={f"{name}.py": "MINE = 1\n"}))
    error = seen.finished.error
    assert (seen.finished.status, error.type) == (Status.LOAD_FAILED, "HiddenModule")
    assert f"because {name}.py in the integration's folder hides a module" in error.message
    assert [(frame.file.rpartition("/")[2], frame.line) for frame in error.frames] == [(f"{name}.py", 1)]


def test_a_file_that_hides_what_nobody_else_needs_is_the_one_that_is_imported(integration, run) -> None:
    body = "import colorsys, workbench_like\nreturn {'mine': colorsys.MINE, 'ours': workbench_like.MINE}"
    files = {"colorsys.py": "MINE = 1\n", "workbench_like.py": "MINE = 2\n"}
    assert run(integration(body, files=files)).outcome.result == {"mine": 1, "ours": 2}
