"""A run saved as a test: what changes is found, a change of the code fails, its repair passes."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from tests.testing.conftest import KEY
from workbench.cli import main
from workbench.domain import NoiseKind, NoisePlace
from workbench.recordings.files import read_recording, recording_file
from workbench.recordings.messages import noise_text


def test_a_recording_passes_fails_with_the_reason_and_passes_again(desk: Path, echo: str, cli: CliRunner) -> None:
    inputs, auth = json.dumps({"url": echo}), json.dumps({"api_key": KEY})
    made = cli.invoke(main, ["record", str(desk), "save", "--as", "first", "--inputs", inputs, "--auth", auth])
    assert made.exit_code == 0, made.output
    assert "tests/recordings/save/first.json" in made.output
    again = cli.invoke(main, ["record", str(desk), "save", "--as", "first", "--inputs", inputs, "--auth", auth])
    assert again.exit_code == 2
    assert again.output.startswith("Error: tests/recordings/save/first.json exists."), "nothing runs"
    assert "result /data/id: any UUID" in made.output
    text = (desk / "tests/recordings/save/first.json").read_text()
    assert KEY not in text
    assert_noise(desk)
    assert replayed(cli, desk).exit_code == 0

    code = desk / "desk.py"
    code.write_text(code.read_text().replace("LEVEL = 1", 'LEVEL = "one"'))
    failed = replayed(cli, desk)
    headline = '`/data/fixed` must be an integer, but is the string `"one"`'.replace("`", "")
    assert failed.exit_code == 1
    assert headline in failed.output.replace("`", "")
    assert "Status: expected succeeded, got invalid_output." in failed.output
    assert "desk.py:" in failed.output
    document = json.loads(replayed(cli, desk, "--format", "json").output)
    assert (document["failed"], document["tests"][0]["differences"][0]["part"]) == (1, "status")
    case = ET.fromstring(replayed(cli, desk, "--format", "junit").output)[0][0]
    assert case.attrib["classname"] == "desk.save"
    by_pytest = pytest_of(desk)
    assert by_pytest.returncode == 1
    for line in str(case[0].text).splitlines():
        assert line in failed.output and line in by_pytest.stdout

    code.write_text(code.read_text().replace('LEVEL = "one"', "LEVEL = 1").replace("n-{", "other-{"))
    told = replayed(cli, desk).output
    assert "Request POST" in told and "body /nonce: recorded" in told
    code.write_text(code.read_text().replace("other-{", "n-{"))
    assert replayed(cli, desk, "-k", "FIRST").exit_code == 0
    assert replayed(cli, desk, "-k", "second").exit_code == 2


def test_what_depends_on_the_day_is_replayed_on_the_day_of_its_recording(desk: Path, cli: CliRunner) -> None:
    made = cli.invoke(main, ["record", str(desk), "week", "--as", "day"])
    assert "replays run at the time of the recording" in made.output, made.output
    path = desk / "tests/recordings/week/day.json"
    document = json.loads(path.read_text())
    there = datetime.fromisoformat(document["recorded_at"])
    earlier = there - timedelta(days=3 if there.weekday() >= 3 else -3)
    document["recorded_at"] = earlier.isoformat()
    document["expected"]["result"]["key"] = [earlier.toordinal()] * (earlier.weekday() + 1)
    path.write_text(json.dumps(document))
    passed = replayed(cli, desk)
    assert passed.exit_code == 0, passed.output


def test_a_request_that_was_not_sent_whole_is_not_missing(desk: Path, echo: str, cli: CliRunner) -> None:
    made = cli.invoke(main, ["record", str(desk), "send", "--as", "part", "--inputs", json.dumps({"url": echo})])
    assert "KeyError" in made.output
    assert made.exit_code == 0, made.output


def assert_noise(desk: Path) -> None:
    """What the integration does otherwise each time was found, and nothing else."""
    found = {(one.place, one.pointer): one for one in read_recording(recording_file(desk, "save", "first")).noise}
    assert {place: noise.kind for place, noise in found.items()} == {
        (NoisePlace.QUERY, "/day"): NoiseKind.DATE_TIME,
        (NoisePlace.BODY, "/at"): NoiseKind.DATE_TIME,
        (NoisePlace.BODY, "/nonce"): NoiseKind.TEXT,
        (NoisePlace.QUERY, "/id"): NoiseKind.UUID,
        (NoisePlace.QUERY, "/ts"): NoiseKind.NUMBER,
        (NoisePlace.RESULT, "/data/id"): NoiseKind.UUID,
        (NoisePlace.RESULT, "/data/month"): NoiseKind.TEXT,
        (NoisePlace.RESULT, "/data/took"): NoiseKind.NUMBER,
    }
    assert noise_text(found[NoisePlace.QUERY, "/id"]) == "request 2, query /id: any UUID"


def test_tests_of_installed_packages_are_not_those_of_the_integration(tmp_path: Path) -> None:
    for place in (
        "own/tests/test_own.py",
        "own/dependencies/package/test_package.py",
        "other/dependencies/test_other.py",
    ):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text("def test_it(): pass")
    (tmp_path / "own" / "config.json").write_text("{}")
    found = pytest_of(tmp_path, "--collect-only", ".")
    assert [line for line in found.stdout.splitlines() if "::" in line] == [
        "other/dependencies/test_other.py::test_it",
        "own/tests/test_own.py::test_it",
    ]


def replayed(cli: CliRunner, root: Path, *options: str) -> Result:
    return cli.invoke(main, ["test", str(root), *options])


def pytest_of(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    others = ("cacheprovider", "asyncio", "anyio", "hypothesispytest", "timeout", "xdist")
    command = [sys.executable, "-m", "pytest", "-q", *(f"-pno:{name}" for name in others), *(arguments or ("tests",))]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=100, check=False)
