"""``workbench run``: what it prints, where, and how it exits."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.forked_workers import started_workers
from workbench.domain import Credentials, EnvironmentVariable
from workbench.explain.documents.report_reader import read_report
from workbench.profiles import Profile, SavedProfiles

COMMAND = [sys.executable, "-m", "workbench.cli"]
KEY = 'p)%>+$:"é'
MEMBERS = "status contract result cost_usd error problems exchanges output duration_ms"


def result_of(done: subprocess.CompletedProcess[str]) -> dict:
    """The JSON document that is all of stdout."""
    return json.loads(done.stdout)


def auth(**fields: str) -> str:
    return json.dumps(fields)


def test_a_run_that_succeeds(workbench, integration: Path, echo_url: str) -> None:
    inputs = json.dumps({"url": f"{echo_url}/test?key=a"})
    done = workbench(
        "run", integration, "call", "--inputs", inputs, "--auth", auth(api_key="sk-123456"), "--format", "json"
    )
    document = result_of(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(MEMBERS.split()) <= document.keys()
    assert document["status"] == "succeeded"
    assert document["contract"] == {"version": "2", "rule": "pinned", "reason": document["contract"]["reason"]}
    assert "~=2.0.1" in document["contract"]["reason"]
    assert document["result"]["echoed"]["data"]["method"] == "GET"
    assert document["cost_usd"] == 0.25
    assert (document["error"], document["problems"]) == (None, [])
    assert document["duration_ms"] > 0
    assert [item["text"] for item in document["output"]] == [f"calling {echo_url}/test?key=a\n"]
    exchange = document["exchanges"][0]
    assert (exchange["attempt"], exchange["method"], exchange["url"]) == (1, "GET", f"{echo_url}/test?key=a")
    assert exchange["response"]["status"] == 200
    assert "data" in json.loads(exchange["response"]["body"])
    assert exchange["timings"]["total"] > 0
    assert exchange["error"] is None
    assert (done.stdout.count("\n"), document["returned"]["value_at"]) == (1, "/result")
    assert "value" not in document["returned"]
    read = read_report(document, "x").outcome
    assert read.returned and read.returned.value == document["result"]


@pytest.mark.parametrize("reveal", [False, True])
def test_secrets_are_masked_unless_revealed(workbench, integration: Path, echo_url: str, reveal: bool) -> None:
    key = "sk+live/0123=é%"
    inputs = json.dumps({"url": f"{echo_url}/test?key={key}"})
    options = ["--format", "json", *(["--reveal"] if reveal else [])]
    done = workbench("run", integration, "call", "--inputs", inputs, "--auth", auth(api_key=key), *options)
    document = result_of(done)
    (exchange,) = document["exchanges"]
    assert exchange["request"]["http_version"] == exchange["response"]["http_version"] == "1.1"
    sent = dict(exchange["request"]["headers"])["X-Key"]
    if reveal:
        assert sent == key
    else:
        assert sent == "‹api_key›"
        assert "live/0123" not in done.stdout + done.stderr


def test_an_exception(workbench, integration: Path) -> None:
    done = workbench("run", integration, "fail", "--auth", auth(api_key=KEY), "--format", "json")
    error = result_of(done)["error"]
    assert done.returncode == 1
    assert (error["type"], error["causes"][0]["type"]) == ("ValueError", "KeyError")
    assert "‹api_key›" in error["message"]
    assert "one.py" in error["traceback"]
    assert "p)%" not in done.stdout


@pytest.mark.parametrize(
    ("name", "options", "status", "error"),
    [
        ("refuse", [], "action_error", None),
        ("wrong", [], "invalid_output", ("output", "/n", "/properties/n/type", "type")),
        ("call", [], "invalid_input", ("input", "/url", "/required", "required")),
        (
            "show",
            ["--auth", '{"api_key": 7}'],
            "invalid_auth",
            ("auth", "/api_key", "/properties/api_key/type", "type"),
        ),
    ],
)
def test_other_outcomes_of_the_integration(workbench, integration: Path, name, options, status, error) -> None:
    done = workbench("run", integration, name, "--format", "json", *options)
    document = result_of(done)
    assert (done.returncode, document["status"]) == (1, status)
    found = [
        tuple(one[key] for key in ("where", "pointer", "schema_pointer", "keyword")) for one in document["problems"]
    ]
    assert found == ([error] if error else [])
    assert all(one["message"] for one in document["problems"])


def test_the_refused_value_is_shown_all_the_same(workbench, integration: Path) -> None:
    document = result_of(workbench("run", integration, "wrong", "--format", "json"))
    assert document["returned"] == {"type": "ActionResult", "value": {"n": "one"}, "replaced": [], "cut": None}
    assert document["result"] is None


def test_a_library_that_lacks_a_hook_is_noted_and_the_run_goes_on(workbench, integration: Path, tmp_path: Path) -> None:
    code = "from aiohttp.http_writer import StreamWriter\ndel StreamWriter.enable_compression\n"
    (tmp_path / "sitecustomize.py").write_text(code)
    with started_workers():
        done = workbench("run", integration, "show", "--format", "json", PYTHONPATH=str(tmp_path))
    document = result_of(done)
    assert document["status"] == "succeeded"
    assert "StreamWriter.enable_compression" in json.dumps(document["output"])


def test_code_that_cannot_be_loaded(workbench, integration: Path) -> None:
    (integration / "one.py").write_text("import nowhere_to_be_found")
    done = workbench("run", integration, "show", "--format", "json")
    assert (done.returncode, result_of(done)["status"]) == (1, "load_failed")


def test_a_time_limit(workbench, integration: Path, tmp_path: Path) -> None:
    inputs = json.dumps({"file": str(tmp_path / "pid")})
    done = workbench("run", integration, "wait", "--inputs", inputs, "--timeout", "0.5", "--format", "json")
    document = result_of(done)
    assert (done.returncode, document["status"]) == (1, "timed_out")
    assert any(Path(frame["file"]).name == "one.py" for frame in document["stuck_at"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"auth_type": "Custom", "credentials": {"user_name": "ada"}}),
        (["--auth-shape", "flat"], {"user_name": "ada"}),
        (["--contract", "1"], {"auth_type": "Custom", "credentials": {"user_name": "ada"}}),
        (
            ["--contract", "1", "--auth-type", "StorefrontPrivate"],
            {"auth_type": "StorefrontPrivate", "credentials": {"user_name": "ada"}},
        ),
    ],
)
def test_the_shape_of_auth(workbench, integration: Path, options: list[str], expected: object) -> None:
    done = workbench("run", integration, "show", "--auth", auth(user_name="ada"), "--format", "json", *options)
    assert result_of(done)["result"]["auth"] == expected


def test_an_envelope_is_left_as_it_is(workbench, integration: Path) -> None:
    envelope = {"auth_type": "Basic", "credentials": {"user_name": "ada"}, "more": 1}
    options = ["--auth", json.dumps(envelope), "--auth-shape", "flat", "--format", "json"]
    assert result_of(workbench("run", integration, "show", *options))["result"]["auth"] == envelope


def test_undeclared_credentials_are_accepted_and_named(workbench, integration: Path) -> None:
    given = ["--auth", json.dumps({"user_name": "ada", "shop_url": "s", "tenant": "t"})]
    document = result_of(workbench("run", integration, "show", *given, "--format", "json"))
    assert document["status"] == "succeeded"
    assert document["auth_shape"] == {
        "shape": "envelope",
        "rule": "code",
        "reason": "one.py:11 reads it this way, and no line reads it the other way",
        "file": "one.py",
        "line": 11,
    }
    assert (document["auth_type"], document["undeclared_credentials"]) == ("Custom", ["shop_url", "tenant"])
    text = workbench("run", integration, "show", *given).stdout
    assert "the other way\n  Not declared in config.json: shop_url, tenant.\n" in text


def test_metadata_and_environment_reach_the_handler(
    workbench, integration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FROM_HERE", "of the terminal")
    monkeypatch.setenv("WORKBENCH_RUN_FORMAT", "json")
    (tmp_path / "more.env").write_text("# ours\nexport A='one'\nB=${A}-2\nFROM_FILE\nC=file\n")
    options = ["--metadata", '{"api_token": "m-12345", "region": "eu"}', "--env-file", tmp_path / "more.env"]
    options += ["--env", "C=of = option", "--env", "FROM_HERE"]
    done = workbench("run", integration, "given", *options)
    names = ("A", "B", "C", "FROM_HERE", "FROM_FILE", "WORKBENCH_RUN_FORMAT")
    assert result_of(done)["result"] == {
        "metadata": {"api_token": "‹api_token›", "region": "eu"},
        "environment": dict(zip(names, ("‹A›", "‹B›", "‹C›", "‹FROM_HERE›", None, None), strict=True)),
    }
    done = workbench("run", integration, "given", *options, "--reveal")
    assert result_of(done)["result"] == {
        "metadata": {"api_token": "m-12345", "region": "eu"},
        "environment": dict(zip(names, ("one", "one-2", "of = option", "of the terminal", None, None), strict=True)),
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--metadata", "[]"], "--metadata must be a JSON object"),
        (["--env", "NOT_SET_ANYWHERE"], "no variable NOT_SET_ANYWHERE. Write --env NOT_SET_ANYWHERE=VALUE."),
        (["--env", "=x"], "The name of an environment variable is empty."),
        (["--env-file", "missing.env"], "--env-file missing.env cannot be read: No such file or directory."),
        (["--env-file", "bad.env"], "bad.env:2 is not an assignment. Write NAME=VALUE."),
        (["--env-file", "latin.env"], "--env-file latin.env is not UTF-8."),
        (["--env-file", "/dev/zero"], "--env-file /dev/zero is larger than 1 MiB."),
    ],
)
def test_values_that_no_run_can_be_given(
    workbench, integration: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    (tmp_path / "bad.env").write_text("A=1\nnot an assignment\n")
    (tmp_path / "latin.env").write_bytes(b"A=caf\xe9\n")
    done = workbench("run", integration, "show", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())


@pytest.fixture
def profiles(integration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SavedProfiles:
    """The user's configuration folder, and a saved profile in it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())
    saved = SavedProfiles()
    variables = (EnvironmentVariable("A", "a-of-the-profile"), EnvironmentVariable("B", "b-of-the-profile"))
    given = Credentials(
        {"api_key": KEY, "user_name": "ada"},
        metadata={"region": "eu", "team": "red"},
        environment=variables,
        public_names=frozenset({"A"}),
    )
    saved.put(integration, Profile("staging", given))
    return saved


