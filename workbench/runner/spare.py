"""Workers that have started and wait, so that a run starts at once, and a second one beside it too."""

import logging
import os
import selectors
import threading
from dataclasses import dataclass
from time import monotonic

from workbench.runner.fork_server import ForkServer
from workbench.runner.process import WorkerProcess, read_some
from workbench.system import system

_LOG = logging.getLogger(__name__)
_COUNT = 2
_QUIET = 0.3
"""Seconds since the last change before a further one is started, not forked: a run that has just begun comes first."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


@dataclass(slots=True)
class _Watched:
    """A spare with descriptors of its own, which stay good while another thread closes the spare's."""

    spare: WorkerProcess
    exit: int
    events: int
    is_warm: bool = False

    def close(self) -> None:
        os.close(self.exit)
        os.close(self.events)


class SpareKeeper:
    """Keeps two spare workers. One that was taken or has died is replaced.

    The first starts at once, the second when the first is warm. Where they are not forked, a moment has to pass before.
    """

    def __init__(self, forks: ForkServer | None = None) -> None:
        self._forks = forks
        self._quiet = 0.0 if forks and system().forks_safely else _QUIET
        self._spares: list[WorkerProcess] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._wake_reader, self._wake_writer = os.pipe()
        self._watched: list[_Watched] = []
        self._pause = 0.0
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._keep, name="workbench-spare", daemon=True)
        self._thread.start()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the spares, the next one to be taken first."""
        with self._lock:
            return tuple(spare.pid for spare in self._spares if spare.alive)

    @property
    def warm(self) -> int:
        """How many have started."""
        with self._lock:
            return sum(spare.warm for spare in self._spares)

    def take(self) -> tuple[WorkerProcess, bool]:
        """A worker, and whether it is a spare (which may still be starting). Raises :class:`OSError`."""
        while True:
            with self._lock:
                spare = self._spares.pop(0) if self._spares else None
            if spare is None:
                return WorkerProcess(forks=self._forks), False
            self._wake()
            if spare.alive:
                return spare, True
            _log_and_close(spare)

    def close(self) -> None:
        """End the spares and the thread that replaces them."""
        self._closed.set()
        self._wake()
        self._thread.join()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _wake(self) -> None:
        os.write(self._wake_writer, b"!")

    def _keep(self) -> None:
        while not self._closed.is_set():
            self._forget_taken()
            if self._wants_another() and monotonic() >= self._not_before:
                self._start()
            self._wait()
        with self._lock:
            left, self._spares = self._spares, []
        self._forget_taken()
        for spare in left:
            spare.close()

    def _forget_taken(self) -> None:
        with self._lock:
            there = list(self._spares)
        for each in [each for each in self._watched if each.spare not in there]:
            self._watched.remove(each)
            each.close()
            self._not_before = max(self._not_before, monotonic() + self._quiet) if there else self._not_before

    def _wants_another(self) -> bool:
        return len(self._watched) < _COUNT and all(each.is_warm for each in self._watched)

    def _start(self) -> None:
        try:
            spare = WorkerProcess(forks=self._forks, spare=True)
        except OSError as error:
            _LOG.warning("No spare worker could be started: %s", error)
            self._wait_longer()
            return
        self._watched.append(_Watched(spare, os.dup(spare.exit), os.dup(spare.events)))
        with self._lock:
            self._spares.append(spare)

    def _wait_longer(self) -> None:
        self._pause = min(max(_FIRST_PAUSE, 2 * self._pause), _LONGEST_PAUSE)
        self._not_before = monotonic() + self._pause

    def _wait(self) -> None:
        """Wait until a spare was taken, is warm or dead, or until the next may be started."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            for each in self._watched:
                selector.register(each.exit, selectors.EVENT_READ)
                if not each.is_warm:
                    selector.register(each.events, selectors.EVENT_READ)
            left = max(0.0, self._not_before - monotonic()) if self._wants_another() else None
            ready = {key.fd for key, _ in selector.select(left)}
        if self._wake_reader in ready:
            os.read(self._wake_reader, 4096)
        for each in list(self._watched):
            if each.exit in ready:
                self._drop(each)
            elif each.events in ready:
                each.is_warm, self._pause = True, 0.0
                self._not_before = monotonic() + self._quiet

    def _drop(self, dead: _Watched) -> None:
        """Close a spare that has died, unless it was taken: then it is not a spare any more."""
        with self._lock:
            is_mine = dead.spare in self._spares
            if is_mine:
                self._spares.remove(dead.spare)
        self._watched.remove(dead)
        dead.close()
        if is_mine:
            _log_and_close(dead.spare)
            self._wait_longer()


def _log_and_close(spare: WorkerProcess) -> None:
    words = (read_some(spare.stderr) or b"").decode("utf-8", "replace").strip()
    _LOG.warning("A spare worker died and was replaced. %s", words or "It printed nothing.")
    spare.close()
