"""The control pipe: the run to do, then commands while it is running."""

import _thread
import os
import select
import signal
from collections import deque
from collections.abc import Callable

from workbench.domain import RunRequest
from workbench.events import Assign, Cancel, FrameReader, Locate, Message, WireError

CHUNK = 256 * 1024


class Control:
    """Reads commands. The end of the pipe means that the runner is gone; the worker then ends, too."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = os.getpid()
        self._reader = FrameReader()
        self._messages: deque[Message] = deque()

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
        """Handle ``Cancel`` and ``Locate`` in a thread of its own until the process ends."""
        handlers = {Cancel: cancel, Locate: locate}

        def loop() -> None:
            while (message := self._next()) is not None:
                if (handler := handlers.get(type(message))) is not None:
                    handler()
            self._follow_the_runner()

        # Thread.start() would wait until the thread runs, and user code would find it in threading.enumerate().
        _thread.start_new_thread(loop, ())

    def _next(self) -> Message | None:
        while not self._messages:
            try:
                data = os.read(self._fd, CHUNK)
            except OSError:
                return None
            if not data:
                return None
            try:
                self._messages += self._reader.feed(data)
            except WireError:
                return None
        return self._messages.popleft()

    def _follow_the_runner(self) -> None:
        if os.getpid() == self._pid == os.getpgrp():  # our own group: the children of user code go too
            os.killpg(self._pid, signal.SIGKILL)
        os._exit(1)
