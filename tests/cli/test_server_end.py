"""A signal ends a server wherever it arrives, and a second Ctrl+C ends one that does not come to its end."""

import signal
import socket
from collections.abc import Iterator

import pytest
from waitress.wasyncore import close_all

from tests.cli.test_page_server import application
from workbench.cli.page_server import PageServer
from workbench.cli.signals import ServerEnd

NUMBERS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


class SignalAtItsEnd:
    """Gets a signal while it is destroyed: what is raised there is lost."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def earlier_handlers() -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_DFL) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.filterwarnings("error")
def test_a_signal_while_a_destructor_runs_ends_the_server() -> None:
    connections: dict[int, object] = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = PageServer(application, connections, listener, threads=1, connection_limit=8)
        end = ServerEnd()
        end.wake_with(server.pull_trigger)
        server.trigger.pull_trigger(SignalAtItsEnd)  # the loop makes it and drops it
        server.serve_until(lambda: end.is_requested)
        server.end_threads()
        close_all(connections, ignore_all=True)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL, "a second Ctrl+C ends the process at once"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN, "a supervisor may send it twice"


def test_a_signal_while_the_server_starts_ends_it_there() -> None:
    ServerEnd()
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 0


def test_a_closed_terminal_does_not_end_what_nohup_started() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ServerEnd()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
