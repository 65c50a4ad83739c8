"""Workers that are forked: like those that are started, each for itself, and gone with the workbench."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forked_workers import started_workers
from workbench.domain import Answers, AnswerSource, EnvironmentVariable, Status
from workbench.runner import Runner
from workbench.runner.fork_server import ForkServer
from workbench.runner.process import WorkerProcess
from workbench.store import Store
from workbench.system import PORTABLE, system

pytestmark = pytest.mark.skipif(not system().forks_safely, reason="this system cannot fork safely")

KILLED = """
import sys, time
from workbench.runner import Runner
from workbench.store import Store

with Runner(Store()) as runner:
    while runner.warm_spares < 2:
        time.sleep(0.01)
    print(*runner.spare_pids, flush=True)
    time.sleep(600)
"""


FACTS = """
import gc, logging, resource, tempfile, threading, warnings
listed = os.listdir("/proc/self/fd")
status = open("/proc/self/status").read().splitlines()
return {
    "modules": sorted(set(sys.modules) - {"workbench.worker.fork_loop"}),
    "descriptors": [fd for fd in listed if os.path.exists(f"/proc/self/fd/{fd}") or int(fd) < 3],
    "signals": [line for line in status if line.startswith(("SigBlk", "SigIgn", "SigCgt"))],
    "limits": [resource.getrlimit(number) for number in range(15)],
    "environment": {name: value for name, value in os.environ.items() if name != "AUTOHIVE_RUN_MARK"},
    "interpreter": [str(sys.flags), sys.path, sys.argv, sys.modules["__main__"].__file__, sys.getrecursionlimit()],
    "group": os.getpid() == os.getsid(0) == os.getpgrp(),
    "threads": [len(os.listdir("/proc/self/task")), [one.name for one in threading.enumerate()]],
    "folders": [os.getcwd(), tempfile.tempdir, os.umask(0o22)],
    "hooks": [len(sys.meta_path), len(sys.path_hooks), str(sys.gettrace()), [str(one) for one in warnings.filters]],
    "state": [gc.isenabled(), gc.get_threshold(), logging.root.level, len(logging.root.handlers), str(sys.__stdin__)],
    "memory killer": open("/proc/self/oom_score_adj").read(),
    "niceness": os.getpriority(os.PRIO_PROCESS, 0),
}
"""


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    """A server of the test's own."""
    with started_workers():
        server = ForkServer()
        yield server
        server.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_worker_is_forked_unless_that_would_make_another_of_it(
    forks: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WorkerProcess(forks=forks) as killed, WorkerProcess(forks=forks) as left:
        assert parent(killed.pid) == parent(left.pid) == forks.pid
        until(lambda: os.getsid(left.pid) == left.pid)
        os.kill(killed.pid, signal.SIGTERM)
        until(lambda: not killed.alive)
        assert killed.reap() == -signal.SIGTERM
        assert left.alive
    for name in (PORTABLE, "PYTHONHASHSEED"):
        with monkeypatch.context() as changed:
            changed.setenv(name, "1")
            system.cache_clear()
            with WorkerProcess(forks=forks) as started:
                assert parent(started.pid) == os.getpid()
    system.cache_clear()


def test_a_server_that_has_died_is_replaced_and_the_next_ends_with_the_last_worker(forks: ForkServer) -> None:
    with WorkerProcess(forks=forks) as first:
        server = forks.pid
        assert server
        os.kill(server, signal.SIGKILL)
        until(lambda: not alive(server))
        with WorkerProcess(forks=forks) as started:
            assert parent(started.pid) == os.getpid()
        worker = WorkerProcess(forks=forks)
        assert parent(worker.pid) == forks.pid != server
        first.kill()
        assert first.reap() == -signal.SIGKILL
    second = forks.pid
    forks.close()
    assert second
    assert alive(second)
    worker.close()
    assert not alive(second)
    assert forks.pid is None
    with WorkerProcess(forks=forks) as after:
        assert parent(after.pid) == os.getpid()


def test_no_run_sees_another(make_request) -> None:
    body = """
    import random
    seen = [os.environ.get("TOKEN"), "helper" in sys.modules, getattr(json, "mark", None)]
    os.environ["TOKEN"], sys.modules["helper"], json.mark = "of the first", sys, 1
    environ = open(f"/proc/{os.getppid()}/environ").read() + open("/proc/self/environ").read()
    return {"seen": seen, "leaked": "of-this-run" in environ, "number": random.random(), "parent": os.getppid()}
    """
    variables = (EnvironmentVariable("OTHER", "of-this-run"),)
    with Store() as store, Runner(store, spare=False) as runner:
        requests = [make_request(body, before="import json", environment=variables) for _ in range(2)]
        runs = [runner.wait(runner.submit(request).id, 60) for request in requests]
    first, second = (run.outcome.result for run in runs)
    assert first["parent"] == second["parent"] != os.getpid()
    assert first["seen"] == second["seen"] == [None, False, None]
    assert not first["leaked"]
    assert first["number"] != second["number"]


def test_a_forked_worker_is_like_one_that_was_started(make_request) -> None:
    with Store() as store, started_workers():  # the session's server may have imported what replays need
        with Runner(store, spare=False) as runner:
            forked = runner.wait(runner.submit(make_request(FACTS)).id, 60).outcome.result
        with Runner(store, forks=False) as runner:
            until(lambda: runner.warm_spares)
            started = runner.wait(runner.submit(make_request(FACTS)).id, 60).outcome.result
    assert {name: value for name, value in forked.items() if value != started[name]} == {}
    assert forked["niceness"] == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 5)  # the pages come first


def test_what_replays_need_is_imported_once_for_all_workers(make_request) -> None:
    body = 'return "workbench.worker.peer.engine" in sys.modules'
    with Store() as store, Runner(store, spare=False) as runner:
        for answers in (Answers(AnswerSource.RECORDING), Answers()):
            run = runner.wait(runner.submit(make_request(body, answers=answers)).id, 60)
            assert run.outcome.result is True, run.outcome


def test_a_crash_is_told_as_that_of_a_started_worker(do_run) -> None:
    assert "exit code 7" in do_run("os._exit(7)").outcome.error.message
    crashed = do_run("os.kill(os.getpid(), signal.SIGSEGV)").outcome
    assert crashed.status is Status.CRASHED
    assert "SIGSEGV" in crashed.error.message


def test_all_end_when_the_workbench_is_killed() -> None:
    parts = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert parts.stdout
    with parts.stdout:
        spares = [int(pid) for pid in parts.stdout.readline().split()]
    server = parent(spares[0])
    assert len(spares) == 2
    assert server != parts.pid == parent(server)
    parts.kill()
    parts.wait()
    until(lambda: not any(map(alive, (server, *spares))))
