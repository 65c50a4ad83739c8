"""The SDK against the published 2.0.1 (in a throw-away environment, in turn), and its fetch against bare aiohttp.

Work without waiting is measured in CPU time of its process, which other work on the machine disturbs least.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
from aiohttp import web
from autohive_integrations_sdk import ExecutionContext

from benchmarks.measure import Figure

_HERE = Path(__file__).parent
_CORPUS = _HERE.parent / "tests" / "corpus"
_PUBLISHED = "autohive-integrations-sdk==2.0.1"
_IMPORT = "from time import process_time as now; t = now(); import autohive_integrations_sdk; print(now() - t)"


def run() -> list[Figure]:
    """Measure everything; needs the package index for the published release."""
    with tempfile.TemporaryDirectory() as folder:
        theirs = _install(Path(folder) / "published")
        with _worker(sys.executable) as our_worker, _worker(theirs) as their_worker:
            calls = _speed_up(our_worker, their_worker, "corpus", rounds=15)
            big = _speed_up(our_worker, their_worker, "big", rounds=7)
            tree = _speed_up(our_worker, their_worker, "tree", rounds=5)
        imports = _paired(lambda: _import_seconds(sys.executable), lambda: _import_seconds(theirs), rounds=11)
    fetch = asyncio.run(_fetch_ratio())
    return [
        Figure("validated `execute_action`, corpus inputs, speed-up", f"{calls:.1f}×", "≥ 15×", calls >= 15),
        Figure("`execute_action` with a valid 2 MB output, speed-up", f"{big:.0f}×", "≥ 100×", big >= 100),
        Figure("`execute_action` with a valid 2 MB tree, a `$ref`, speed-up", f"{tree:.0f}×", "≥ 100×", tree >= 100),
        Figure(
            "`context.fetch` of a small JSON body, wait against bare aiohttp", f"{fetch:.3f}", "≤ 1.05", fetch <= 1.05
        ),
        Figure("`import autohive_integrations_sdk`, time against 2.0.1", f"{imports:.2f}", "≤ 1.00", imports <= 1),
    ]


def _install(folder: Path) -> str:
    """The interpreter of a new environment that has the published release."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", _PUBLISHED]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    subprocess.run([python, "-c", _IMPORT], check=True, capture_output=True)  # so that its bytecode is there
    return python


@contextmanager
def _worker(python: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """A process that does a job when it is asked to, and tells how long it took."""
    command = [python, "-W", "ignore", str(_HERE / "sdk_worker.py"), str(_CORPUS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None and stdout is not None

        def ask(job: str) -> dict[str, Any]:
            stdin.write(job + "\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
            return answer

        yield ask
        stdin.close()


def _speed_up(
    ours: Callable[[str], dict[str, Any]], theirs: Callable[[str], dict[str, Any]], job: str, *, rounds: int
) -> float:
    """How many times as fast ours is; both must have come to the same results, and nearly all of them successes."""
    first, other = ours(job)["kinds"], theirs(job)["kinds"]
    if first != other or first.count("action") < 0.95 * len(first):
        raise RuntimeError(f"{job}: the two SDKs did not do the same work")
    return 1 / _paired(lambda: float(ours(job)["seconds"]), lambda: float(theirs(job)["seconds"]), rounds=rounds)


def _paired(a: Callable[[], float], b: Callable[[], float], *, rounds: int) -> float:
    """The median over rounds of a's seconds to b's, the two in turn."""
    return statistics.median(a() / b() for _ in range(rounds))


def _import_seconds(python: str) -> float:
    return float(subprocess.run([python, "-c", _IMPORT], check=True, capture_output=True, text=True).stdout)


async def _fetch_ratio(calls: int = 3000) -> float:
    """The median wait for ``fetch`` over that for aiohttp doing the same: call by call in turn, on kept connections."""
    limit = aiohttp.ClientTimeout(total=30)
    with _server() as url:
        async with ExecutionContext() as context, aiohttp.ClientSession() as session:

            async def bare() -> Any:
                async with session.request("GET", url, headers={}, timeout=limit) as response:
                    return response.status, dict(response.headers), await response.json()

            waits: tuple[list[float], list[float]] = ([], [])
            for number in range(calls):
                for turn in (0, 1) if number % 2 else (1, 0):
                    start = perf_counter()
                    await (context.fetch(url) if turn == 0 else bare())
                    waits[turn].append(perf_counter() - start)
    return statistics.median(waits[0]) / statistics.median(waits[1])


@contextmanager
def _server() -> Iterator[str]:
    """A server in a process of its own that answers with a small JSON body."""
    with subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


async def _serve() -> None:
    body = {"data": [{"id": number, "name": f"item {number}"} for number in range(20)]}

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(body)

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
