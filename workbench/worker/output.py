"""Output and logs of the integration as events, in one order with its requests."""

import codecs
import io
import logging
import os
import sys
import threading
from collections.abc import Buffer, Callable
from time import monotonic

from workbench.domain import Frame
from workbench.events import LogRecorded, OutputWritten
from workbench.worker.channel import Channel
from workbench.worker.text import shorten, text_of
from workbench.worker.values import safe_repr

PIECE = 64 * 1024
"""Characters in one event at most."""

BUDGET = 4 * 1024 * 1024
"""Characters of a run's output that are sent; the rest is counted."""

OVERHEAD = 128
"""What a piece counts beside its text, so that a million empty prints reach the limit, too."""


PLACES = 2_000
"""Writes to a stream whose lines of code are sent, too."""


class OutputBudget:
    """How much more of a run's output is sent, and how much was dropped."""

    def __init__(self, channel: Channel, limit: int = BUDGET) -> None:
        self._channel = channel
        self._limit = limit
        self._left = limit
        self._lock = threading.Lock()
        self._dropped: dict[str, int] = {}

    def take(self, source: str, text: str) -> str:
        """The part of ``text`` that is within the budget; the rest is counted as dropped."""
        with self._lock:
            allowed = max(0, self._left - OVERHEAD)
            sent, dropped = text[:allowed], max(0, len(text) - allowed)
            first = bool(dropped) and not self._dropped
            self._left -= len(sent) + OVERHEAD
            if dropped:
                self._dropped[source] = self._dropped.get(source, 0) + dropped
        if first:
            self._channel.note(
                f"The output is longer than {self._limit:,} characters. From here on it is only counted."
            )
        return sent

    def report(self) -> None:
        """Send a note of what was dropped, if anything was."""
        if self._dropped:
            parts = ", ".join(f"{count:,} characters of {source}" for source, count in self._dropped.items())
            self._channel.note(f"Dropped, because the output was too long: {parts}.")


class _EventPipe(io.RawIOBase):
    """The byte side of a stream: decodes what is written and sends it at once."""

    def __init__(self, name: str, fd: int, channel: Channel, budget: OutputBudget) -> None:
        super().__init__()
        self.name = name
        self._stream = name.strip("<>")
        self._fd = fd
        self._channel = channel
        self._budget = budget
        self._places = PLACES
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def _place(self) -> Frame | None:
        """The line that prints: C code has no frames, so it is the one that called ``write``."""
        if self._places == 0:
            return None
        self._places -= 1
        caller = sys._getframe(2)
        return Frame(caller.f_code.co_filename, caller.f_lineno, caller.f_code.co_qualname)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: Buffer, /) -> int:
        view = memoryview(data).cast("B")
        if not self._channel.is_ours:
            return os.write(self._fd, view)  # a fork writes as any child process does: to the real pipe
        text = self._decoder.decode(view)
        kept = self._budget.take(self._stream, text) if text else ""
        place = self._place() if kept else None
        for start in range(0, len(kept), PIECE):
            self._channel.send(OutputWritten(monotonic(), self._stream, kept[start : start + PIECE], place))
        return view.nbytes


def event_stream(stream: str, fd: int, channel: Channel, budget: OutputBudget) -> io.TextIOWrapper:
    """A stream for ``sys.stdout`` or ``sys.stderr`` whose every write is an event; ``fileno`` is the real pipe's."""
    pipe = _EventPipe(f"<{stream}>", fd, channel, budget)
    return io.TextIOWrapper(pipe, "utf-8", "backslashreplace", newline="\n", write_through=True)


class LogTap:
    """Sends every record that a logger accepts. ``basicConfig(force=True)`` cannot remove it from ``Logger.handle``."""

    def __init__(self, channel: Channel, budget: OutputBudget, describe: Callable[[BaseException], str]) -> None:
        self._channel = channel
        self._budget = budget
        self._describe = describe
        self._original = logging.Logger.handle
        self._last_resort = logging.lastResort
        self._root_level = logging.root.level

    def install(self) -> None:
        """Start. The handler of last resort is silenced: it would print every warning a second time.

        The root logger starts at ``INFO``, so that ``context.logger.info`` is seen without any configuration.
        """
        original, record_seen = self._original, self._send

        def handle(logger: logging.Logger, record: logging.LogRecord) -> None:
            record_seen(record)
            original(logger, record)

        setattr(logging.Logger, "handle", handle)  # noqa: B010  a checker sees no method replaced
        logging.lastResort = logging.NullHandler()
        logging.root.setLevel(logging.INFO)

    def uninstall(self) -> None:
        """Stop; logging is as it was."""
        setattr(logging.Logger, "handle", self._original)  # noqa: B010
        logging.lastResort = self._last_resort
        logging.root.setLevel(self._root_level)

    def _send(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
            if record.exc_info and record.exc_info[1]:
                message += "\n" + self._describe(record.exc_info[1])
        except Exception as error:
            message = f"{safe_repr(record.msg)} % {safe_repr(record.args)} could not be formatted: {safe_repr(error)}"
        kept = self._budget.take("log", shorten(message, PIECE))
        if kept:
            line = record.lineno if isinstance(record.lineno, int) else 0
            place = Frame(text_of(record.pathname), line, text_of(record.funcName or ""))
            self._channel.send(LogRecorded(monotonic(), text_of(record.levelname), text_of(record.name), kept, place))
