"""Both ways of asking the operating system, held to the same, and nothing that goes round them."""

import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.system import PORTABLE, PortableSystem, system

ROOT = Path(__file__).parents[2]
_BELONGS_HERE = re.compile(
    r"pidfd|prctl|\boom_|/proc\b|CLONE_FILES|unshare|F_SETPIPE_SZ|F_DUPFD|RLIMIT_RTTIME|RLIMIT_NOFILE|\bctypes\b|\bpsutil\b"
    r"|sys\.platform == .linux|prlimit|eventfd|memfd|signalfd|timerfd|inotify|SO_PEERCRED|epoll"
    r"|sched_[gs]et|posix_fadvise|posix_fallocate|copy_file_range|os\.splice|getrandom|AF_(NETLINK|VSOCK|PACKET)"
    r"|TCP_(KEEPIDLE|USER_TIMEOUT|QUICKACK|CORK)|SOCK_(CLOEXEC|NONBLOCK|SEQPACKET)|MSG_NOSIGNAL|pipe2|accept4"
    r"|O_(TMPFILE|PATH|NOATIME)\b|sig(timedwait|waitinfo)|SIGRT|CLOCK_(BOOTTIME|TAI)|[gs]etres[ug]id|/dev/shm|/sys/"
    r"|RLIMIT_(AS|DATA|NPROC|STACK)\b|platform\.system\(|os\.uname|subprocess.*[\"'](ps|lsof)[\"']"
)
MARK = "00112233445566ff"


def ways() -> Iterator[PortableSystem]:
    yield PortableSystem()
    if sys.platform == "linux":
        from workbench.system.linux import LinuxSystem

        yield LinuxSystem()


@pytest.fixture(params=[*ways()], ids=lambda way: type(way).__name__)
def way(request: pytest.FixtureRequest) -> PortableSystem:
    return request.param


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a process that sleeps until the test is over."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**options: object) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["/bin/sleep", "60"], **options))  # type: ignore[call-overload]
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def readable(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def test_nothing_else_makes_calls_that_one_system_has() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in ("workbench", "sdk")
        for path in (ROOT / folder).rglob("*.py")
        if (ROOT / "workbench" / "system") not in path.parents
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _BELONGS_HERE.search(line.replace('"ctypes.dlsym"', ""))  # an event that Python tells on each system
    ]
    assert found == []


def test_the_portable_way_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PORTABLE, "1")
    assert type(system.__wrapped__()) is PortableSystem


@pytest.mark.skipif(sys.platform != "linux", reason="this system has the portable way only")
def test_linux_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PORTABLE, raising=False)
    assert type(system.__wrapped__()).__name__ == "LinuxSystem"


def test_the_end_of_a_process_can_be_waited_for(way: PortableSystem, start) -> None:
    process = start()
    fd = way.exit_descriptor(process.pid)
    try:
        assert not readable(fd, 0)
        way.end([process.pid], 10)
        assert readable(fd, 10)
        assert process.wait() == -9
    finally:
        os.close(fd)


def test_a_process_has_a_parent_a_session_and_a_beginning(way: PortableSystem, start) -> None:
    first, second = start(start_new_session=True), start()
    entries = {entry.pid: entry for entry in way.processes()}
    assert entries[first.pid].parent == os.getpid()
    assert (entries[first.pid].session, entries[second.pid].session) == (first.pid, os.getsid(0))
    assert entries[first.pid].started <= entries[second.pid].started
    assert way.process(first.pid) == entries[first.pid]
    while not way.command(first.pid):  # the system has it a moment after the program began
        time.sleep(0.01)
    assert way.command(first.pid) == "/bin/sleep 60"


def test_one_that_is_gone_is_no_process(way: PortableSystem, start) -> None:
    process = start()
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert way.process(process.pid) is None  # dead, and not reaped yet
    assert process.pid not in {entry.pid for entry in way.processes()}
    process.wait()
    assert way.process(process.pid) is None
    assert way.command(process.pid) == ""
    way.end([process.pid], 10)


