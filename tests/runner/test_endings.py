"""However a run ends, it ends, says why, and leaves nothing behind."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runner.conftest import IMPATIENT
from workbench.domain import EnvironmentVariable, ErrorKind, Frame, Outcome, ResourceLimits, RunState, Status
from workbench.events.wire import frame_of_parts
from workbench.explain import headline
from workbench.explain.endings import with_message
from workbench.explain.text import plain
from workbench.runner import Runner
from workbench.runner.environment import needs_own_start
from workbench.system import system


def text_of(outcome: Outcome, source: str) -> str:
    return "".join(item.text for item in outcome.output if item.source == source)


def code_at(frame: Frame) -> str:
    """The line of code that a frame stands at, where it is the integration's."""
    file = Path(frame.file)
    return file.read_text().splitlines()[frame.line - 1].strip() if file.name == "one.py" else ""


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_handler_that_returns(do_run) -> None:
    outcome = do_run("print('hello')\nreturn {'n': inputs['n'] + 1}", inputs={"n": 1}).outcome
    assert (outcome.state, outcome.status) == (RunState.FINISHED, Status.SUCCEEDED)
    assert outcome.result == {"n": 2}
    assert outcome.returned.type_name == "dict"
    assert text_of(outcome, "stdout") == "hello\n"
    assert outcome.error is None
    assert 0 < outcome.started_at < outcome.finished_at
    assert outcome.sdk_version


def test_an_exception(do_run) -> None:
    outcome = do_run("raise KeyError('title')").outcome
    assert outcome.status is Status.FAILED
    assert (outcome.error.type, "title" in outcome.error.message) == ("KeyError", True)


def test_a_folder_that_cannot_be_loaded(do_run) -> None:
    outcome = do_run("return 1", before="import no_such_module_at_all").outcome
    assert outcome.status is Status.LOAD_FAILED
    assert "no_such_module_at_all" in outcome.error.message


@pytest.mark.parametrize("code", [0, pytest.param(3, marks=pytest.mark.portable)])
def test_os_exit_inside_the_handler(do_run, code: int) -> None:
    outcome = do_run(f"print('last words', end='')\nos._exit({code})").outcome
    assert outcome.status is Status.CRASHED
    assert f"exit code {code} while the handler ran" in outcome.error.message
    assert text_of(outcome, "stdout") == "last words"


OWN_ENDS = [
    ("os._exit(3)", "exit code 3 while the handler ran, in one.py:11 (Go.execute). os._exit does"),
    ("signal.raise_signal(9)", "sent its own process signal 9 (SIGKILL) while the handler ran, in one.py:11"),
    ("ctypes.string_at(0)", "signal 11 (SIGSEGV) while the handler ran, in one.py:11 (execute)"),
    ("class E(Exception):\n    def __str__(self): os._exit(3)\nraise E", "had raised an exception, in one.py:12"),
    ("ctypes.CDLL(None)._exit(3)", "exit code 3 while the handler ran. C code does that."),
    ("ctypes.CDLL(None)['raise'](9)", "killed by signal 9 (SIGKILL) while the handler ran."),
]


@pytest.mark.parametrize(("body", "words"), OWN_ENDS, ids=["exit", "signal", "segfault", "text", "C exit", "C signal"])
def test_an_end_of_its_own_has_its_line(do_run, body: str, words: str) -> None:
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    assert words in outcome.error.message
    assert (outcome.stuck_at != ()) == ("one.py" in words)


@pytest.mark.portable
def test_a_process_that_suspends_itself(do_run) -> None:
    outcome = do_run("os.kill(os.getpid(), signal.SIGSTOP)", timeout=1.0).outcome
    assert outcome.status is Status.TIMED_OUT
    assert ", in one.py:11 (Go.execute); the integration had suspended its own process" in outcome.error.message


