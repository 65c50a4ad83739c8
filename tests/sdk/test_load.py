"""Finding config.json, reading it, and saying what is wrong with it."""

import codecs
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import autohive_integrations_sdk
import pytest
from autohive_integrations_sdk import ActionHandler, ConfigurationError, Integration, PollingTriggerHandler

from tests.case_tables import each_case

Folder = Callable[..., Path]
CALLS_LOAD = "from autohive_integrations_sdk import Integration\nentry = Integration.load()\n"


def test_load_finds_the_config_beside_the_calling_file(
    folder: Folder, run_module: Callable[[Path], ModuleType], tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    entry = run_module(folder(entry=CALLS_LOAD) / "entry.py").entry
    assert entry.config.name == "n"


def test_load_finds_the_config_of_the_file_that_calls_not_of_the_one_that_imports(
    folder: Folder, run_module: Callable[[Path], ModuleType], config: Any
) -> None:
    root = folder(config(name="outer"), **{"inner/entry.py": CALLS_LOAD})
    (root / "inner" / "config.json").write_text(json.dumps(config(name="inner")))
    assert run_module(root / "inner" / "entry.py").entry.config.name == "inner"


def test_load_falls_back_to_the_config_beside_dependencies_where_the_SDK_is_vendored(
    folder: Folder, tmp_path: Path
) -> None:
    root = folder(**{"src/entry.py": CALLS_LOAD + "print(entry.config.name)"})
    package = Path(autohive_integrations_sdk.__file__).parent
    shutil.copytree(package, root / "dependencies" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": str(root / "dependencies")}
    done = subprocess.run(
        [sys.executable, str(root / "src" / "entry.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("n\n", "")


def test_load_prefers_the_config_beside_the_caller_to_the_one_beside_dependencies(folder: Folder, config: Any) -> None:
    root = folder(config(name="outer"), **{"src/entry.py": CALLS_LOAD + "print(entry.config.name)"})
    (root / "src" / "config.json").write_text(json.dumps(config(name="inner")))
    package = Path(autohive_integrations_sdk.__file__).parent
    shutil.copytree(package, root / "dependencies" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": str(root / "dependencies")}
    done = subprocess.run(
        [sys.executable, str(root / "src" / "entry.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "inner\n"


def test_load_without_any_config_says_where_it_looked(tmp_path: Path, run_module: Callable[[Path], ModuleType]) -> None:
    (tmp_path / "entry.py").write_text(CALLS_LOAD)
    with pytest.raises(ConfigurationError, match="not found") as caught:
        run_module(tmp_path / "entry.py")
    assert str(tmp_path / "config.json") in caught.value.message


@pytest.mark.parametrize("kind", [str, Path])
def test_load_takes_a_path(kind: type, folder: Folder) -> None:
    assert Integration.load(kind(folder() / "config.json")).config.version == "1.0.0"


def test_load_reads_every_real_config(corpus: list[Path]) -> None:
    names = {Integration.load(root / "config.json").config.name for root in corpus}
    assert len(names) == 41


def test_load_gives_what_the_config_declares(folder: Folder, config: Any) -> None:
    document = config(auth=config.auth, polling_triggers={"t": config.trigger})
    loaded = Integration.load(folder(document) / "config.json").config
    assert (loaded.name, loaded.version, loaded.description, loaded.auth) == ("n", "1.0.0", "d", config.auth)
    assert loaded.actions["act"].input_schema == config.action["input_schema"]
    assert loaded.actions["act"].output_schema == config.action["output_schema"]
    assert (loaded.actions["act"].name, loaded.actions["act"].description) == ("act", "Answers.")
    assert loaded.polling_triggers["t"].polling_interval == timedelta(minutes=5)
    assert loaded.polling_triggers["t"].output_schema == config.trigger["output_schema"]


def test_load_is_UTF_8_whatever_the_locale(folder: Folder, config: Any) -> None:
    root = folder(
        json.dumps(config(name="żółw 🐢"), ensure_ascii=False), entry=CALLS_LOAD + "print(ascii(entry.config.name))"
    )
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, str(root / "entry.py")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == ascii("żółw 🐢"), done.stderr


def test_load_takes_a_byte_order_mark(tmp_path: Path, config: Any) -> None:
    (tmp_path / "config.json").write_bytes(codecs.BOM_UTF8 + json.dumps(config()).encode())
    assert Integration.load(tmp_path / "config.json").config.name == "n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{\n "name": "caf\xe9"}', ["UTF-8", "0xe9", "line 2"]),
        (b'{\n "name": oops}', ["Invalid JSON", "line 2", "column 10"]),
        (b"", ["Invalid JSON", "line 1"]),
        (b"[" * 200_000, ["Invalid JSON"]),
        (b'{"name": ' + b"9" * 5000 + b"}", ["Invalid JSON"]),
        (b"[]", ["top level", "an object", "an array"]),
        (b"null", ["top level", "an object", "null"]),
        (b'{"version": "1"}', ["top level", '"name"']),
        (b'{"name": "n"}', ["top level", '"version"']),
        (b'{"name": 5, "version": "1"}', ["/name", "a string", "a number"]),
        (b'{"name": "n", "version": 1.0}', ["/version", "a string", "a number"]),
        (b'{"name": "n", "version": "1", "auth": []}', ["/auth", "an object", "an array"]),
        (b'{"name": "n", "version": "1", "actions": []}', ["/actions", "an object", "an array"]),
        (b'{"name": "n", "version": "1", "actions": {"a/b~": true}}', ["/actions/a~1b~0", "an object", "a boolean"]),
        (
            b'{"name": "n", "version": "1", "actions": {"a": {"input_schema": "x"}}}',
            ["/actions/a/input_schema", "JSON Schema", "a string"],
        ),
        (
            b'{"name": "n", "version": "1", "actions": {"a": {"output_schema": null}}}',
            ["/actions/a/output_schema", "JSON Schema", "null"],
        ),
        (b'{"name": "n", "version": "1", "polling_triggers": 5}', ["/polling_triggers", "an object", "a number"]),
        (
            b'{"name": "n", "version": "1", "polling_triggers": {"t": {}}}',
            ["/polling_triggers/t", '"polling_interval"'],
        ),
        (
            b'{"name": "n", "version": "1", "polling_triggers": {"t": {"polling_interval": "5 minutes"}}}',
            ["/polling_triggers/t/polling_interval", "'5 minutes'", "5m"],
        ),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_what_is_wrong_with_a_config_is_said_with_its_place(raw: bytes, words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError) as caught:
        Integration.load(path)
    assert [word for word in [*words, str(path)] if word not in caught.value.message] == []


def test_a_missing_file_and_a_folder_are_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"not found: .*nope\.json"):
        Integration.load(tmp_path / "nope.json")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Integration.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        (" 5m ", timedelta(minutes=5)),
        ("5M", timedelta(minutes=5)),
    ],
)
def test_parse_interval(text: str, duration: timedelta, folder: Folder) -> None:
    assert Integration._parse_interval(text) == duration
    assert Integration.load(folder() / "config.json")._parse_interval(text) == duration


@each_case("text", ["", "m", "5", "5x", "1.5h", "-5m", "0s", "5 m", "٥m", "9" * 30 + "d", None, 5, ["5m"]])
def test_parse_interval_refuses_the_rest(text: Any) -> None:
    with pytest.raises(ConfigurationError, match="Invalid interval format"):
        Integration._parse_interval(text)


class Act(ActionHandler):
    async def execute(self, inputs: Any, context: Any) -> Any: ...


class Poll(PollingTriggerHandler):
    async def poll(self, inputs: Any, last_poll_ts: Any, context: Any) -> Any: ...


def test_decorators_return_the_class_and_keep_it_where_tests_look(folder: Folder, config: Any) -> None:
    integration = Integration.load(folder(config(polling_triggers={"t": config.trigger})) / "config.json")
    assert (integration._action_handlers, integration._polling_handlers) == ({}, {})
    assert integration._connected_account_handler is None
    assert integration.action("act")(Act) is Act
    assert integration.polling_trigger("t")(Poll) is Poll
    assert integration.connected_account()(Act) is Act  # type: ignore[type-var]  # nothing is asked of the class
    assert integration._action_handlers == {"act": Act}
    assert integration._polling_handlers == {"t": Poll}
    assert integration._connected_account_handler is Act


def test_decorators_refuse_a_name_that_the_config_does_not_declare(folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    with pytest.raises(ConfigurationError, match=r"Action 'typo' not defined in config.*'act'") as action:
        integration.action("typo")(Act)
    with pytest.raises(ConfigurationError, match=r"Polling trigger 'typo' not defined in config.*none") as trigger:
        integration.polling_trigger("typo")(Poll)
    assert action.value.undeclared == ("actions", "typo")
    assert trigger.value.undeclared == ("polling_triggers", "typo")
    assert integration._action_handlers == {}


def test_a_later_registration_replaces_an_earlier_one(folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    integration.action("act")(Poll)  # type: ignore[type-var]  # replaced at once
    integration.action("act")(Act)
    assert integration._action_handlers == {"act": Act}