def test_a_mark_in_the_environment_is_found(way: PortableSystem, start) -> None:
    marked, other = start(env={"MARK": MARK}), start(env={"MARK": MARK + "0"})
    until = time.monotonic() + 10  # a process that has just begun may have no environment yet
    while not way.bears_mark(marked.pid, "MARK", MARK) and time.monotonic() < until:
        time.sleep(0.01)
    assert way.bears_mark(marked.pid, "MARK", MARK)
    assert not way.bears_mark(other.pid, "MARK", MARK)


_WITH_MARK = """
import subprocess, sys
from workbench.system.linux import LinuxSystem
LinuxSystem().set_mark(sys.argv[1])
print(subprocess.Popen(["/bin/sleep", "60"], env={}, start_new_session=True, stdout=subprocess.DEVNULL).pid)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a mark that is not in the environment needs Linux")
def test_on_linux_a_mark_cannot_be_cleared() -> None:
    from workbench.system.linux import LinuxSystem

    pid = int(subprocess.check_output([sys.executable, "-c", _WITH_MARK, MARK]))
    try:
        assert LinuxSystem().bears_mark(pid, "MARK", MARK)
        assert not LinuxSystem().bears_mark(pid, "MARK", MARK.replace("5", "6"))
    finally:
        LinuxSystem().end([pid], 10)
    assert LinuxSystem().process(pid) is None


def test_messages_stay_apart_and_bring_descriptors(way: PortableSystem) -> None:
    left, right = way.message_pair()
    with left, right:
        socket.send_fds(left, [b"first"], [0])
        left.send(b"second")
        message, (fd,), _, _ = socket.recv_fds(right, 100, 1)
        os.close(fd)
        assert (message, right.recv(100)) == (b"first", b"second")


def test_a_high_descriptor_is_not_inherited(way: PortableSystem) -> None:
    reading, writing = os.pipe()
    high = way.move_high(writing)
    try:
        assert high >= way.lowest_descriptor()
        assert not os.get_inheritable(high)
        os.write(high, b"x")
        assert os.read(reading, 1) == b"x"
    finally:
        os.close(high)
        os.close(reading)


def test_descriptors_of_a_threads_own_survive_what_others_close(way: PortableSystem) -> None:
    reading, writing = os.pipe()
    closed, result = threading.Event(), []

    def work() -> None:
        result.append(way.separate_descriptors())
        ready.set()
        closed.wait(10)
        if result[0]:
            os.write(writing, b"x")

    ready, thread = threading.Event(), threading.Thread(target=work)
    thread.start()
    ready.wait(10)
    if result[0]:
        os.close(writing)
    closed.set()
    thread.join()
    if result[0]:
        assert os.read(reading, 1) == b"x"
        assert os.read(reading, 1) == b""  # the thread has ended, and its descriptors with it
    else:
        os.close(writing)
    os.close(reading)


_WITH_FREED_BLOCKS = """
import threading
from pathlib import Path
from workbench.system import system

kept = []

def work():
    for size in (8, 9, 10):
        block = bytes([1]) * (size << 20)
        kept.append(bytes(40_000))
        del block

def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20

system().return_freed_memory()
before = memory()
for _ in range(4):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print(memory() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give large blocks back by themselves")
def test_on_linux_a_large_block_goes_back_once_it_is_freed() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_") and name != PORTABLE}
    done = subprocess.run(
        [sys.executable, "-c", _WITH_FREED_BLOCKS], env=environ, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 6  # MB; without it what lies between small blocks stays with each thread


def test_the_connections_are_those_that_this_process_opened(way: PortableSystem) -> None:
    local, other = socket.socketpair()
    with (
        local,
        other,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
        server.accept()[0],
    ):
        port, names = server.getsockname()[1], set(way.open_sockets())
        assert [(host, name in names) for name, host, at in way.connections() if at == port] == [("127.0.0.1", True)]
        assert str(os.fstat(local.fileno()).st_ino) not in names


def test_the_time_in_the_queue_grows_or_is_unknown(way: PortableSystem) -> None:
    before = way.seconds_in_queue()
    assert before >= 0
    if type(way) is PortableSystem:
        assert before == way.seconds_in_queue() == 0
