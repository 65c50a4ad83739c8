"""The check: config, code and requirements held against each other, with the place of every finding."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.catalog import check, read_integration
from workbench.domain import Finding, Severity

type Make = Callable[..., Path]

HEAD = "from autohive_integrations_sdk import ActionHandler, Integration\nx = Integration.load()\n"


def run(root: Path) -> dict[str, Finding]:
    """The findings by code, notes aside."""
    found = check(read_integration(root))
    return {finding.code: finding for finding in found if finding.severity is not Severity.NOTE}


def handler(name: str, kind: str = "action") -> str:
    argument = f'"{name}"' if name else ""
    return f"@x.{kind}({argument})\nclass H{abs(hash(name))}(ActionHandler):\n    pass\n"


def test_a_sound_folder_has_no_findings(make: Make) -> None:
    assert run(make()) == {}


def test_declared_without_a_handler(make: Make) -> None:
    root = make(files={"weather.py": HEAD})
    finding = run(root)["handler-missing"]
    assert (finding.place, finding.pointer, finding.severity) == ("config.json:7:5", "/actions/today", Severity.ERROR)


def test_a_handler_without_a_declaration(make: Make) -> None:
    root = make(files={"weather.py": HEAD + handler("today") + handler("tomorrow")})
    found = run(root)
    assert list(found) == ["handler-undeclared"]
    assert found["handler-undeclared"].place == "weather.py:6:2"
    assert "'tomorrow'" in found["handler-undeclared"].message


def test_handlers_in_other_modules_count(make: Make) -> None:
    files = {
        "weather.py": "import actions.daily\nfrom core import x",
        "core.py": HEAD,
        "actions/__init__.py": "",
        "actions/daily.py": "from core import x\nfrom autohive_integrations_sdk import ActionHandler\n"
        + handler("today"),
    }
    assert run(make(files=files)) == {}


def test_a_handler_registered_by_a_call_counts(make: Make) -> None:
    assert run(make(files={"weather.py": HEAD + "class T(ActionHandler): pass\nx.action(name='today')(T)\n"})) == {}


def test_triggers_are_no_actions(make: Make) -> None:
    trigger = {"description": "x", "polling_interval": "5m", "input_schema": {}, "output_schema": {"type": "object"}}
    root = make(actions=None, polling_triggers={"today": trigger}, files={"weather.py": HEAD + handler("today")})
    assert set(run(root)) == {"handler-missing", "handler-undeclared"}
    right = HEAD + handler("today", "polling_trigger")
    assert run(make("right", actions=None, polling_triggers={"today": trigger}, files={"weather.py": right})) == {}


def test_a_name_made_at_run_time_is_a_note_and_no_accusation(make: Make) -> None:
    root = make(files={"weather.py": HEAD + "for name in ['today']:\n    x.action(name)(ActionHandler)\n"})
    assert run(root) == {}
    notes = [finding for finding in check(read_integration(root)) if finding.code == "handler-name-dynamic"]
    assert [finding.place for finding in notes] == ["weather.py:4:5"]


def test_the_connected_account_both_ways(make: Make) -> None:
    account = HEAD + handler("today") + handler("", "connected_account")
    assert set(run(make(supports_connected_account=True))) == {"account-missing"}
    assert set(run(make("b", files={"weather.py": account}))) == {"account-undeclared"}
    assert run(make("c", supports_connected_account=True, files={"weather.py": account})) == {}


@pytest.mark.parametrize("broken", ["weather.py", "helper.py"])
def test_code_that_is_no_python_has_its_line_and_blames_no_handler(make: Make, broken: str) -> None:
    files = {"weather.py": HEAD + "import helper\n", "helper.py": "ok = 1\n"}
    files[broken] += "def (:\n"
    finding = run(make(files=files))
    assert list(finding) == ["source-invalid"]
    assert finding["source-invalid"].path == broken
    assert finding["source-invalid"].line == files[broken].count("\n")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import requests", True),
        ("from requests.auth import X", True),
        ("def f():\n    import requests", True),
        ("try:\n    import requests\nexcept ImportError:\n    requests = None", False),
        ("import json, asyncio, aiohttp", False),
        ("import helper", False),
        ("import yaml", False),
        ("from google.cloud import storage", False),
        ("import installed", False),
        ("from . import helper", False),
    ],
)
def test_imports_that_no_requirement_names(make: Make, code: str, told: bool) -> None:
    files = {
        "weather.py": HEAD + handler("today") + code,
        "helper.py": "",
        "requirements.txt": "autohive-integrations-sdk~=2.0.1\nPyYAML\ngoogle-cloud-storage\n",
        "dependencies/installed/__init__.py": "",
    }
    found = run(make(files=files))
    assert [code for code in found if code != "requirements-not-installed"] == ["requirements-import"] * told
    if told:
        assert found["requirements-import"].line


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"version": "one"}, "version-not-semver", "/version"),
        ({"acitons": {}}, "config-unknown-property", "/acitons"),
        ({"auth": {"type": "custom"}}, "auth-fields-missing", "/auth/fields"),
        (
            {"actions": {"today": {"description": "x", "input_schema": {"type": "strnig"}, "output_schema": {}}}},
            "schema-invalid",
            "/actions/today/input_schema/type",
        ),
    ],
)
def test_what_the_schema_room_finds_has_its_line_and_column(make: Make, members: Any, code: str, pointer: str) -> None:
    root = make(**members)
    if code == "config-unknown-property":
        members = {"actions": None, **members}
        root = make("typo", **members, files={"weather.py": HEAD})
    finding = next(each for each in check(read_integration(root)) if each.code == code)
    assert finding.pointer == pointer
    assert finding.line and finding.column
    name = pointer.rpartition("/")[2]
    shown = (root / "config.json").read_text().split("\n")[finding.line - 1][finding.column - 1 :]
    assert shown.startswith(f'"{name}"') or code == "auth-fields-missing"


def test_a_fault_is_told_once(make: Make) -> None:
    found = check(read_integration(make(name=None, description=7)))
    places = [(finding.code, finding.pointer) for finding in found if finding.pointer]
    assert len(places) == len(set(places))
    assert ("config-property-missing", "/name") in places
    assert ("config-type", "/description") in places


def test_errors_come_first(make: Make) -> None:
    found = check(read_integration(make(version="one", name=None, files={"requirements.txt": None})))
    assert [finding.severity for finding in found] == sorted(
        (finding.severity for finding in found), key=["error", "warning", "note"].index
    )


def test_a_folder_that_is_gone_keeps_what_was_known(make: Make, tmp_path: Path) -> None:
    found = read_integration(make(name=None))
    (tmp_path / "weather").rename(tmp_path / "elsewhere")
    assert check(found) == found.findings
