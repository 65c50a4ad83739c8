"""A real worker over real pipes, integrations made for each test, and a real HTTP server."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.forked_workers import PipedWorker, piped_worker
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, Outcome, RunRequest
from workbench.events import (
    Assign,
    Command,
    Event,
    FrameReader,
    HandlerFinished,
    RunQueued,
    RunStarted,
    WorkerReady,
    encode,
    fold,
)
from workbench.system import PORTABLE

ALL = os.environ.get("TESTS") == "all"
LIMIT = 30.0


@pytest.fixture(autouse=True, scope="session")
def _no_proxy_of_this_machine() -> Iterator[None]:
    """Requests go to servers of the tests, whichever proxies the machine has."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        yield


@dataclass
class Spare:
    """A worker process and what it has said so far."""

    process: subprocess.Popen[bytes] | PipedWorker
    events_fd: int
    control_fd: int
    events: list[Event] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=lambda: {"stdout": b"", "stderr": b""})
    reader: FrameReader = field(default_factory=FrameReader)
    sent_bytes: int = 0

    def send(self, command: Command) -> None:
        os.write(self.control_fd, encode(command))

    def read_until(self, found: Callable[[Event], bool]) -> Event:
        """Wait for an event; fails where the worker ends before."""
        deadline = time.monotonic() + LIMIT
        seen = 0
        while True:
            for event in self.events[seen:]:
                seen += 1
                if found(event):
                    return event
            assert self.pump(deadline), f"the worker ended; events: {self.events[-5:]}, stderr: {self.raw['stderr']!r}"

    def pump(self, deadline: float) -> bool:
        """Read once from whichever pipe has something; False where the events ended."""
        assert self.process.stdout
        assert self.process.stderr
        pipes = {self.process.stdout.fileno(): "stdout", self.process.stderr.fileno(): "stderr"}
        ready, _, _ = select.select([self.events_fd, *pipes], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"nothing came in time; events: {self.events[-5:]}"
        for fd in ready:
            data = os.read(fd, 1 << 20)
            if fd in pipes:
                self.raw[pipes[fd]] += data
                if not data and self.events_fd not in ready:
                    time.sleep(0.005)  # a closed pipe is always ready
            elif data:
                self.sent_bytes += len(data)
                self.events += self.reader.feed(data)
            else:
                return False
        return True

    def finish(self) -> "Seen":
        """Read to the end and wait for the process."""
        deadline = time.monotonic() + LIMIT
        while self.pump(deadline):
            pass
        code = self.process.wait(LIMIT)
        assert self.process.stdout
        assert self.process.stderr
        os.set_blocking(self.process.stdout.fileno(), False)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.raw["stdout"] += self.process.stdout.read() or b""
        self.raw["stderr"] += self.process.stderr.read() or b""
        return Seen(tuple(self.events), self.raw["stdout"], self.raw["stderr"], code, self.sent_bytes)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(LIMIT)
        for fd in (self.events_fd, self.control_fd):
            os.close(fd)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()


@dataclass(frozen=True)
class Seen:
    """All that a run left behind."""

    events: tuple[Event, ...]
    raw_stdout: bytes
    raw_stderr: bytes
    code: int
    sent_bytes: int

    def all[T](self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    def one[T](self, kind: type[T]) -> T:
        (event,) = self.all(kind)
        return event

    @property
    def finished(self) -> HandlerFinished:
        return self.one(HandlerFinished)

    @property
    def outcome(self) -> Outcome:
        ready = self.one(WorkerReady)
        start = [RunQueued(ready.at), RunStarted(ready.at, ready.pid, ready.sdk_version, True)]
        return fold([*start, *self.events])

    def text(self, source: str) -> str:
        return "".join(one.text for one in self.outcome.output if one.source == source)

    @property
    def notes(self) -> list[str]:
        return [one.text for one in self.outcome.output if one.source == "note"]


def start_worker(*, forked: bool = not ALL) -> Spare:
    """Start a worker as the runner does, or fork it, where that can be."""
    events_read, events_write = os.pipe()
    control_read, control_write = os.pipe()
    process = piped_worker(events_write, control_read) if forked else None
    process = process or subprocess.Popen(
        [sys.executable, "-P", "-m", "workbench.worker", str(events_write), str(control_read)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(events_write, control_read),
        start_new_session=True,
        env={name: os.environ[name] for name in ("PATH", PORTABLE) if name in os.environ},
    )
    os.close(events_write)
    os.close(control_read)
    return Spare(process, events_read, control_write)


@pytest.fixture(scope="session")
def nursery() -> Iterator[list[Spare]]:
    """One worker that starts while the test before still runs."""
    waiting = [start_worker()]
    yield waiting
    for one in waiting:
        one.close()


@pytest.fixture
def spare(nursery: list[Spare]) -> Iterator[Callable[[], Spare]]:
    """Take a worker that nobody has used."""
    taken: list[Spare] = []

    def take() -> Spare:
        taken.append(nursery.pop())
        nursery.append(start_worker())
        return taken[-1]

    yield take
    for one in taken:
        one.close()


@pytest.fixture
def run(spare: Callable[[], Spare]) -> Callable[[RunRequest], Seen]:
    """Do a whole run in a worker of its own."""

    def do(request: RunRequest) -> Seen:
        worker = spare()
        worker.send(Assign(request))
        return worker.finish()

    return do


DEFAULT_CONFIG: dict[str, Any] = {
    "name": "probe",
    "version": "1.0.0",
    "description": "made for a test",
    "entry_point": "probe.py",
    "actions": {"go": {"description": "goes", "input_schema": {"type": "object"}}},
}

HEADER = """\
from autohive_integrations_sdk import *

probe = Integration.load()

"""


@pytest.fixture
def integration(tmp_path: Path) -> Callable[..., RunRequest]:
    """Write an integration's folder; the answer is the request to run its action ``go``.

    ``body`` is the body of the handler's ``execute``; ``code`` the whole entry point instead.
    """

    def make(
        body: str = "return {}",
        *,
        code: str | None = None,
        files: dict[str, str] | None = None,
        config: dict[str, Any] | None = None,
        contract: ContractVersion = ContractVersion.V0_1,
        **asked: Any,
    ) -> RunRequest:
        root = tmp_path / "integration"
        root.mkdir(exist_ok=True)
        declared = {**DEFAULT_CONFIG, **(config or {})}
        (root / "config.json").write_text(json.dumps(declared))
        if code is None:
            handler = '@probe.action("go")\nclass Go(ActionHandler):\n    async def execute(self, inputs, context):\n'
            indented = "".join(f"        {line}\n" for line in dedent(body).strip().splitlines())
            code = HEADER + handler + indented
        for name, text in {declared["entry_point"]: code, **(files or {})}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        request = RunRequest(
            integration_id="probe",
            root=root,
            entry_point=declared["entry_point"],
            kind=Kind.ACTION,
            name="go",
            contract=Contract(contract),
            inputs={},
            auth={},
            auth_shape=AuthShape.FLAT,
        )
        return replace(request, **asked)

    return make


@pytest.fixture(scope="session")
def http() -> Iterator[str]:
    """A server in a thread: ``/text`` answers, ``/hang`` never does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/hang":
                stop.wait(60)
                return
            body = b"hello"
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None: ...  # a client that went away

    stop = threading.Event()
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    stop.set()
    server.shutdown()
    server.server_close()
    thread.join()
