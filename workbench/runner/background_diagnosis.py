"""The diagnosis of a run beside its supervision: limits, cancellation and pipes never wait for it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from time import monotonic

from workbench.domain import ValidationError
from workbench.events import CaptureNoted, ErrorsFound, Event, WarningsFound

type Task = tuple[type[ErrorsFound | WarningsFound], Callable[[], Iterable[ValidationError]]]
"""What the errors of a diagnosis become, and the diagnosis."""

SOON = 0.2
"""Seconds within which nearly every diagnosis ends, so that its errors stand before what the worker does next."""


class BackgroundDiagnosis:
    """The diagnoses of one run, one after the other, in a thread of their own.

    Errors are appended as they are found. A diagnosis that fails becomes a note; the run goes on.
    """

    def __init__(self, append: Callable[[Event], None]) -> None:
        self._append = append
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._abandoned = False

    def begin(self, tasks: Sequence[Task]) -> None:
        """Start with ``tasks``, after those that were begun before."""
        before = self._thread
        self._thread = threading.Thread(
            target=self._work, args=(tasks, before), name="workbench-diagnosis", daemon=True
        )
        self._thread.start()

    def call(self, work: Callable[[], None]) -> None:
        """Do something that appends nothing, after what was begun before."""

        def nothing() -> tuple[ValidationError, ...]:
            work()
            return ()

        self.begin(((ErrorsFound, nothing),))

    def wait(self, seconds: float) -> bool:
        """Wait for the end of what was begun, at most so many seconds; whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def abandon(self) -> None:
        """Append nothing any more: the run is over."""
        with self._lock:
            self._abandoned = True

    def _work(self, tasks: Sequence[Task], before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        for event_type, diagnosis in tasks:
            event = _event(event_type, diagnosis)
            with self._lock:
                if self._abandoned:
                    return
                if event is not None:
                    self._append(event)


def _event(
    event_type: type[ErrorsFound | WarningsFound], diagnosis: Callable[[], Iterable[ValidationError]]
) -> Event | None:
    try:
        errors = tuple(diagnosis())
    except Exception as error:
        return CaptureNoted(monotonic(), f"The workbench could not diagnose this run: {type(error).__name__}: {error}")
    return event_type(monotonic(), errors) if errors else None
