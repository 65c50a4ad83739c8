"""``workbench serve`` and ``workbench echo``: one line when ready, and an end without a trace."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from workbench.echo_address import ECHO_PORT
from workbench.system import PORTABLE

COMMAND = [sys.executable, "-m", "workbench.cli"]


def give_up_capabilities() -> None:
    """Be like other users, where the tests are run by root, who could read all."""
    for capability in range(64):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@contextmanager
def started(
    *arguments: str | Path, cwd: Path | None = None, **variables: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, once it has said its line."""
    environment = os.environ | {"PYTHONWARNINGS": "error"} | variables
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=give_up_capabilities,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def children(pid: int) -> list[int]:
    """The child processes, whichever thread has started them."""
    listings = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    return [int(child) for listing in listings for child in listing.split()]


def environment_of_worker(pid: int) -> dict[str, str]:
    """The environment that a worker of the process was started with, as soon as there is one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in children(pid):
            if "workbench.worker" in Path(f"/proc/{child}/cmdline").read_text():
                entries = Path(f"/proc/{child}/environ").read_text().split("\0")
                return dict(entry.split("=", 1) for entry in entries if "=" in entry)
        time.sleep(0.02)
    raise AssertionError("no worker has started")


READ = """
import sys
def mem():
    with open(f"/proc/{sys.argv[1]}/maps") as maps:
        address = int(maps.readline().split("-")[0], 16)
    with open(f"/proc/{sys.argv[1]}/mem", "rb") as file:
        file.seek(address)
        file.read(16)
ways = {"environ": lambda: open(f"/proc/{sys.argv[1]}/environ").read(), "mem": mem,
        "maps": lambda: open(f"/proc/{sys.argv[1]}/maps").read()}
for name, read in ways.items():
    try:
        read()
        print(name)
    except OSError:
        pass
"""


def what_a_handler_reads(pid: int) -> list[str]:
    """What another process of this user can read of one."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(pid)],
        capture_output=True,
        text=True,
        preexec_fn=give_up_capabilities,
    )
    assert not done.stderr
    return done.stdout.split()


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 60
    while not all(map(gone, pids)):
        assert time.monotonic() < deadline, f"some of {pids} live on"
        time.sleep(0.02)


def status(url: str) -> int:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with browser.open(url, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_says_one_line_serves_the_current_folder_and_ends_quietly(integration: Path) -> None:
    ours = {"WORKBENCH_SERVE_PORT": "0", "WORKBENCH_RUN_AUTH": '{"key": "of-an-option"}', "MAKEFLAGS": "-j"}
    with started("serve", "--echo", "--echo-port", "0", cwd=integration, THEIRS="theirs", **ours) as (process, line):
        link = line.removeprefix("Workbench ready: ").strip()
        assert link.startswith("http://127.0.0.1:")
        assert "/?token=" in link
        assert status(link.partition("?")[0]) in (401, 403)
        assert "/integrations/one" in page(link)
        below = children(process.pid)
        assert below
        token = link.partition("token=")[2]
        spare = environment_of_worker(process.pid)
        assert spare["THEIRS"] == "theirs"
        assert not ours.keys() & spare.keys()
        assert not [name for name, value in spare.items() if token in value or "of-an-option" in value]
        if os.environ.get(PORTABLE) != "1":
            assert what_a_handler_reads(process.pid) == [], "the server's memory and environment are closed"
        assert what_a_handler_reads(below[0]) == ["environ", "mem", "maps"], "other processes are as ever"
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (0, "", "")
    until_gone(below)


def page(link: str) -> str:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(link, timeout=30) as response:
        return response.read().decode()


def test_without_a_path_and_an_integration_it_starts_empty_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    with started("serve", "--port", "0", cwd=tmp_path) as (process, line):
        assert "/integrations/" not in page(line.removeprefix("Workbench ready: ").strip())
        below = children(process.pid)
        process.send_signal(signal.SIGINT)
        told = "The current folder has no integrations. Open a folder from the first page.\n"
        assert process.communicate(timeout=60) == ("", told)
    assert process.returncode == 0
    until_gone(below)


@pytest.mark.exhaustive
def test_killed_it_takes_its_children_along(integration: Path) -> None:
    with started("serve", integration, "--port", "0", "--echo", "--echo-port", "0") as (process, line):
        assert "/integrations/one" in page(line.removeprefix("Workbench ready: ").strip())
        below = children(process.pid)
        process.kill()
        process.communicate()
    until_gone(below)


def test_a_port_that_is_taken(workbench, integration: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = workbench("serve", integration, "--port", str(port))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
        done = workbench("echo", "--port", str(port))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(port) in done.stderr


def test_other_machines_only_when_asked_for(workbench, integration: Path) -> None:
    done = workbench("serve", integration, "--host", "0.0.0.0", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--let-the-network-run-code" in done.stderr


def test_a_path_that_is_none(workbench, tmp_path: Path) -> None:
    done = workbench("serve", tmp_path / "nowhere", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not found" in done.stderr


def test_the_echo_server_takes_another_port_and_says_so() -> None:
    with ExitStack() as stack:
        with suppress(OSError):  # another program may have the port already
            stack.enter_context(socket.create_server(("127.0.0.1", ECHO_PORT)))
        process, line = stack.enter_context(started("echo"))
        port = int(line.rpartition(":")[2])
        assert status(f"http://127.0.0.1:{port}/test") == 200
        process.send_signal(signal.SIGTERM)
        told = f"Port {ECHO_PORT} is in use. The echo server listens on port {port} instead.\n"
        assert process.communicate(timeout=60) == ("", told)
    assert process.returncode == 0


def test_the_echo_server_on_a_port_that_was_asked_for() -> None:
    number = signal.SIGINT
    with started("echo", "--port", "0") as (process, line):
        url = line.removeprefix("Echo ready: ").strip()
        assert url.startswith("http://127.0.0.1:")
        assert status(f"{url}/test") == 200
        process.send_signal(number)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0
