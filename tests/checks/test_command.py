"""``workbench check`` as a command: exit codes, and the three forms of its report."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from workbench.catalog import ALL_CHECKS
from workbench.cli import main

from .conftest import Workbench
from .examples import CODE

type Weather = Callable[..., Path]


def test_a_clean_one_exits_with_0(process: Workbench, weather: Weather) -> None:
    done = process(weather())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 integration checked: 0 errors, 0 warnings, 0 notes.\n"


def test_warnings_alone_exit_with_0(workbench: Workbench, weather: Weather) -> None:
    done = workbench(weather(config={"/version": "one"}), "--no-import")
    assert done.returncode == 0
    assert "1 integration checked without importing: 0 errors, 1 warning, 0 notes." in done.stdout


def test_errors_exit_with_1_and_are_told_by_place(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    root = weather(files={"weather.py": CODE.replace('"today"', '"tonight"')})
    done = workbench("weather", "--no-import", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        f"weather  {root}",
        "weather/config.json:18:5: error [handler-missing] No handler is registered for the action 'today'.",
        '    Add a class with @….action("today") to the entry point or to a module that it imports.',
        "weather/weather.py:6:2: error [handler-undeclared] A handler is registered for the action 'tonight', "
        "but config.json does not declare it. The SDK raises an error.",
        "    Declare 'tonight' under actions, or correct the name.",
        "",
        "1 integration checked without importing: 2 errors, 0 warnings, 0 notes.",
    ]
    elsewhere = workbench(root, "--no-import")
    assert f"\n{root}/config.json:18:5: error" in elsewhere.stdout


def test_what_was_found_is_saved_for_the_next_command(
    workbench: Workbench, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = weather(config={"/version": "one"}), tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    time.sleep(0.08)  # what was written just now may change again within one tick of the disk's clock
    first = workbench(root, "--no-import", "--no-cache").stdout
    assert not cache.exists()
    assert first == workbench(root, "--no-import").stdout == workbench(root, "--no-import").stdout
    assert len([path for path in cache.rglob("*") if path.is_file()]) == 1


def test_what_cannot_be_checked_exits_with_2(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    for path, form in (("nowhere", "text"), ("empty", "json"), ("file.txt", "sarif")):
        done = workbench(tmp_path / path, "--format", form)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Error: ")
        assert str(tmp_path / path) in done.stderr
        assert "Traceback" not in done.stderr
    assert workbench().returncode == 2


def test_a_check_in_the_background_of_a_script_can_be_interrupted(weather: Weather, tmp_path: Path) -> None:
    """A shell without job control starts such a command with SIGINT ignored."""
    code = CODE + "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    root = weather(files={"weather.py": code})
    command = [sys.executable, "-m", "workbench.cli", "check", str(root), "--timeout", "100"]
    script = ["/bin/sh", "-c", '"$@" & echo $! >command; wait $!', "sh", *command]
    process = subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, text=True)
    try:
        deadline = time.monotonic() + 60
        while not (root / "pid").exists() or not (root / "pid").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(int((tmp_path / "command").read_text()), signal.SIGINT)
        said, failed = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, said) == (2, "")
    assert failed.strip().endswith("Error: Interrupted before everything was checked.")
    assert not Path(f"/proc/{(root / 'pid').read_text()}").exists()


def test_what_is_ignored_is_shown_and_does_not_count(workbench: Workbench, weather: Weather) -> None:
    above = "# workbench: ignore handler-undeclared Soon.\n"
    code = CODE.replace('@weather.action("today")', f'{above}@weather.action("later")')
    toml = '[check.ignore]\n"handler-missing /actions/today" = "Not yet."\nreadme-missing = "The wiki."\n'
    root = weather(files={"weather.py": code, "workbench.toml": toml, "README.md": None})
    text = workbench(root, "--no-import")
    assert text.returncode == 0
    assert "weather.py:7:2: ignored [handler-undeclared]" in text.stdout
    assert "    Not yet. (workbench.toml:2)" in text.stdout
    assert "0 errors, 0 warnings, 0 notes, 3 ignored." in text.stdout
    document = json.loads(workbench(root, "--no-import", "--format", "json").stdout)
    (one,) = document["integrations"]
    assert (document["errors"], document["ignored"]) == (0, 3)
    assert {each["code"]: (each["ignored"], each["ignored_at"]) for each in one["findings"]} == {
        "handler-undeclared": ("Soon.", "weather.py:6"),
        "handler-missing": ("Not yet.", "workbench.toml:2"),
        "readme-missing": ("The wiki.", "workbench.toml:3"),
    }
    (run,) = json.loads(workbench(root, "--no-import", "--format", "sarif").stdout)["runs"]
    assert {each["ruleId"]: each["suppressions"] for each in run["results"]} == {
        "handler-undeclared": [{"kind": "inSource", "justification": "Soon."}],
        "handler-missing": [{"kind": "external", "justification": "Not yet."}],
        "readme-missing": [{"kind": "external", "justification": "The wiki."}],
    }


def test_the_lines_of_a_pull_request_are_marked(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    code = CODE.replace('"today"', '"a,b: 100%"')
    weather(files={"weather.py": code, "README.md": None}, config={"/version": "one"})
    done = workbench("weather", "--no-import", cwd=tmp_path, GITHUB_ACTIONS="true")
    *commands, summary = done.stdout.splitlines()
    assert (done.returncode, summary) == (1, "1 integration checked without importing: 2 errors, 1 warning, 1 note.")
    assert [line.partition("::")[2].partition(" ")[0] for line in commands] == ["error", "error", "warning", "notice"]
    head, _, words = commands[1][2:].partition("::")
    assert head == "error file=weather/weather.py,line=6,col=2,title=handler-undeclared"
    assert words.startswith("A handler is registered for the action 'a,b: 100%25', but")
    assert "[handler-missing]" in workbench("weather", "--no-import", cwd=tmp_path, GITHUB_ACTIONS="").stdout
    chosen = workbench("weather", "--no-import", "--format", "json", cwd=tmp_path, GITHUB_ACTIONS="true")
    assert json.loads(chosen.stdout)["errors"] == 2


def test_junit(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    weather("bad", files={"weather.py": CODE.replace('"today"', '"<&\x1b>"')}, config={"/version": "one"})
    weather("good")
    weather("old", files={"README.md": None, "workbench.toml": '[check.ignore]\nreadme-missing = "The wiki."\n'})
    done = workbench("bad", "good", "old", "nowhere", "--no-import", "--format", "junit", cwd=tmp_path)
    suites = ElementTree.fromstring(done.stdout)
    assert [suite.get("name") for suite in suites] == ["weather", "weather", "weather", "unchecked"]
    bad, good, old, unchecked = suites
    assert {name: bad.get(name) for name in ("tests", "failures", "skipped", "errors")} == {
        "tests": "3", "failures": "2", "skipped": "0", "errors": "0",
    }  # fmt: skip
    assert [case.get("name") for case in bad] == [
        "handler-missing config.json:18:5", "handler-undeclared weather.py:6:2", "version-not-semver config.json:3:3",
    ]  # fmt: skip
    assert {name for case in bad for name in case.attrib} == {"classname", "name"}  # no others are in Jenkins' schema
    assert bad[0].find("failure").text.splitlines()[-1] == "bad/config.json:18"
    assert "<&" in str(bad[1].find("failure").get("message"))
    assert bad[2].find("system-out").text.startswith("warning: The version")
    assert [case.get("name") for case in good] == ["no findings"]
    assert old[0].find("skipped").get("message") == "The wiki."
    assert (done.returncode, unchecked.get("errors")) == (2, "1")


def test_the_others_are_checked_all_the_same(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    done = workbench(weather(), tmp_path / "nowhere", "--format", "json", "--no-import")
    document = json.loads(done.stdout)
    assert (done.returncode, len(document["integrations"])) == (2, 1)
    assert document["unchecked"] == [done.stderr.removeprefix("Error: ").strip()]


def test_a_folder_of_integrations_and_a_config_json_as_path(
    workbench: Workbench, weather: Weather, tmp_path: Path
) -> None:
    one, two = weather("one"), weather("two")
    assert "2 integrations checked" in workbench(tmp_path, "--no-import").stdout
    assert "2 integrations checked" in workbench(one, two, one / "config.json", "--no-import").stdout


def test_a_terminal_shows_how_far_the_check_is(weather: Weather) -> None:
    root = weather(config={"/name": "the [bold]weather\x1b[31m"})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "workbench.cli", "check", str(root), "--no-import"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True, timeout=60)
    os.close(theirs)
    told = os.read(ours, 65536).decode()
    os.close(ours)
    assert "1 integration checked" in done.stdout
    assert "Checking" in told
    assert "/1" in told
    assert "the [bold]weather" in told
    assert "\x1b[31m" not in told


def test_names_cannot_steer_the_terminal(workbench: Workbench, weather: Weather) -> None:
    name = "to\x1b]0;x\x07\x9bday"
    done = workbench(weather(config={"/actions/" + name: {}}), "--no-import")
    assert "\\x1b" in done.stdout
    assert not any(character in done.stdout for character in "\x1b\x07\x9b")


def test_a_folder_whose_name_is_no_text(
    process: Workbench, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weather(os.fsdecode(b"caf\xe9"), config={"/version": "one"})
    done = process(".", "--no-import", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "caf" in done.stdout
    monkeypatch.chdir(tmp_path)
    for form, shown in (("json", "caf?/config.json"), ("sarif", "caf%E9/config.json")):
        told = CliRunner(charset="ascii").invoke(main, ["check", ".", "--no-import", "--format", form])
        assert (told.exit_code, told.stderr) == (0, "")
        assert shown in told.stdout


def test_json(workbench: Workbench, weather: Weather) -> None:
    root = weather(config={"/version": "one"}, files={"requirements.txt": None})
    document = json.loads(workbench(root, "--format", "json", "--no-import").stdout)
    assert {name: document[name] for name in ("errors", "warnings", "notes", "imported", "unchecked")} == {
        "errors": 0,
        "warnings": 2,
        "notes": 0,
        "imported": False,
        "unchecked": [],
    }
    (one,) = document["integrations"]
    assert (one["path"], one["name"], one["contract"]["version"]) == (str(root), "weather", "2")
    assert one["findings"][0] == {
        "code": "version-not-semver",
        "severity": "warning",
        "message": 'The version "one" is not of the form 1.2.3 (Semantic Versioning 2.0.0).',
        "fix": "Write three numbers with dots, such as 1.0.0.",
        "remedy": "Write three numbers with dots, such as 1.0.0.",
        "path": "config.json",
        "line": 3,
        "column": 3,
        "pointer": "/version",
        "ignored": None,
        "ignored_at": None,
        "file": str(root / "config.json"),
    }


@pytest.fixture
def sarif(workbench: Workbench, weather: Weather, tmp_path: Path) -> dict[str, Any]:
    """The report about a broken integration in a folder with an unusual name."""
    weather("my weather é#1%", config={"/version": "one"}, files={"weather.py": CODE + "1 / 0\n"})
    done = workbench(".", "--format", "sarif", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    log: dict[str, Any] = json.loads(done.stdout)
    return log


def test_sarif_is_of_its_standard(sarif: dict[str, Any]) -> None:
    """The rules of SARIF 2.1.0 that bear on what is written (sections 3.13, 3.14, 3.27, 3.49)."""
    (run,) = sarif["runs"]
    assert sarif["version"] == "2.1.0"
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True}]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(ALL_CHECKS)
    for rule in rules:
        check = ALL_CHECKS[rule["id"]]
        assert rule["defaultConfiguration"]["level"] == check.severity
        assert rule["shortDescription"]["text"]
        assert tuple(rule.get("deprecatedIds", ())) == check.former
        assert rule["help"]["text"].startswith(rule["shortDescription"]["text"])
        assert check.about in rule["help"]["markdown"]
        assert "{" not in rule["help"]["text"].replace('{"auth_type", "credentials": {…}}', "")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == rules[result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert result["message"]["text"].endswith(".")


def test_sarif_leads_to_the_lines(sarif: dict[str, Any], tmp_path: Path) -> None:
    (run,) = sarif["runs"]
    base = run["originalUriBaseIds"]["SRCROOT"]["uri"]
    assert base == tmp_path.as_uri() + "/"
    places = {}
    for result in run["results"]:
        (location,) = result["locations"]
        where = location["physicalLocation"]
        uri = where["artifactLocation"]["uri"]
        assert where["artifactLocation"]["uriBaseId"] == "SRCROOT"
        assert uri.isascii()
        assert not any(character in uri for character in ' #:"')
        assert (tmp_path / unquote(uri)).is_file()
        places[result["ruleId"]] = (unquote(uri), where["region"], location.get("logicalLocations"))
    folder = "my weather é#1%"
    assert places == {
        "load-error": (f"{folder}/weather.py", {"startLine": 10, "startColumn": 1}, None),
        "version-not-semver": (
            f"{folder}/config.json",
            {"startLine": 3, "startColumn": 3},
            [{"fullyQualifiedName": "/version"}],
        ),
    }


def test_sarif_of_what_lies_elsewhere(workbench: Workbench, weather: Weather, tmp_path: Path) -> None:
    one, two = weather("one", config={"/version": "x"}), weather("two", config={"/version": "x"})
    done = workbench(one, two, tmp_path / "nowhere", "--no-import", "--format", "sarif")
    (run,) = json.loads(done.stdout)["runs"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == tmp_path.as_uri() + "/"
    assert uris == ["one/config.json", "two/config.json"]
    (top,) = json.loads(workbench(one, "--no-import", "--format", "sarif", cwd=Path("/")).stdout)["runs"]
    assert top["originalUriBaseIds"]["SRCROOT"]["uri"] == "file:///"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "nowhere" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
