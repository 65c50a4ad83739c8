"""The lines of the integration that ask for requests, or gave a thread or a task its work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import CodeType, FrameType
from weakref import WeakKeyDictionary

from workbench.domain import Frame
from workbench.worker.source import OwnCode


class CallSites:
    """Finds the line of a frame. ``failed`` gets what that raises."""

    def __init__(self, own: OwnCode, failed: Callable[[str, Exception], None]) -> None:
        self._own = own
        self._failed = failed
        self.threads: WeakKeyDictionary[threading.Thread, Frame] = WeakKeyDictionary()
        self.origin: ContextVar[Frame | None] = ContextVar("workbench_origin", default=None)

    def of(self, frame: FrameType | None) -> Frame | None:
        """The integration's line at or above ``frame``, else the one that gave this thread or task its work."""
        try:
            return self._own.call_site(frame) or self.giver()
        except Exception as error:
            self._failed("call_site", error)
            return None

    def giver(self) -> Frame | None:
        """The line that gave this thread or task its work."""
        return self.origin.get() or self.threads.get(threading.current_thread())

    @contextmanager
    def given_by(self, site: Frame) -> Iterator[None]:
        """Within it, and in what copies its context, requests without a line of their own belong to ``site``."""
        token = self.origin.set(site)
        try:
            yield
        finally:
            self.origin.reset(token)

    def in_thread(self, frame: FrameType) -> Frame | None:
        """The integration's line at or above a frame of another thread."""
        return self._own.call_site(frame)

    def is_own(self, frame: FrameType) -> bool:
        """Whether it is a frame of the integration's own code."""
        return self.owns(frame.f_code)

    def owns(self, code: CodeType) -> bool:
        """Whether it is the integration's own code."""
        return self._own.has(code.co_filename)
