"""Load: followers of a run that prints much, connections that never finish a request, many pages and runs at once."""

import json
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from benchmarks.measure import Figure, seconds

_FOLLOWERS = 50
_HALF_SENT = 300
_PAGES = 50
_RUNS = 20
_LARGE = 12
_ACTIONS = ("talk", "work", "large", "log", "flood")
_CODE = """\
import asyncio
import logging
import os
from autohive_integrations_sdk import ActionHandler, Integration

busy = Integration.load()


@busy.action("talk")
class Talk(ActionHandler):
    async def execute(self, inputs, context):
        for number in range(2_500):
            print(f"{number:06} " + "x" * 70)
            await asyncio.sleep(0.002)
        return {}


@busy.action("work")
class Work(ActionHandler):
    async def execute(self, inputs, context):
        for number in range(20):
            print(number)
            await asyncio.sleep(0.1)
        return {}


@busy.action("large")
class Large(ActionHandler):
    async def execute(self, inputs, context):
        return [{"id": n, "name": f"item {n}", "ok": True} for n in range(250_000)]


@busy.action("log")
class Log(ActionHandler):
    async def execute(self, inputs, context):
        for number in range(1_000_000):
            logging.warning("line %d", number)
        return {}


@busy.action("flood")
class Flood(ActionHandler):
    async def execute(self, inputs, context):
        line = b"x" * 999 + b"\\n"
        for _ in range(200_000):
            os.write(1, line)
        return {}
"""


def run() -> list[Figure]:
    """One workbench, one load after the other."""
    with TemporaryDirectory() as folder, _served(_integration(Path(folder) / "busy")) as (process, link):
        visitor = _Visitor(link)
        return [
            *_followers(visitor, process),
            _half_sent(visitor),
            *_pages_and_runs(visitor, process),
            *_floods(visitor, process),
            _large_results(visitor, process),
        ]


