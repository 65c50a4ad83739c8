"""How long the list of integrations takes, first and again: figures asked for in milliseconds, so without a ratio."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, median_seconds
from workbench.catalog import Catalog

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"

_COLD = """
import sys, time
from pathlib import Path
from workbench.catalog import Catalog
start = time.perf_counter()
catalog = Catalog([Path(sys.argv[1])])
assert len(catalog.integrations()) == 41
print(time.perf_counter() - start)
"""


def run() -> list[Figure]:
    """List the 41 real files: in new processes, then again in one that knows them."""
    cold = sorted(_cold() for _ in range(7))[3] * 1000
    catalog = Catalog([CORPUS])
    warm = median_seconds(catalog.integrations) * 1000
    return [
        Figure("list 41 integrations, cold", f"{cold:.0f} ms", "≤ 150 ms", cold <= 150),
        Figure("list 41 integrations, warm", f"{warm:.1f} ms", "≤ 20 ms", warm <= 20),
    ]


def _cold() -> float:
    """Seconds from nothing known to the whole list, in a process that has only imported the catalog."""
    command = [sys.executable, "-c", _COLD, str(CORPUS)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
