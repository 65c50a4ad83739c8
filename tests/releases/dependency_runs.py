"""``workbench run`` with each library in ``dependencies/``, in releases that are not the workbench's own.

``make test-releases`` runs these tests and names the packages to put there; ``make test`` does not collect them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from tests.worker.capture.clients import head_lines
from tests.worker.capture.grpc.test_calls import target
from tests.worker.capture.wire_server import WireServer

__all__ = ["target"]

LAB = Path(__file__).parents[1] / "http_lab"
ACTIONS = {
    "aiohttp": "aiohttp",
    "requests": "requests",
    "urllib3": "urllib3",
    "httplib2": "httplib2",
    "google": "google-api-python-client",
    "boto3": "boto3",
    "feedparser": "feedparser",
    "httpx": "httpx",
    "httpx_async": "httpx",
}
"""Actions of the lab, and the distribution that each of them is about."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lab with its own libraries."""
    folder = tmp_path_factory.mktemp("lab") / "http_lab"
    shutil.copytree(LAB, folder, ignore=shutil.ignore_patterns("__pycache__"))
    unwanted = shutil.ignore_patterns("__pycache__", "*.pth", "tests")
    shutil.copytree(os.environ["RELEASES_PACKAGES"], folder / "dependencies", ignore=unwanted)
    return folder


@pytest.fixture
def server() -> Iterator[WireServer]:
    made = WireServer()
    yield made
    made.close()


def run(lab: Path, action: str, url: str) -> dict[str, Any]:
    """The JSON of a run of that action."""
    command = [sys.executable, "-m", "workbench", "run", str(lab), action, "--inputs", json.dumps({"url": url})]
    environment = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout)


def imported(found: dict[str, Any]) -> dict[str, str]:
    """The releases that were imported; of one that the workbench has in the same release, its own is."""
    return {one["name"]: one["release"] for one in found["packages"]}


def release_of(lab: Path, name: str) -> str:
    """The release that lies in ``dependencies/``."""
    (found,) = distributions(path=[str(lab / "dependencies")], name=name)
    return found.version


@pytest.mark.parametrize("action", ACTIONS)
def test_a_library_in_dependencies(lab: Path, server: WireServer, action: str) -> None:
    found = run(lab, action, f"{server.url}/ok")
    assert imported(found)[ACTIONS[action]] == release_of(lab, ACTIONS[action])
    assert found["uncaptured"] == []
    exchanges = found["exchanges"]
    assert len(exchanges) == len(server.received)
    for exchange, (head, body) in zip(exchanges, server.received, strict=True):
        line, headers = head_lines(head)
        shown = [(name, value) for name, value in exchange["request"]["headers"]]
        hidden = {name for name, value in shown if "‹" in value}
        assert [pair for pair in shown if pair[0] not in hidden] == [pair for pair in headers if pair[0] not in hidden]
        assert [name for name, _ in shown] == [name for name, _ in headers]
        assert hidden <= {"Authorization"}
        assert f"{exchange['method']} {exchange['url'].removeprefix(server.url)} HTTP/1.1" == line
        assert exchange["request"]["body"].encode() == body
        assert exchange["response"]["status"] == 200
        assert exchange["response"]["headers"][:2] == [["X-Own", "a"], ["x-own", "café"]]
        assert exchange["body_state"] == "complete"


def test_grpc_in_dependencies(lab: Path, target: str) -> None:
    found = run(lab, "grpc", f"http://{target}")
    assert imported(found)["grpcio"] == release_of(lab, "grpcio")
    (exchange,) = found["exchanges"]
    assert (exchange["library"], exchange["url"]) == ("grpc", f"grpc://{target}/lab.Lab/Say")
    assert json.loads(exchange["response"]["body"]) == {"you": "ada"}
    assert found["uncaptured"] == []
