"""Starting and stopping, as the command line does it."""

import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from workbench.echo import EchoError, in_thread

COMMAND = "from workbench.echo import run; run(0, lambda port: print(port, flush=True))"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_on_a_signal_even_with_a_request_under_way(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", COMMAND], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        port = int(process.stdout.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/test") as response:
            assert response.status == 200
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(b"GET /delay/60 HTTP/1.1\r\nHost: x\r\n\r\n")
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr.read() == b""
        waiting.close()


def test_it_listens_on_this_machine_only() -> None:
    with in_thread() as url, socket.socket() as other:
        port = int(url.rpartition(":")[2])
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_a_taken_port_is_said_in_words() -> None:
    with (
        in_thread() as url,
        pytest.raises(EchoError, match=r"\(address already in use\). Choose another --port"),
        in_thread(int(url.rpartition(":")[2])),
    ):
        pass


def test_a_server_in_a_thread_ends_with_its_block() -> None:
    with in_thread() as url:
        port = int(url.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