def test_what_follows_an_exception_is_not_called_a_return(make_request, store) -> None:
    body = "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E"
    with Runner(store, limits=replace(IMPATIENT, finish=0.1)) as runner:
        outcome = runner.wait(runner.submit(request := make_request(body, timeout=1.0)).id, 30).outcome
    words = with_message(outcome, request).error.message
    assert "after the handler had raised an exception, while its text was made, running in one.py:13" in words


REPLACED = [
    ("import builtins\nbuiltins.str = builtins.getattr = builtins.Exception = None", {"a": 1}, "str, Exception"),
    ("sys.modules.clear()", {"a": 1}, ""),
    ("os.closerange(0, 70000)", {"a": 1}, "the workbench's pipe among them"),
    ("json.dumps = json.loads = json.JSONEncoder.iterencode = json.JSONDecoder.decode = None", {"a": 1}, ""),
    ("os.write = os.getpid = os._exit = None", {"a": 1}, ""),
    ("time.monotonic = time.sleep = time.time = None", {"a": 1}, ""),
]


@pytest.mark.parametrize(
    ("line", "result", "note"), REPLACED, ids=["names", "modules", "descriptors", "json", "os", "time"]
)
@pytest.mark.skipif(not system().sees_all_processes, reason="without Linux descriptors of a thread's own are lost")
def test_what_the_worker_needs_cannot_be_taken_from_it(do_run, line: str, result: object, note: str) -> None:
    outcome = do_run(f"import json\n{line}\nreturn {{'a': 1}}").outcome
    assert (outcome.status, outcome.result) == (Status.SUCCEEDED, result)
    assert note in text_of(outcome, "note")


def test_a_loop_that_was_stopped(do_run) -> None:
    outcome = do_run("asyncio.get_running_loop().stop()\nawait asyncio.Future()").outcome
    assert (outcome.status, outcome.error.type) == (Status.FAILED, "EventLoopStopped")
    assert outcome.stuck_at[0].line == 12
    late = do_run("asyncio.get_running_loop().stop()\nreturn 1").outcome
    assert (late.status, late.result) == (Status.SUCCEEDED, 1)


def test_a_worker_that_cannot_go_on_does_not_blame_a_call(do_run) -> None:
    outcome = do_run("import builtins\nbuiltins.BaseException = None\nraise ValueError").outcome
    assert (outcome.status, outcome.error.type) == (Status.CRASHED, "WorkerBroken")
    assert "own code could not go on while the handler ran, so" in outcome.error.message
    outcome = do_run("def no(*event): raise RuntimeError('no')\nsys.addaudithook(no)\nreturn 1").outcome
    assert (outcome.status, outcome.error.type) == (Status.CRASHED, "WorkerBroken")


@pytest.mark.portable
def test_a_loop_whose_descriptors_were_closed(do_run) -> None:
    outcome = do_run("os.closerange(0, 70000)\nawait asyncio.sleep(0.01)\nreturn 1").outcome
    if system().sees_all_processes:
        assert (outcome.status, outcome.error.type) == (Status.FAILED, "EventLoopClosed")
        assert "closed the event loop's file descriptors" in outcome.error.message
    else:
        assert (outcome.status, outcome.error.type) == (Status.CRASHED, "PipeOfEventsLost")
        assert "closed the workbench's pipe while the handler ran" in outcome.error.message


def test_a_program_in_place_of_the_worker(do_run) -> None:
    outcome = do_run("os.execv('/bin/true', ['true'])").outcome
    assert (outcome.status, outcome.error.type) == (Status.CRASHED, "WorkerReplaced")
    assert "replaced its own process with /bin/true while the handler ran" in outcome.error.message
    slow = do_run("os.execv('/bin/sleep', ['sleep', '60'])", timeout=0.5).outcome
    assert slow.status is Status.TIMED_OUT
    assert slow.error.message == (
        "Timed out after 500 ms, in one.py:11 (Go.execute); "
        "the integration had replaced its own process with /bin/sleep."
    )


