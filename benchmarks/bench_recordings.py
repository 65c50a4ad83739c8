"""How long ``workbench test`` takes for 200 recordings of the samples: the command, in new processes on all cores."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Figure, seconds
from workbench.recordings.files import find_files, read_recording, recording_file, write_recording

SAMPLES = Path(__file__).parent.parent / "samples"
COUNT = 200


def run() -> list[Figure]:
    """One run of the command: 200 tests are many enough."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        root = Path(folder) / "samples"
        shutil.copytree(SAMPLES, root, ignore=shutil.ignore_patterns("__pycache__"))
        _multiply(root)
        before = os.times()
        took = seconds(lambda: _command(root))
        after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    cores = os.process_cpu_count() or 1
    return [
        Figure(f"workbench test, {COUNT} recordings on {cores} cores", f"{took:.1f} s", "≤ 20 s", took <= 20),
        Figure(
            "the same, processor time a recording", f"{processor / COUNT * 1000:.0f} ms", "≤ 150 ms", processor <= 30
        ),
    ]


def _multiply(root: Path) -> None:
    """Copies of the samples' recordings until there are :data:`COUNT`."""
    known = [file for sample in sorted(root.iterdir()) if sample.is_dir() for file in find_files(sample)]
    for number in range(COUNT - len(known)):
        file = known[number % len(known)]
        copy = recording_file(file.root, file.handler, f"{file.name}-{number}")
        write_recording(copy, read_recording(file))


def _command(root: Path) -> None:
    command = [sys.executable, "-m", "workbench.cli", "test", str(root), "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
