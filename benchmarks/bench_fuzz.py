"""How many replays with one change ``workbench fuzz`` makes in a minute, for the recordings of a sample."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, seconds

SAMPLE = Path(__file__).parent.parent / "samples" / "rss-reader"


def run() -> list[Figure]:
    """One run of the command, from its start to its end."""
    found: list[dict[str, int]] = []
    took = seconds(lambda: found.extend(_command()))
    minute = sum(one["replays"] for one in found) / took * 60
    return [Figure("workbench fuzz, replays a minute for a sample", f"{minute:.0f}", "≥ 200", minute >= 200)]


def _command() -> list[dict[str, int]]:
    command = [sys.executable, "-m", "workbench.cli", "fuzz", str(SAMPLE), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    read: list[dict[str, int]] = json.loads(done.stdout)
    return read
