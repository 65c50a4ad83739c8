"""What code of real size costs: the first page, and the check with and without import, of 100 made integrations."""

import ast
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.made_corpus import COUNT, make_corpus
from benchmarks.measure import Figure

_FIRST_PAGE = """
import sys, time
from pathlib import Path
from workbench.catalog import Catalog
from workbench.runner import Runner
from workbench.store import Store
from workbench.web import WebConfig, create_app

with Runner(store := Store(), spare=False) as runner:
    start = time.perf_counter()
    app = create_app(WebConfig(Catalog([Path(sys.argv[1])]), store, runner, "token"))
    page = app.test_client().get("/?token=token", base_url="http://127.0.0.1:8770", follow_redirects=True)
    seconds = time.perf_counter() - start
assert page.text.count('id="status-') == int(sys.argv[2]), page.text
print(seconds)
"""


def run() -> list[Figure]:
    """Each in new processes; the median of three. All but one know nothing of the corpus."""
    with TemporaryDirectory() as folder:
        corpus, cache = make_corpus(Path(folder) / "corpus"), Path(folder) / "cache"
        page = sorted(_first_page(corpus) for _ in range(3))[1]
        first = sorted(_check(corpus, cache, "--no-import", "--no-cache")[1] for _ in range(3))[1] / COUNT * 1000
        _check(corpus, cache, "--no-import")
        again = sorted(_check(corpus, cache, "--no-import")[1] for _ in range(3))[1] / COUNT * 1000
        imported = sorted(_check(corpus, cache, "--no-cache")[0] for _ in range(3))[1] / COUNT * 1000
        parsed = sorted(_parse(corpus) for _ in range(3))[1] / COUNT * 1000
    cores = os.process_cpu_count() or 1
    return [
        Figure(f"first page of {COUNT} integrations with code, cold", f"{page:.2f} s", "≤ 0.5 s", page <= 0.5),
        Figure(
            "check --no-import, nothing changed since the last command, processor time an integration",
            f"{again:.0f} ms",
            "≤ 15 ms",
            again <= 15,
        ),
        Figure(
            "check --no-import, nothing saved, processor time an integration",
            f"{first:.0f} ms, of which `ast.parse` {parsed:.0f} ms",
            "none",
            holds=True,
        ),
        Figure(
            f"check with import on {cores} cores, an integration", f"{imported:.0f} ms", "≤ 100 ms", imported <= 100
        ),
    ]


def _check(corpus: Path, cache: Path, *options: str) -> tuple[float, float]:
    """Seconds of the whole command, and seconds of processor time; ``cache`` is what it has for the user's."""
    command = [sys.executable, "-m", "workbench.cli", "check", "--format", "json", *options, str(corpus)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    passed, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr
    return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _parse(corpus: Path) -> float:
    """Seconds of processor time that Python's parser takes for the code, which no check can do without."""
    texts = [path.read_text(encoding="utf-8") for path in corpus.rglob("*.py")]
    start = process_time()
    for text in texts:
        ast.parse(text)
    return process_time() - start


def _first_page(corpus: Path) -> float:
    """Seconds from nothing known to the first page, in a process that has only imported the workbench."""
    command = [sys.executable, "-c", _FIRST_PAGE, str(corpus), str(COUNT)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