class _Visitor:
    """A signed-in browser, as far as HTTP goes."""

    def __init__(self, link: str) -> None:
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        with opener.open(link, timeout=60) as response:
            page = response.read().decode()
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
        assert found is not None
        self._csrf = found[1]
        parts = urlsplit(link)
        self.host, self.port, self.root = parts.hostname or "", parts.port or 0, parts.path.rstrip("/")
        self.headers = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in jar)}

    def get(self, path: str) -> str:
        """The text of a page."""
        return self._request("GET", path)

    def start(self, action: str) -> str:
        """The id of a new run."""
        form = urlencode({"csrf_token": self._csrf})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        text = self._request("POST", f"/integrations/busy/actions/{action}/runs", form, headers)
        found = re.search(r'data-run="(\d+)"', text)
        assert found is not None, text[:500]
        return found[1]

    def duration(self, run_id: str) -> float:
        """How long a run took, once it is over."""
        while 'data-state="finished"' not in self.get(f"/runs/{run_id}"):
            time.sleep(0.2)
        report = json.loads(self.get(f"/runs/{run_id}/export"))
        return float(report["duration_ms"])

    def follow(self, run_id: str) -> socket.socket:
        """A connection that gets the events of a run."""
        connection = socket.create_connection((self.host, self.port))
        lines = [f"GET {self.root}/runs/{run_id}/events?tab=output HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection

    def _request(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> str:
        connection = HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, self.root + path, body, self.headers | (headers or {}))
            return connection.getresponse().read().decode()
        finally:
            connection.close()


def _followers(visitor: _Visitor, process: "subprocess.Popen[str]") -> list[Figure]:
    alone = visitor.duration(visitor.start("talk"))
    before = _memory(process.pid)
    run_id = visitor.start("talk")
    connections = [visitor.follow(run_id) for _ in range(_FOLLOWERS)]
    received, most = _drain(connections, process.pid)
    ratio = visitor.duration(run_id) / alone
    grown, name = most - before, f"load: {_FOLLOWERS} followers of a run that prints 190 kB"
    return [
        Figure(f"{name}, its duration", f"{ratio:.2f}×", "≤ 1.10", ratio <= 1.10),
        Figure(f"{name}, memory of the server", f"{grown:.0f} MB more", "≤ 50 MB", grown <= 50),
        Figure(
            f"{name}, sent to each", f"{received / _FOLLOWERS / 1e6:.1f} MB", "≤ 4 MB", received <= 4e6 * _FOLLOWERS
        ),
    ]


def _drain(connections: list[socket.socket], pid: int) -> tuple[int, float]:
    """The bytes that all get until the server closes them, and the most memory of the server meanwhile, in MB."""
    received, most = 0, _memory(pid)
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        ends = time.monotonic() + 120
        while selector.get_map() and time.monotonic() < ends:
            for key, _ in selector.select(0.5):
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(1 << 20)
                received += len(data)
                if not data or data.endswith(b"0\r\n\r\n"):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
            most = max(most, _memory(pid))
    return received, most


def _half_sent(visitor: _Visitor) -> Figure:
    connections = [socket.create_connection((visitor.host, visitor.port)) for _ in range(_HALF_SENT)]
    try:
        for connection in connections:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        slowest = max(seconds(lambda: visitor.get("/runs")) for _ in range(20))
    finally:
        for connection in connections:
            connection.close()
    name = f"load: {_HALF_SENT} half-sent requests, slowest page of 20"
    return Figure(name, f"{slowest * 1000:.0f} ms", "≤ 200 ms", slowest <= 0.2)


def _pages_and_runs(visitor: _Visitor, process: "subprocess.Popen[str]") -> list[Figure]:
    before = _memory(process.pid)
    with ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(lambda _: visitor.start("work"), range(_RUNS)))
        paths = ["/", "/runs", "/integrations/busy/actions/work", *(f"/runs/{each}" for each in runs)]
        took = list(threads.map(lambda n: seconds(lambda: visitor.get(paths[n % len(paths)])), range(4 * _PAGES)))
        for each in runs:
            visitor.duration(each)
    slow = statistics.quantiles(took, n=20)[-1]
    grown, held = _memory(process.pid) - before, len(list(Path(f"/proc/{process.pid}/task").iterdir()))
    name = f"load: {_PAGES} pages and {_RUNS} runs at once"
    return [
        Figure(f"{name}, 95th percentile", f"{slow * 1000:.0f} ms", "≤ 200 ms", slow <= 0.2),
        Figure(
            f"{name}, memory and threads",
            f"{grown:.0f} MB more, {held} threads",
            "≤ 100 MB, 120",
            grown <= 100 and held <= 120,
        ),
    ]


def _floods(visitor: _Visitor, process: "subprocess.Popen[str]") -> list[Figure]:
    found = []
    for action, what in (("log", "1,000,000 log lines"), ("flood", "200 MB of output")):
        before = _memory(process.pid)
        took = visitor.duration(visitor.start(action)) / 1000
        grown = _memory(process.pid) - before
        found.append(Figure(f"load: {what}", f"{took:.1f} s, {grown:.0f} MB more", "≤ 100 MB", grown <= 100))
    return found


def _large_results(visitor: _Visitor, process: "subprocess.Popen[str]") -> Figure:
    """The memory after twelve large results, against that after the four that the store has room for."""
    held = []
    for _ in range(_LARGE):
        visitor.duration(visitor.start("large"))
        held.append(_memory(process.pid))
    grown, name = held[-1] - held[3], f"load: {_LARGE} results of 10 MB, memory after the last, after the fourth"
    return Figure(name, f"{held[-1]:.0f} MB, {held[3]:.0f} MB", "≤ 100 MB more", grown <= 100)


def _memory(pid: int) -> float:
    """What a process takes, in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def _integration(folder: Path) -> Path:
    folder.mkdir()
    actions = {name: {"description": name, "output_schema": {}} for name in _ACTIONS}
    config = {"name": "busy", "version": "1.0.0", "description": "Busy", "entry_point": "busy.py", "actions": actions}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "busy.py").write_text(_CODE, encoding="utf-8")
    return folder


@contextmanager
def _served(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """``workbench serve`` on a free port, and the link that it prints."""
    command = [sys.executable, "-m", "workbench.cli", "serve", str(folder), "--port", "0", "--no-open", "--no-echo"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        lines = (line.partition("Workbench ready: ")[2].strip() for line in process.stdout)
        yield process, next(link for link in lines if link)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()
