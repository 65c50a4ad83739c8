"""Runs that are cancelled, hang, fork, close what is not theirs, or leave something behind."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.worker.conftest import LIMIT
from workbench.domain import PIPE_LOST_CODE, Side, Status
from workbench.events import (
    Assign,
    Cancel,
    ExchangeStarted,
    HandlerFinished,
    HandlerStarted,
    HangLocated,
    IntegrationLoaded,
    Locate,
    OutputWritten,
    fold,
)
from workbench.system import system


def assign(spare, request):
    worker = spare()
    worker.send(Assign(request))
    return worker


def reaches(worker, text: str) -> None:
    """Wait until the handler has printed that."""
    worker.read_until(lambda event: isinstance(event, OutputWritten) and text in event.text)


def locate(worker, is_there: Callable[[HangLocated], bool]) -> HangLocated:
    """Where the run hangs; asked for again until it has got there, as it goes on for a line or two."""
    deadline, known = time.monotonic() + LIMIT, list[int]()
    while True:
        worker.send(Locate())
        found = worker.read_until(lambda event: isinstance(event, HangLocated) and id(event) not in known)
        if is_there(found) or time.monotonic() > deadline:
            return found
        known.append(id(found))
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def test_cancelling_a_handler_that_waits(integration, spare) -> None:
    body = """
        import asyncio
        try:
            print("waiting")
            await asyncio.sleep(60)
        finally:
            print("cleaned up")
    """
    worker = assign(spare, integration(body))
    reaches(worker, "waiting")
    worker.send(Cancel())
    seen = worker.finish()
    assert (seen.finished.status, seen.finished.error.type) == (Status.FAILED, "CancelledError")
    assert [frame.line for frame in seen.finished.error.frames] == [11]
    assert "cleaned up" in seen.text("stdout")
    assert seen.code == 0


def test_a_handler_that_swallows_the_cancellation(integration, spare) -> None:
    body = """
        import asyncio
        try:
            print("waiting")
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return {"stubborn": True}
    """
    worker = assign(spare, integration(body))
    reaches(worker, "waiting")
    worker.send(Cancel())
    assert worker.finish().outcome.result == {"stubborn": True}


def test_a_cancellation_during_the_import(integration, spare) -> None:
    code = """
        import time
        print("importing")
        time.sleep(1)
        from autohive_integrations_sdk import *
        probe = Integration.load()
        @probe.action("go")
        class Go(ActionHandler):
            async def execute(self, inputs, context):
                print("ran")
    """
    worker = assign(spare, integration(code=code))
    reaches(worker, "importing")
    worker.send(Cancel())
    seen = worker.finish()
    assert seen.finished.error.type == "CancelledError"
    assert "ran" not in seen.text("stdout")


HANGS = {
    "an await": ("print('x')\nawait asyncio.Event().wait()", "wait", [10]),
    "the processor": ("print('x')\nwhile True: pass", "execute", [10]),
    "a sleep": ("import time\nprint('x')\ntime.sleep(60)", "execute", [11]),
    "a helper": (
        "async def helper():\n    print('x')\n    await asyncio.sleep(60)\nawait helper()",
        "sleep",
        [11, 12],
    ),
    "a gather": (
        "async def helper():\n    print('x')\n    await asyncio.sleep(60)\nawait asyncio.gather(helper())",
        "sleep",
        [11, 12],
    ),
    "an async generator": (
        "async def ticks():\n    print('x')\n    await asyncio.sleep(60)\n    yield\nasync for _ in ticks(): pass",
        "sleep",
        [11, 13],
    ),
    "a thread": (
        "import time\ndef block():\n    print('x')\n    time.sleep(60)\nawait asyncio.to_thread(block)",
        "block",
        [12, 13],
    ),
}


@pytest.mark.parametrize(("body", "innermost", "lines"), HANGS.values(), ids=HANGS)
def test_where_a_run_hangs(integration, spare, body, innermost, lines) -> None:
    worker = assign(spare, integration(f"import asyncio\n{body}"))
    reaches(worker, "x")

    def is_there(found: HangLocated) -> bool:
        return found.frames[0].function.rpartition(".")[2] == innermost and lines_of(found) == lines

    def lines_of(found: HangLocated) -> list[int]:
        return [frame.line for frame in found.frames if frame.file.endswith("probe.py")]

    located = locate(worker, is_there)
    own = [frame for frame in located.frames if frame.file.endswith("probe.py")]
    assert lines_of(located) == lines
    assert own[-1].function == "Go.execute"
    assert "workbench/worker" not in " ".join(frame.file for frame in located.frames)
    assert located.frames[0].function.rpartition(".")[2] == innermost
    assert all(frame.source for frame in own)


def test_where_an_import_hangs(integration, spare) -> None:
    worker = assign(spare, integration(code="import time\nprint('x')\ntime.sleep(60)\n"))
    reaches(worker, "x")
    located = locate(worker, lambda found: found.frames[0].line == 3)
    assert (located.frames[0].line, located.frames[0].function) == (3, "<module>")


def test_c_code_that_holds_the_interpreter_is_found_by_signal(integration, spare) -> None:
    body = """
        import ctypes
        print("x")
        while True: ctypes.PyDLL(None).sleep(60)  # a signal ends one sleep
    """
    worker = assign(spare, integration(body))
    reaches(worker, "x")
    deadline = time.monotonic() + LIMIT
    while b'probe.py", line 10 in execute' not in worker.raw["stderr"]:  # it may be a line before still
        os.kill(worker.process.pid, signal.SIGUSR1)
        assert worker.pump(deadline)


def test_c_code_that_crashes_says_where(integration, run) -> None:
    seen = run(integration("import ctypes\nctypes.string_at(0)"))
    assert seen.code == -signal.SIGSEGV
    assert b'probe.py", line 9 in execute' in seen.raw_stderr
    assert seen.all(HandlerFinished) == []


@pytest.mark.parametrize("ask", ["urllib.request.urlopen(url).read()", "await (await session.get(url)).read()"])
def test_the_exchanges_before_a_crash_are_not_lost(integration, run, http, ask) -> None:
    body = f"""
        import aiohttp, ctypes, urllib.request
        url = "{http}/text"
        async with aiohttp.ClientSession() as session:
            for _ in range(3):
                {ask}
            ctypes.string_at(0)
    """
    seen = run(integration(body))
    assert seen.code == -signal.SIGSEGV
    assert [(one.response.body, one.body_state) for one in seen.outcome.exchanges] == [(b"hello", "complete")] * 3


def test_a_request_whose_body_is_still_made_is_not_lost(integration, spare, http) -> None:
    body = f"""
        import httpx, time
        client = httpx.Client()
        client.get("{http}/text")
        time.sleep(0.4)  # nothing is left to write by now
        def pieces():
            time.sleep(60)
            yield b"one"
        client.post("{http}/made", content=pieces())
    """
    worker = assign(spare, integration(body))
    worker.read_until(lambda event: isinstance(event, ExchangeStarted) and event.url.endswith("/made"))
    first, second = fold(worker.events).exchanges
    assert first.body_state == "complete"
    assert (second.request.method, second.request.url, second.body_state) == ("POST", f"{http}/made", "pending")
    assert second.call_site.function.endswith("execute")


def test_a_fork_writes_no_frames(integration, spare) -> None:
    body = """
        import os, sys
        print("parent")
        if os.fork() == 0:
            print("child", flush=True)
            print("child error", file=sys.stderr)
            import logging
            logging.warning("child log")
            return {"who": "child"}
        os.wait()
        return {"who": "parent"}
    """
    worker = assign(spare, integration(body))
    seen = worker.finish()
    assert seen.outcome.result == {"who": "parent"}
    assert seen.text("stdout") == "parent\n"
    assert b"child\n" in seen.raw_stdout
    assert b"child error\n" in seen.raw_stderr
    assert len(seen.all(HandlerStarted)) == 1
    assert not [one for one in seen.outcome.output if one.source == "log"]


def test_closing_descriptors_that_are_not_its_own(integration, run, http) -> None:
    body = """
        import os
        os.closerange(0, 400)
        print("still heard")
        return {"text": await context.fetch(inputs["url"])}
    """
    seen = run(integration(body, inputs={"url": f"{http}/text"}))
    assert seen.text("stdout") == "still heard\n"
    assert seen.outcome.result == {"text": "hello"}
    assert seen.outcome.exchanges[0].response.body == b"hello"
    assert len(seen.notes) == 1
    assert "closed file descriptors 0, 1, 2" in seen.notes[0]
    assert seen.code == 0


def test_closing_every_descriptor_loses_nothing_where_threads_can_have_their_own(integration, run) -> None:
    seen = run(integration("import os\nprint('x')\nos.closerange(0, 1 << 16)\nreturn {}"))
    assert seen.text("stdout") == "x\n"
    if system().sees_all_processes:
        assert (seen.finished.status, seen.code) == (Status.SUCCEEDED, 0)
    else:
        assert (seen.all(HandlerFinished), seen.code) == ([], PIPE_LOST_CODE)


LEFT_BEHIND = {
    "a task": "import asyncio\nasync def on():\n    await asyncio.sleep(60)\nt = asyncio.create_task(on())",
    "a stubborn task": "import asyncio\nasync def on():\n    while True:\n        try: await asyncio.sleep(60)\n"
    "        except BaseException: pass\nt = asyncio.create_task(on())\nawait asyncio.sleep(0)",
    "a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
    "an exit function": "import atexit, time\natexit.register(time.sleep, 60)",
    "an executor": "import asyncio, time\nasyncio.get_running_loop().run_in_executor(None, time.sleep, 60)",
    "a generator": "async def g():\n    yield 1\nk = g()\nawait anext(k)",
}


@pytest.mark.parametrize("body", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_what_a_handler_leaves_behind_delays_nothing(integration, run, body) -> None:
    start = time.monotonic()
    seen = run(integration(f"{body}\nreturn {{}}"))
    assert seen.finished.status is Status.SUCCEEDED
    assert seen.code == 0
    assert time.monotonic() - start < 20  # they would take 60


def test_exit_functions_run(integration, run, tmp_path) -> None:
    request = integration(f"import atexit, pathlib\natexit.register(pathlib.Path('{tmp_path}/bye').touch)\nreturn {{}}")
    run(request)
    assert (tmp_path / "bye").exists()


def test_a_request_under_way_is_abandoned_at_the_end(integration, run, http) -> None:
    body = f"""
        import aiohttp, asyncio
        session = aiohttp.ClientSession()
        task = asyncio.create_task(session.get("{http}/hang")._coro)
        while not any(hasattr(one, "transport") for one in session.connector._acquired):  # it has no connection yet
            await asyncio.sleep(0.01)
        globals()["kept"] = session, task
        return {{}}
    """
    seen = run(integration(body))
    (exchange,) = seen.outcome.exchanges
    assert (exchange.body_state, exchange.response, exchange.error) == ("abandoned", None, None)
    assert seen.events.index(seen.finished) == len(seen.events) - 1


def test_a_worker_without_its_runner_ends_and_takes_its_children_along(integration, spare) -> None:
    body = """
        import asyncio, os
        child = await asyncio.create_subprocess_exec("sleep", "60")
        print(f"pids {os.getpid()} {child.pid} .")
        await asyncio.sleep(60)
    """
    worker = assign(spare, integration(body))
    reaches(worker, " .")
    pids = [int(word) for event in worker.events if isinstance(event, OutputWritten) for word in event.text.split()
            if word.isdigit()]  # fmt: skip
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)
    os.close(worker.control_fd)
    worker.control_fd = os.open(os.devnull, os.O_RDONLY)
    worker.process.wait(10)
    assert all(gone(pid) for pid in pids)


def test_a_spare_that_is_not_needed_ends(spare) -> None:
    worker = spare()
    worker.read_until(lambda event: True)
    os.close(worker.control_fd)
    worker.control_fd = os.open(os.devnull, os.O_RDONLY)
    assert worker.process.wait(10) == 0
    assert worker.finish().raw_stderr == b""


def test_noise_on_the_control_pipe_ends_the_worker(spare) -> None:
    worker = spare()
    os.write(worker.control_fd, b"\xff" * 100)
    assert worker.process.wait(10) == 0


def test_children_inherit_neither_pipe(integration, run) -> None:
    body = """
        import subprocess
        ls = ["ls", "-l", "/proc/self/fd"]
        return {"fds": subprocess.run(ls, capture_output=True, text=True, close_fds=False).stdout}
    """
    listing = run(integration(body)).outcome.result["fds"]
    assert {line.split()[8] for line in listing.splitlines() if "->" in line} <= {"0", "1", "2", "3"}


def test_a_validation_that_hangs_names_what_was_validated_and_its_rule(integration, spare) -> None:
    children = {"type": "array", "items": {"$ref": "#/definitions/block"}}
    kinds = [{"properties": {"type": {"const": kind}, "children": children}, "required": ["type"]} for kind in "abcdef"]
    schema = {"properties": {"blocks": children}, "definitions": {"block": {"anyOf": kinds}}}
    block: dict[str, object] = {"type": "nope"}
    for _ in range(9):
        block = {"type": "b", "children": [block]}
    action = {"description": "", "input_schema": schema, "output_schema": {}}
    worker = assign(spare, integration(config={"actions": {"go": action}}, inputs={"blocks": [block]}))
    worker.read_until(lambda event: isinstance(event, IntegrationLoaded))
    located = locate(worker, lambda found: found.validation is not None and len(found.validation.data) >= 3)
    assert located.validation.where is Side.INPUT
    assert located.validation.data[:3] == ("blocks", "0", "children")
    assert located.validation.schema[:4] == ("properties", "blocks", "items", "$ref")
    assert located.validation.schema[-1] == located.validation.keyword != "$ref"
    assert located.frames