def test_a_program_in_place_of_the_worker_from_c_code(do_run, do_run_started) -> None:
    """No audit event has the program's path; the system says what runs in a worker."""
    body = "import ctypes\nctypes.CDLL(None).execv(b'/bin/true', (ctypes.c_char_p * 2)(b'true', None))"
    outcome = do_run(body).outcome
    assert (outcome.status, outcome.error.type) == (Status.CRASHED, "WorkerReplaced")
    assert "replaced its own process with another program while the handler ran" in outcome.error.message
    hidden = "import ctypes\nctypes.CDLL(None).syscall(59, b'/bin/true', (ctypes.c_char_p * 2)(b'true', None), None)"
    if system().forks_safely and os.uname().machine == "x86_64":
        for do in (do_run, do_run_started):
            assert "replaced its own process with true while" in do(hidden).outcome.error.message


def test_a_program_that_is_not_there(do_run) -> None:
    body = "try:\n    os.execv('/no/such/program', ['x'])\nexcept OSError:\n    os._exit(3)"
    outcome = do_run(body).outcome
    assert (outcome.status, outcome.error.end.exit_code) == (Status.CRASHED, 3)
    assert outcome.error.type == "WorkerExited"


C_CODE = [
    ("return len(str(re.match('(a+)+$', 'a' * 40 + 'b')))", {}),
    ("return 'x' * 40 + 'b'", {"output_schema": {"properties": {}, "type": "string", "pattern": "^(x+)+$"}}),
    ("return 1", {"input_schema": {"properties": {"s": {"pattern": "^(x+)+$"}}}, "inputs": {"s": "x" * 40 + "b"}}),
]


@pytest.mark.parametrize(("body", "more"), C_CODE, ids=["handler", "output", "inputs"])
def test_a_hang_in_c_code_has_its_place(do_run, body: str, more: dict) -> None:
    outcome = do_run(body, before="import re", timeout=0.3, **more).outcome
    assert outcome.status is Status.TIMED_OUT
    files = {Path(frame.file).name for frame in outcome.stuck_at}
    assert not files & {"process.py", "handlers.py", "channel.py", "control.py"}
    assert text_of(outcome, "stderr") == ""
    if not more:
        innermost = next(frame for frame in outcome.stuck_at if Path(frame.file).name == "one.py")
        assert "re.match" in innermost.source
        assert f", running in one.py:{innermost.line} (execute)." in outcome.error.message
    elif "inputs" in more:
        assert "while the inputs were validated: pattern at /properties/s/pattern on /s" in outcome.error.message
    else:
        assert "while the output was validated: pattern at /pattern" in outcome.error.message


def test_what_follows_the_handler_is_not_its_time(do_run) -> None:
    schema = {"type": "array", "uniqueItems": True}
    body = "return [{'i': i, 'k': [i]} for i in range(6000)]"
    outcome = do_run(body, output_schema=schema, timeout=0.4).outcome
    assert outcome.status is Status.TIMED_OUT
    assert " after the handler had returned while " in outcome.error.message
    assert outcome.handler_seconds < outcome.duration / 2


@pytest.mark.portable
def test_a_limit_of_memory_is_named(do_run) -> None:
    body = "import time\nkept = [bytes(range(256)) * 4096 for _ in range(400)]\ntime.sleep(5)\nreturn len(kept)"
    limited = do_run(body, resources=ResourceLimits(memory=200))
    said = plain(headline.tell(limited))
    if system().limits_memory:
        assert said.startswith("The handler needed more memory than its limit of 200 MB: MemoryError in one.py:")
    else:
        assert said == "The worker needed more memory than its limit of 200 MB while the handler ran."


def test_a_limit_of_the_run_on_processor_time(do_run) -> None:
    limited = do_run("while True:\n    pass", resources=ResourceLimits(cpu=1)).outcome
    assert "used up its limit of 1 s of processor time while the handler ran" in limited.error.message


