"""The control pipe: the run to do, then commands while it is running."""

import select
import signal
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable
from os import _exit, getpgrp, getpid, killpg, read
from threading import Event as Signal

from workbench.domain import RunRequest
from workbench.events import Assign, Cancel, FrameReader, Locate, Message, WireError
from workbench.system import system

CHUNK = 256 * 1024


class Control:
    """Reads commands. The end of the pipe means that the runner is gone; the worker then ends, too."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = getpid()
        self._reader = FrameReader()
        self._messages: deque[Message] = deque()
        self._was_closed = False

    @property
    def has_command(self) -> bool:
        """Whether a command has arrived, or the runner is gone."""
        return bool(select.select([self._fd], [], [], 0)[0])

    def assigned(self) -> RunRequest | None:
        """Wait for the run to do; None where the pipe ends before there is one."""
        while (message := self._next()) is not None:
            if isinstance(message, Assign):
                return message.request
        return None

    def listen(self, *, cancel: Callable[[], None], locate: Callable[[], None]) -> None:
        """Handle ``Cancel`` and ``Locate`` in a thread of its own until the process ends.

        The thread has descriptors of its own, where the system can do that, so that the integration cannot close them.
        """
        handlers = {Cancel: cancel, Locate: locate}
        separated = Signal()

        def loop() -> None:
            system().separate_descriptors()
            separated.set()
            while (message := self._next()) is not None:
                if (handler := handlers.get(type(message))) is not None:
                    handler()
            if not self._was_closed:
                self._follow_the_runner()

        # Thread.start() would wait until the thread runs, and user code would find it in threading.enumerate().
        start_new_thread(loop, ())
        separated.wait()  # a copy of what the integration opens meanwhile would never be closed

    def _next(self) -> Message | None:
        while not self._messages:
            try:
                data = read(self._fd, CHUNK)
            except OSError:  # the integration has closed it
                self._was_closed = True
                return None
            if not data:
                return None
            try:
                self._messages += self._reader.feed(data)
            except WireError:
                return None
        return self._messages.popleft()

    def _follow_the_runner(self) -> None:
        if getpid() == self._pid == getpgrp():  # our own group: the children of user code go too
            killpg(self._pid, signal.SIGKILL)
        _exit(1)
