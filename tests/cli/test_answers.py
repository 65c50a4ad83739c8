"""``workbench run`` with answers that are not those of the network, and its rules; ``workbench mock``."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from workbench.domain import ContractVersion, Exchange, Kind, Request, Response, Status
from workbench.recordings.files import recording_file, write_recording
from workbench.recordings.recording import Expected, Given, Recording

_URL = "http://api.example.com/v1/one"
_INPUTS = json.dumps({"url": _URL})


@pytest.fixture
def recording(integration: Path) -> Path:
    """A recording of the action ``call``, whose host does not exist."""
    headers = (("Content-Type", "application/json"),)
    response = Response(200, "OK", headers=headers, body=b'{"from": "the recording"}', size=25)
    exchange = Exchange(1, 1, 1, "aiohttp", Request("GET", _URL), 0.1, 0.2, response, body_state="complete")
    file = recording_file(integration, "call", "first")
    expected = Expected(Status.SUCCEEDED)
    write_recording(file, Recording(Kind.ACTION, "call", ContractVersion.V2, Given(), expected, (exchange,)))
    return file.path


def test_a_run_is_answered_from_the_file_of_a_recording(workbench, integration: Path, recording: Path) -> None:
    done = workbench(
        "run", integration, "call", "--inputs", _INPUTS, "--auth", '{"api_key": "k"}', "--answers", recording,
        "--format", "json",
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert document["result"] == {"echoed": {"from": "the recording"}}
    assert document["answers"] == {"source": "recording", "label": "call/first", "rules": []}
    assert document["exchanges"][0]["origin"] == {
        "source": "recording", "recorded": 1, "rule": None, "unmatched": None,
    }  # fmt: skip


def test_a_request_that_was_not_recorded_is_the_headline(workbench, integration: Path, recording: Path) -> None:
    inputs = json.dumps({"url": f"{_URL}?page=2"})
    done = workbench(
        "run", integration, "call", "--inputs", inputs, "--auth", '{"api_key": "k"}', "--answers", recording
    )
    assert done.returncode == 1
    assert "The recording has no answer to GET http://api.example.com/v1/one?page=2" in done.stdout
    assert "query /page" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rule", "forwrd a.example http://b"], "Did you mean forward?"),
        (["--answers", "nothing.json"], "nothing.json does not exist. Name the number of a run, an HTTP archive"),
        (["--answers", "4711"], "There is no run 4711 in the history"),
    ],
)
def test_answers_that_cannot_be_had_end_the_command(workbench, integration: Path, options: list, words: str) -> None:
    done = workbench("run", integration, "call", "--inputs", _INPUTS, *options)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())


def test_an_archive_of_a_browser_answers_a_run(workbench, integration: Path) -> None:
    entry = {
        "request": {"method": "GET", "url": _URL, "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": "content-encoding", "value": "br"}],
            "content": {"size": 20, "mimeType": "application/json", "text": '{"from": "a browser"}'},
        },
    }
    (integration / "page.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    (integration / "workbench.toml").write_text('[answers]\nrecording = "page.har"\n')
    done = workbench("run", integration, "call", "--inputs", _INPUTS, "--auth", '{"api_key": "k"}', "--format", "json")
    document = json.loads(done.stdout)
    assert document["result"] == {"echoed": {"from": "a browser"}}
    assert document["answers"]["label"] == "page.har"


def test_an_error_of_workbench_toml_ends_the_command(workbench, integration: Path) -> None:
    (integration / "workbench.toml").write_text('[[rules]]\naction = "delay"\n')
    done = workbench("run", integration, "show")
    assert done.returncode == 2
    assert "workbench.toml:1: Rule 1: seconds is missing. Write a number from 0 to 3,600." in done.stderr
    assert workbench("run", integration, "show", "--no-rules").returncode == 0


def test_mock_serves_a_recording(recording: Path) -> None:
    command = [sys.executable, "-m", "workbench.cli", "mock", str(recording), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", ready)
        assert url
        with urllib.request.urlopen(f"{url[0]}/v1/one", timeout=20) as response:
            assert response.read() == b'{"from": "the recording"}'
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.splitlines() == ["  GET /v1/one", "GET /v1/one  200  exchange 1"]
