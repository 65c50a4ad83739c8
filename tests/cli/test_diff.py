"""``workbench diff``: runs of the history and of files."""

import json
from pathlib import Path

import pytest

from tests.comparison.conftest import exchange, run_of
from workbench.domain import ContractVersion, Kind, MaskedText, Output, Status
from workbench.explain.documents.report import as_json, report
from workbench.explain.run_summary import summarize
from workbench.history import History
from workbench.recordings.files import recording_file, write_recording
from workbench.recordings.recording import Expected, Given, Recording

FIRST = run_of(
    1,
    {"rows": [1, 2]},
    exchange(1, "https://a/x", b'{"n": 1}'),
    output=(Output(0.1, "stdout", "one\n"),),
    inputs={"q": "a"},
)
SECOND = run_of(
    2, {"rows": [1, 3], "key": MaskedText.whole("k")}, exchange(1, "https://a/x", b'{"n": 2}'), inputs={"q": "a"}
)


EXPECTED = Expected(Status.SUCCEEDED, {"rows": [1, 7]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The first run as a file."""
    path = tmp_path / "first.json"
    path.write_text(as_json(report(FIRST)))
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A history with the second run."""
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    with History.open(url) as history:
        history.save(SECOND, summarize(SECOND))
    return url


def test_a_file_is_compared_with_a_run_of_the_history(workbench, file: Path, url: str) -> None:
    done = workbench("diff", file, "2", "--history", url)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "2 values of the result differ; 1 exchange differs; 1 line of output differs.",
        "- first.json   + run 2",
    ]
    text = done.stdout
    assert 'Result\n  /rows/1\n    - 2\n    + 3\n  /key\n    + "‹k›"\n' in text
    assert "HTTP\n  GET https://a/x  200\n    response body\n      /n\n        - 1\n        + 2\n" in text
    assert "Output\n  - one\n" in text
    document = json.loads(workbench("diff", file, "2", "--history", url, "--format", "json").stdout)
    assert document["sentence"] == lines[0]
    assert (document["first"]["run"], document["second"]["run"]) == ("first.json", "2")
    assert document["result"]["changes"][0] == {"pointer": "/rows/1", "before": 2, "after": 3}


def test_a_run_read_back_from_its_file_is_the_same(workbench, file: Path) -> None:
    done = workbench("diff", file, file)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Nothing differs.")


def test_what_cannot_be_compared_is_said(workbench, file: Path, url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"status": "succeeded",\n "exchanges": oops}')
    for words, told in (
        (("7", "2", "--history", url), "There is no run 7 in the history"),
        (("missing.json", file), "There is no missing.json."),
        ((other, file), "other.json:2:15 is not JSON"),
    ):
        done = workbench("diff", *words)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    other.write_text('{"status": "succeeded", "exchanges": [{}]}')
    assert "It is not the JSON of a run" in workbench("diff", file, other).stderr


def test_a_recording_is_compared_with_a_run(workbench, tmp_path: Path) -> None:
    file = recording_file(tmp_path, "act", "first")
    write_recording(file, Recording(Kind.ACTION, "act", ContractVersion.V2, Given({"q": "a"}), EXPECTED))
    other = tmp_path / "second.json"
    other.write_text(as_json(report(FIRST)))
    done = workbench("diff", file.path, other)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        1,
        "1 value of the result differs; one request more.",
    )
