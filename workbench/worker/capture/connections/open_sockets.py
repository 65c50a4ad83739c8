"""The TCP connections of this process as the system lists them, for libraries that Python does not see."""

import threading
from _thread import start_new_thread
from collections.abc import Callable
from contextlib import suppress

from workbench.system import system

_INTERVAL = 0.02
"""Seconds between two looks while a library with sockets of its own is imported."""


class OpenSockets:
    """Finds connections whose address is not in :attr:`known`; each is reported once.

    :attr:`busy` counts the calls of libraries that tell their address when they return: what is found meanwhile waits.
    """

    def __init__(self, found: Callable[[str, str, int], None]) -> None:
        self.known: set[tuple[str, int]] = set()
        self.busy = 0
        self._found = found
        self._seen: set[str] = set()
        self._library = ""
        self._is_watching = False
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def watch(self, library: str) -> None:
        """Look often from here on; what is found is of this library."""
        self._library = library
        if self._is_watching:
            return
        self._is_watching = True
        # not one of threading's: the integration counts those, and no replay skips a wait while one is there
        start_new_thread(self._look_often, ())

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _look_often(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            self.look()

    def look(self, *, at_end: bool = False) -> None:
        """Look once; ``at_end`` for the last time, when nothing waits."""
        with self._lock, suppress(OSError):
            new = set(system().open_sockets()) - self._seen
            if not new:
                return
            self._seen |= new
            for socket, host, port in system().connections():
                if socket not in new or (host, port) in self.known:
                    continue
                if self.busy and not at_end:
                    self._seen.discard(socket)
                else:
                    self._found(self._library, host, port)