def test_a_saved_profile(workbench, integration: Path, profiles: SavedProfiles) -> None:
    done = workbench(
        "run", integration, "show", "--profile", "staging", "--auth", '{"user_name": "grace"}', "--format", "json"
    )
    document = result_of(done)
    assert document["profile"] == "staging"
    assert document["result"]["auth"]["credentials"] == {"api_key": "‹api_key›", "user_name": "grace"}
    options = ["--env", "B=b-of-the-option", "--metadata", '{"team": "blue"}', "--env", "C=true", "--format", "json"]
    document = result_of(workbench("run", integration, "given", "--profile", "staging", *options))
    assert document["result"]["metadata"] == {"region": "eu", "team": "blue"}
    assert {name: document["result"]["environment"][name] for name in "ABC"} == {
        "A": "a-of-the-profile",
        "B": "‹B›",
        "C": "true",
    }
    text = workbench("run", integration, "show", "--profile", "staging").stdout
    assert "profile staging" in text
    assert KEY not in text


def test_a_profile_that_is_not_saved(workbench, integration: Path, profiles: SavedProfiles) -> None:
    done = workbench("run", integration, "show", "--profile", "live")
    assert done.returncode == 2
    assert "has no saved profile 'live'. It has: staging." in " ".join(done.stderr.split())
    profiles.path(integration).write_text("{")
    done = workbench("run", integration, "show", "--profile", "staging")
    assert done.returncode == 2
    assert "is damaged" in " ".join(done.stderr.split())


