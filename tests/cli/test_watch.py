"""``workbench run --watch``: a run again after each save, with what differs, from the answers of the first."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import CODE, COMMAND


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """The lines up to the one that has these words."""
    lines: list[str] = []
    assert process.stdout
    for line in process.stdout:
        lines.append(line.rstrip())
        if words in line:
            return lines
    raise AssertionError(f"{words!r} did not come: {lines}")


@pytest.mark.timeout(60)
def test_a_save_runs_again_and_ctrl_c_ends_it(integration: Path, echo_url: str) -> None:
    command = [*COMMAND, "run", str(integration), "call", "--inputs", f'{{"url": "{echo_url}/test"}}', "--watch"]
    given = {"WORKBENCH_RUN_AUTH": '{"api_key": "k-12345"}', "PYTHONWARNINGS": "error", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | given) as process:
        try:
            until(process, "Waiting for a file of one")
            (integration / "notes.md").write_text("Not read by a handler.")
            (integration / "one.py").write_text(CODE.replace('data={"echoed"', 'data={"more": 1, "echoed"'))
            saved, said, *_ = until(process, "Waiting for a file")
            assert (saved, said.startswith("1 value of the result differs")) == ("one.py saved", True)
            (integration / "config.json").write_text("{")
            assert "cannot be run" in " ".join(until(process, "Waiting for a file"))
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