def test_a_wait_is_told_from_a_loop(do_run) -> None:
    assert ", waiting in one.py:" in do_run("time.sleep(60)", timeout=0.3).outcome.error.message


def test_a_handler_that_is_stopped_in_an_await_has_not_returned(do_run) -> None:
    outcome = do_run("import asyncio\nawait asyncio.sleep(60)", timeout=0.3).outcome
    assert outcome.error.message.startswith("Timed out after 300 ms, waiting in one.py:")


@pytest.mark.exhaustive  # it burns the second that a limit has at least, as the one before does
def test_a_limit_of_processor_time_of_its_own(do_run) -> None:
    limited = do_run("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass").outcome
    assert "used up its limit of processor time while the handler ran" in limited.error.message


def test_a_signal_to_its_own_group(do_run) -> None:
    assert "sent its own process signal 9 (SIGKILL)" in do_run("os.kill(0, 9)").outcome.error.message


def test_os_exit_while_imported(do_run) -> None:
    outcome = do_run("return 1", before="os._exit(4)").outcome
    assert outcome.status is Status.CRASHED
    assert "exit code 4 while one.py was imported" in outcome.error.message


def test_a_worker_whose_own_code_raises_says_so(do_run) -> None:
    broken = "import workbench.worker.process as ours\nours.execute = None"
    outcome = do_run("return 1", before=broken).outcome
    assert outcome.status is Status.CRASHED
    assert (outcome.error.type, outcome.error.kind) == ("WorkbenchFailed", ErrorKind.WORKBENCH)
    assert "TypeError: 'NoneType' object is not callable" in outcome.error.message


def test_a_print_that_looks_like_our_traceback_is_the_integrations(do_run) -> None:
    printed = "print('workbench/worker/__main__.py', file=sys.stderr, flush=True)"
    outcome = do_run(f"{printed}\nos._exit(1)").outcome
    assert (outcome.error.type, outcome.error.kind) == ("WorkerExited", ErrorKind.CRASH)


@pytest.mark.parametrize(
    ("body", "name"), [("ctypes.string_at(0)", "11 (SIGSEGV)"), ("os.kill(os.getpid(), 9)", "9 (SIGKILL)")]
)
def test_a_signal_is_named(do_run, body: str, name: str) -> None:
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    assert f"signal {name} while the handler ran" in outcome.error.message


@pytest.mark.portable
def test_a_loop_that_blocks_the_event_loop_ends_at_its_limit(do_run) -> None:
    outcome = do_run("while True:\n    pass", timeout=0.3).outcome
    assert outcome.status is Status.TIMED_OUT
    assert "Timed out after 300 ms" in outcome.error.message
    innermost = outcome.stuck_at[0]
    assert Path(innermost.file).name == "one.py"
    assert code_at(innermost) in ("while True:", "pass")
    assert f", running in one.py:{innermost.line}" in outcome.error.message


def test_an_await_that_never_ends_names_its_line(do_run) -> None:
    outcome = do_run("x = 1\nawait asyncio.Event().wait()", timeout=0.3).outcome
    assert outcome.status is Status.TIMED_OUT
    assert "await asyncio.Event().wait()" in [code_at(frame) for frame in outcome.stuck_at]


def test_swallowed_cancellation(do_run) -> None:
    body = """
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("no")
    """
    outcome = do_run(body, timeout=0.3).outcome
    assert outcome.status is Status.TIMED_OUT
    assert "no" in text_of(outcome, "stdout")


def test_what_the_handler_says_when_cancelled_is_kept(do_run) -> None:
    body = """
    try:
        await asyncio.sleep(60)
    finally:
        print("tidied up")
    """
    outcome = do_run(body, timeout=0.3).outcome
    assert outcome.status is Status.TIMED_OUT
    assert "tidied up" in text_of(outcome, "stdout")


