"""How long ``workbench check --no-import`` takes for the 41 real files: the whole command, and the check alone."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, median_seconds
from workbench.catalog import Catalog, check

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
_COMMAND = [sys.executable, "-m", "workbench.cli", "check", "--no-import", "--format", "json", str(CORPUS)]


def run() -> list[Figure]:
    """The command in new processes; then the check of each, and the check remembered, in this one."""
    command = median_seconds(_command, rounds=5)
    integrations = Catalog([CORPUS]).integrations()
    alone = median_seconds(lambda: [check(one) for one in integrations], rounds=5)
    catalog = Catalog([CORPUS])
    again = median_seconds(lambda: [catalog.check(one) for one in catalog.integrations()]) * 1000
    return [
        Figure("check 41 integrations, the command", f"{command:.2f} s", "≤ 2 s", command <= 2),
        Figure("check 41 integrations, no import", f"{alone:.2f} s", "≤ 2 s", alone <= 2),
        Figure("check 41 integrations, nothing changed", f"{again:.1f} ms", "≤ 20 ms", again <= 20),
    ]


def _command() -> None:
    done = subprocess.run(_COMMAND, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