def test_a_trigger(workbench, integration: Path) -> None:
    document = result_of(workbench("run", integration, "news", "--last-poll-ts", "1700000000", "--format", "json"))
    assert document["kind"] == "trigger"
    assert document["result"] == [{"id": "1", "data": {"since": "1700000000"}}]


def test_inputs_from_a_file_and_from_stdin(workbench, integration: Path, tmp_path: Path) -> None:
    (tmp_path / "inputs.json").write_text('\ufeff{"text": "é"}', encoding="utf-8")
    done = workbench("run", integration, "show", "--inputs", "@inputs.json", "--format", "json")
    assert result_of(done)["result"]["inputs"] == {"text": "é"}
    done = workbench("run", integration, "show", "--inputs", "-", "--format", "json", input='{"n": 9007199254740993}')
    assert result_of(done)["result"]["inputs"] == {"n": 9007199254740993}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "one", "nope"], "It has: call, show, given, refuse, wrong, fail, wait, news."),
        (["run", "one"], "Name the action or trigger to run"),
        (["run", "one", "news", "--kind", "action"], "declares no action 'news'"),
        (["run", "nowhere", "call"], "not found"),
        (["run", "empty", "call"], "is not an integration"),
        (["run", "broken", "call"], "config.json:2"),
        (["run", "one", "call", "--inputs", "{"], "line 1, column 2"),
        (["run", "one", "call", "--inputs", '{"a": NaN}'], "NaN is not JSON"),
        (["run", "one", "call", "--inputs", '{"a": 1, "a": 2}'], 'duplicate key "a"'),
        (
            ["run", "one", "call", "--inputs", "@missing.json"],
            "missing.json cannot be read: No such file or directory.",
        ),
        (["run", "one", "call", "--inputs", "@broken/latin.json"], "broken/latin.json is not UTF-8: byte 6 is 0xe9."),
        (["run", "one", "call", "--timeout", "0"], "timeout"),
        (["run", "one", "call", "--contract", "3"], "contract"),
    ],
)
def test_what_cannot_be_run(workbench, integration: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "latin.json").write_bytes(b'["caf\xe9"]')
    (tmp_path / "broken" / "config.json").write_text('{"name": "x",\n "actions": {,}}')
    done = workbench(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_the_text_for_people(workbench, integration: Path, echo_url: str) -> None:
    inputs = json.dumps({"url": f"{echo_url}/test"})
    done = workbench("run", integration, "call", "--inputs", inputs, "--auth", auth(api_key=KEY))
    assert done.returncode == 0
    assert "Succeeded: action call" in done.stdout
    assert f"{echo_url}/test" in done.stdout
    assert "stdout │ calling" in done.stdout
    assert "‹api_key›" in done.stdout
    assert "p)%" not in done.stdout


def test_text_cannot_steer_the_terminal(workbench, integration: Path) -> None:
    done = workbench("run", integration, "fail", "--auth", auth(api_key="k-123456"))
    assert "no ‹api_key›\\x1b[31m" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_text_names_each_validation_error(workbench, integration: Path) -> None:
    done = workbench("run", integration, "wrong")
    assert done.returncode == 1
    assert "Invalid output: action wrong" in done.stdout
    assert "output /n" in done.stdout
    assert "Returned (ActionResult)" in done.stdout


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("call", [], "invalid inputs"),
        ("show", ["--auth", '{"api_key": 7}'], "invalid auth"),
        ("refuse", [], "action ?error"),
        ("wait", ["--timeout", "0.3", "--inputs", '{"file": "/dev/null"}'], "timed out"),
    ],
)
def test_how_the_run_ended_is_said_once(
    workbench, integration: Path, name: str, options: list[str], words: str
) -> None:
    done = workbench("run", integration, name, *options)
    assert len(re.findall(words, "\n".join(done.stdout.splitlines()[:2]), re.IGNORECASE)) == 1


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.exhaustive)])
def test_a_signal_cancels_the_run_and_leaves_no_orphan(integration: Path, tmp_path: Path, number: int) -> None:
    file = tmp_path / "pid"
    arguments = ["run", str(integration), "wait", "--inputs", json.dumps({"file": str(file)}), "--format", "json"]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not (file.exists() and file.read_text()):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    assert json.loads(stdout)["status"] == "cancelled"
    assert (process.returncode, stderr) == (1, b"")
    assert gone(int(file.read_text()))


def test_a_killed_command_leaves_no_orphan(integration: Path, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    arguments = ["run", str(integration), "wait", "--inputs", json.dumps({"file": str(file)})]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not (file.exists() and file.read_text()):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    deadline = time.monotonic() + 60
    while not gone(int(file.read_text())):
        assert time.monotonic() < deadline, "the worker outlived its runner"
        time.sleep(0.02)


def test_inputs_by_the_name_under_which_they_were_saved(workbench, integration: Path) -> None:
    folder = integration / "tests/inputs/show"
    folder.mkdir(parents=True)
    (folder / "small.json").write_text('{"n": 1}')
    done = workbench("run", integration, "show", "--inputs", "small", "--auth", auth(api_key=KEY), "--format", "json")
    assert result_of(done)["result"]["inputs"] == {"n": 1}
    missing = workbench("run", integration, "show", "--inputs", "other")
    assert missing.returncode == 2
    assert "no saved inputs 'other' of show. Saved are: small." in " ".join(missing.stderr.split())