@pytest.mark.portable
@pytest.mark.parametrize("session", [False, True], ids=["in its group", "in a session of its own"])
def test_a_grandchild_that_holds_stdout(do_run, session: bool) -> None:
    body = f"p = subprocess.Popen(['sleep', '600'], start_new_session={session})\nreturn {{'pid': p.pid}}"
    begun = time.monotonic()
    outcome = do_run(body).outcome
    assert outcome.status is Status.SUCCEEDED
    assert not alive(outcome.result["pid"])
    assert "sleep 600" in text_of(outcome, "note")
    assert time.monotonic() - begun < 300


@pytest.mark.portable
def test_a_process_without_the_environment_and_the_session_of_its_run(do_run) -> None:
    body = """
    nothing = subprocess.DEVNULL
    left = subprocess.Popen(["/bin/sleep", "600"], env={}, start_new_session=True, stdout=nothing, stderr=nothing)
    return {"pid": left.pid}
    """
    outcome = do_run(body).outcome
    assert outcome.status is Status.SUCCEEDED
    assert not alive(outcome.result["pid"])
    assert f"/bin/sleep 600 (process {outcome.result['pid']})" in text_of(outcome, "note")


@pytest.mark.portable
def test_a_fork_that_goes_on(do_run) -> None:
    body = """
    pid = os.fork()
    if pid == 0:
        while True:
            os.write(1, b"child\\n")
            time.sleep(0.01)
    return {"pid": pid}
    """
    outcome = do_run(body).outcome
    assert outcome.status is Status.SUCCEEDED
    assert not alive(outcome.result["pid"])
    assert f"process {outcome.result['pid']}" in text_of(outcome, "note")


def test_a_flood_of_prints_is_cut(do_run) -> None:
    outcome = do_run("for n in range(20):\n    print('x' * 1_000_000)\nreturn 1").outcome
    assert outcome.status is Status.SUCCEEDED
    assert 1_000_000 < len(text_of(outcome, "stdout")) < 10_000_000
    assert text_of(outcome, "note")


def test_a_flood_below_python_is_cut(do_run) -> None:
    body = "for n in range(20):\n    os.write(1, b'y' * 1_000_000)\nreturn 1"
    outcome = do_run(body).outcome
    assert outcome.status is Status.SUCCEEDED
    assert len(text_of(outcome, "stdout")) == 1024 * 1024
    assert f"The last {20_000_000 - 1024 * 1024:,} bytes were dropped" in text_of(outcome, "note")


def test_raw_output_keeps_characters_whole(do_run) -> None:
    body = "for byte in 'é☃'.encode():\n    os.write(2, bytes([byte]))\n    time.sleep(0.02)\nreturn 1"
    assert text_of(do_run(body).outcome, "stderr") == "é☃"


@pytest.mark.portable
def test_closed_descriptors(do_run) -> None:
    outcome = do_run("os.closerange(0, 256)\nreturn {'still': 'here'}").outcome
    assert (outcome.status, outcome.result) == (Status.SUCCEEDED, {"still": "here"})


def test_a_large_result_and_large_inputs(do_run) -> None:
    outcome = do_run("return inputs", inputs={"text": "a" * (3 << 20)}).outcome
    assert outcome.status is Status.SUCCEEDED
    assert len(outcome.result["text"]) == 3 << 20


@pytest.mark.parametrize(
    "frame", [b"\xff" * 64, frame_of_parts(b"\x91\x91\x63")], ids=["noise", "no_parts_of_exchanges"]
)
def test_broken_frames(do_run, frame) -> None:
    body = f"""
    for fd in range(3, 1024):
        try:
            os.write(fd, {frame!r})
        except OSError:
            pass
    await asyncio.sleep(60)
    """
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    assert "private pipe" in outcome.error.message


def test_frames_that_are_not_the_workers(do_run) -> None:
    body = """
    from workbench.domain import Status
    from workbench.events import RunFinished, encode
    for fd in range(3, 1024):
        try:
            os.write(fd, encode(RunFinished(time.monotonic(), Status.SUCCEEDED)))
        except OSError:
            pass
    await asyncio.sleep(60)
    """
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    assert "does not send RunFinished" in outcome.error.message


