"""The samples' test beds run as scripts too, as the guide has it: with nothing but the SDK, beside an echo server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.echo import in_thread

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with in_thread() as url:
        yield url


def run(script: Path, echo: str) -> str:
    environment = {**os.environ, "ECHO_URL": echo}
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, cwd="/")
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_api_fetch(echo: str) -> None:
    out = run(SAMPLES / "api-fetch" / "test_api_fetch.py", echo)
    for action in ("call_api", "call_api_un_pw", "call_api_header"):
        assert f"{action}: {{'data': {{'method': 'GET', 'url': '{echo}/test'" in out
    assert "'Bearer test_api_key'" in out
    assert "Error" not in out


def test_api_fetch_says_what_went_wrong(echo: str) -> None:
    out = run(SAMPLES / "api-fetch" / "test_api_fetch.py", f"{echo}/status/404?at=")
    assert out.count("Error testing") == 3
    assert "'status': 404" in out


def test_rss_reader(echo: str) -> None:
    assert "new_entries: 20 records" in run(SAMPLES / "rss-reader" / "test_rss_reader.py", echo)
