"""What the worker costs: the way to the handler's first line, and the capture of aiohttp beside none."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.measure import Figure
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest
from workbench.events import Assign, Event, FrameReader, HandlerReturned, encode
from workbench.worker.capture import Capture, Recorder
from workbench.worker.source import OwnCode

COUNT = 200
"""Requests in one measurement."""

CONFIG = {
    "name": "probe",
    "version": "1.0.0",
    "description": "tells when its handler began",
    "entry_point": "probe.py",
    "actions": {"go": {"description": "goes", "input_schema": {"type": "object"}, "output_schema": {"type": "object"}}},
}
CODE = """
import time
from autohive_integrations_sdk import ActionHandler, Integration

probe = Integration.load()

@probe.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        return {"at": time.monotonic()}
"""


def first_line(root: Path) -> float:
    """Seconds from the assignment of a run, to a spare that is warm, to the first line of its handler."""
    contract = Contract(ContractVersion.V0_1)
    request = RunRequest("probe", root, "probe.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
    events_read, events_write = os.pipe()
    control_read, control_write = os.pipe()
    command = [sys.executable, "-P", "-m", "workbench.worker", str(events_write), str(control_read)]
    worker = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, pass_fds=(events_write, control_read), start_new_session=True
    )
    os.close(events_write)
    os.close(control_read)
    reader, events = FrameReader(), list[Event]()
    while not events:
        events += reader.feed(os.read(events_read, 1 << 16))
    time.sleep(0.1)
    asked = time.monotonic()
    os.write(control_write, encode(Assign(request)))
    while data := os.read(events_read, 1 << 16):
        events += reader.feed(data)
    worker.wait()
    os.close(events_read)
    os.close(control_write)
    (answer,) = [event for event in events if isinstance(event, HandlerReturned)]
    return answer.returned.value["at"] - asked  # type: ignore[index,call-overload,operator,return-value]  # CODE makes it


async def answer(request: web.Request) -> web.Response:
    """Answer with a kilobyte of JSON."""
    return web.json_response({"items": ["x" * 50] * 20})


async def serve() -> None:
    """Serve on a free port, say its URL, and go on until stdin ends."""
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@contextmanager
def server() -> Iterator[str]:
    """An HTTP server in a process of its own, so that it does not wait for the interpreter that is measured."""
    command = [sys.executable, "-m", "benchmarks.bench_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()


async def requests(url: str, at_once: int, count: int = COUNT) -> None:
    """``count`` requests with bodies both ways, ``at_once`` of them under way."""
    async with aiohttp.ClientSession() as session:

        async def some() -> None:
            for _ in range(count // at_once):
                async with session.post(url, json={"a": 1}) as response:
                    await response.json()

        await asyncio.gather(*[some() for _ in range(at_once)])


def captured(work: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """``work`` with the capture in place, its events encoded and written away."""

    def do() -> None:
        with Path(os.devnull).open("wb", buffering=0) as out:
            capture = Capture(Recorder(lambda event: out.write(encode(event)), OwnCode()))
            capture.install(strict=True)
            try:
                asyncio.run(work())  # type: ignore[arg-type]  # a coroutine function's
            finally:
                capture.uninstall()

    return do


def processor_seconds(work: Callable[[], object]) -> float:
    """What one call takes of this process's processor time: the server and the rest of the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def capture_cost(url: str, at_once: int) -> Figure:
    """The processor time that the capture adds to a request; the same requests with and without it in turn."""

    async def work() -> None:
        await requests(url, at_once)

    pairs = [(processor_seconds(captured(work)), processor_seconds(lambda: asyncio.run(work()))) for _ in range(9)]
    added = statistics.median(with_capture - bare for with_capture, bare in pairs) / COUNT * 1000
    bare = statistics.median(bare for _, bare in pairs) / COUNT * 1000
    name = f"what the capture adds to a request with aiohttp, {at_once} at once ({bare:.2f} ms bare)"
    return Figure(name, f"{added:.2f} ms", "≤ 0.3 ms", added <= 0.3)


def run() -> list[Figure]:
    """The figures of the worker."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "config.json").write_text(json.dumps(CONFIG))
        (root / "probe.py").write_text(CODE)
        start = statistics.median(first_line(root) for _ in range(9)) * 1000
    figures = [Figure("assignment to the handler's first line, warm spare", f"{start:.1f} ms", "≤ 10 ms", start <= 10)]
    with server() as url:
        figures += [capture_cost(url, at_once) for at_once in (1, 20)]
    return figures


if __name__ == "__main__":
    asyncio.run(serve())
