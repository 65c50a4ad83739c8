"""Work that the integration gives to other threads: requests from there belong to the line that gave it."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from workbench.worker.capture.library_adapter import LibraryAdapter

_when_done = Future.add_done_callback


class ThreadsAdapter(LibraryAdapter):
    """Remembers where a thread was started and where work was handed to a pool of threads."""

    def install(self) -> None:
        """Start."""
        self._patches.replace(ThreadPoolExecutor, "submit", self._submit)
        self._patches.replace(threading.Thread, "start", self._start)

    def _submit(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        def submit(executor: Any, fn: Any, /, *args: Any, **options: Any) -> Any:
            work = recorder.of_origin(recorder.sites.of(sys._getframe(1)), fn) if callable(fn) else fn
            future = original(executor, work, *args, **options)
            if (engine := recorder.answers) is not None:  # whose clock stands while threads work
                engine.in_flight.begin()
                _when_done(future, engine.in_flight.end)
            return future

        return submit

    def _start(self, original: Callable[..., None]) -> Callable[..., None]:
        recorder = self._recorder

        def start(thread: threading.Thread) -> None:
            with suppress(Exception):
                if site := recorder.sites.of(sys._getframe(1)):
                    recorder.sites.threads[thread] = site
            original(thread)

        return start
