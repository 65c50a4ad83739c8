"""The server of the pages in a thread of its own, closed by that thread."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from waitress import wasyncore

from workbench.cli.page_server import PageServer


@contextmanager
def served(make_application: Callable[[int], object]) -> Iterator[PageServer]:
    """What ``make_application`` makes for a free port, served on it until the block is left."""
    connections: dict[int, object] = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        application = make_application(listener.getsockname()[1])
        server = PageServer(application, connections, listener, threads=4, connection_limit=256)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.task_dispatcher.shutdown()
            # By the thread that serves: it may be waiting for these very sockets
            server.trigger.pull_trigger(lambda: wasyncore.close_all(connections, ignore_all=True))
            thread.join(10)
            assert not thread.is_alive()
