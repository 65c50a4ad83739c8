"""One worker that has started and waits, so that a run starts at once."""

import logging
import os
import selectors
import threading

from workbench.runner.process import WorkerProcess, read_some

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class SpareKeeper:
    """Keeps one spare worker. It is replaced as soon as it is taken, and when it dies."""

    def __init__(self) -> None:
        self._spare: WorkerProcess | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._wake_reader, self._wake_writer = os.pipe()
        self._thread = threading.Thread(target=self._keep, name="workbench-spare", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The spare's process id, or None while there is none."""
        with self._lock:
            return self._spare.pid if self._spare is not None and self._spare.alive else None

    @property
    def warm(self) -> bool:
        """Whether there is a spare and it has started."""
        with self._lock:
            return self._spare is not None and self._spare.warm

    def take(self) -> tuple[WorkerProcess, bool]:
        """A worker, and whether it is the spare (which may still be starting). Raises :class:`OSError`."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            self._wake()
            if spare.alive:
                return spare, True
            _log_and_close(spare)
        return WorkerProcess(), False

    def close(self) -> None:
        """End the spare and the thread that replaces it."""
        self._closed.set()
        self._wake()
        self._thread.join()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _wake(self) -> None:
        os.write(self._wake_writer, b"!")

    def _keep(self) -> None:
        pause = 0.0
        while not self._closed.wait(pause):
            went_well = self._start_and_watch()
            pause = 0.0 if went_well else min(max(_FIRST_PAUSE, 2 * pause), _LONGEST_PAUSE)

    def _start_and_watch(self) -> bool:
        """Keep one spare until it is taken: True, or until it dies: False."""
        try:
            spare = WorkerProcess()
        except OSError as error:
            _LOG.warning("No spare worker could be started: %s", error)
            return False
        exit_fd = os.dup(spare.exit)
        with self._lock:
            self._spare = spare
        try:
            alive = self._watch(spare, exit_fd)
        finally:
            os.close(exit_fd)
        if alive and not self._closed.is_set():
            return True
        with self._lock:
            if self._spare is not spare:
                return True
            self._spare = None
        spare.close() if alive else _log_and_close(spare)
        return False

    def _watch(self, spare: WorkerProcess, exit_fd: int) -> bool:
        """Wait until the spare was taken or this is closed (True), or until it is dead (False)."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            selector.register(exit_fd, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if self._wake_reader in ready:
                    os.read(self._wake_reader, 4096)
                if self._closed.is_set() or self._spare is not spare:
                    return True
                if exit_fd in ready:
                    return False


def _log_and_close(spare: WorkerProcess) -> None:
    words = (read_some(spare.stderr) or b"").decode("utf-8", "replace").strip()
    _LOG.warning("A spare worker died and was replaced. %s", words or "It printed nothing.")
    spare.close()