def test_frames_with_fields_of_the_wrong_type(do_run) -> None:
    body = """
    from workbench.events import OutputWritten, encode
    for fd in range(3, 1024):
        try:
            os.write(fd, encode(OutputWritten(time.monotonic(), "stdout", 7)))
        except OSError:
            pass
    await asyncio.sleep(60)
    """
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    assert "OutputWritten.text" in outcome.error.message


@pytest.mark.skipif(not system().sees_all_processes, reason="only Linux can be told")
def test_memory_that_runs_out_costs_the_worker_first(do_run) -> None:
    assert do_run("return open('/proc/self/oom_score_adj').read().strip()").outcome.result == "800"


@pytest.fixture
def group_of_60_mb() -> Iterator[Path]:
    """A control group whose processes are killed when they want more memory; skips where none can be made."""
    folder = Path("/sys/fs/cgroup/memory" if Path("/sys/fs/cgroup/memory").is_dir() else "/sys/fs/cgroup")
    group = folder / f"workbench-test-{os.getpid()}"
    names = {"memory": ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")}
    try:
        group.mkdir()
        for name in names.get(folder.name, ("memory.max", "memory.swap.max")):
            if (group / name).exists():
                (group / name).write_text(str(60 << 20))
        if not (group / "cgroup.procs").exists():
            raise FileNotFoundError(group)
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        pytest.skip(f"no control group can be made here: {error}")
    yield group
    group.rmdir()


def test_the_memory_killer_is_told_from_a_signal(do_run, group_of_60_mb: Path) -> None:
    body = f"open('{group_of_60_mb}/cgroup.procs', 'w').write(str(os.getpid()))\nx = bytearray(b'1') * (300 << 20)"
    outcome = do_run(body).outcome
    assert outcome.status is Status.CRASHED
    if system().memory_kills() is not None:
        assert outcome.error.message.startswith("The system killed the worker because memory ran out")


OURS = {
    "WORKBENCH_RUN_AUTH": "{}",
    "WORKBENCH_SERVE_TOKEN": "launch",
    "_WORKBENCH_COMPLETE": "bash_source",
    "MAKEFLAGS": "-j",
    "WERKZEUG_SERVER_FD": "3",
    "AUTOHIVE_RUN_MARK": "of another",
}


def test_the_environment_is_that_of_a_terminal(do_run_started, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OURS.items() | {("ADWORDS_DEVELOPER_TOKEN", "inherited"), ("GREETING", "hello")}:
        monkeypatch.setenv(name, value)
    body = "return [dict(os.environ), open('/proc/self/environ').read().split(chr(0))]"
    variables = (EnvironmentVariable("GREETING", "goodbye"), EnvironmentVariable("LANG", "C.UTF-8"))
    started = do_run_started(body, environment=variables)
    seen, of_process = started.outcome.result
    assert OURS.keys() & seen.keys() == {"AUTOHIVE_RUN_MARK"}
    assert seen["AUTOHIVE_RUN_MARK"] != "of another"
    assert {each.partition("=")[0] for each in of_process if each} == seen.keys()
    assert (seen["ADWORDS_DEVELOPER_TOKEN"], seen["GREETING"], seen["LANG"]) == ("inherited", "goodbye", "C.UTF-8")
    assert seen["PATH"] == os.environ["PATH"]


def test_only_variables_that_are_read_at_the_start_need_a_worker_of_their_own() -> None:
    def needs(name: str) -> bool:
        return needs_own_start([EnvironmentVariable(name, "x")])

    assert all(map(needs, ("PYTHONPATH", "PYTHONHASHSEED", "LD_LIBRARY_PATH", "LC_ALL", "SSL_CERT_FILE")))
    assert not any(map(needs, ("TZ", "HTTP_PROXY", "ADWORDS_DEVELOPER_TOKEN", "PYTHO")))
