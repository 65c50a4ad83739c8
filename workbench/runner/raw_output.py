"""Output that bypasses Python's streams, at descriptors 1 and 2: of C code, child processes and forks."""

import codecs
from time import monotonic

from workbench.events import CaptureNoted, OutputWritten
from workbench.runner.stack_dump import StackDump

_CRASH = b"Fatal Python error: "
"""What stands above the stacks of a process that a signal ends."""


class RawOutput:
    """Turns the bytes of one stream into events, up to a budget; the rest is counted.

    The stacks of a hang that are printed there go to ``dump``. Those of a crash do, too, and stay in the output.
    """

    def __init__(self, stream: str, budget: int, dump: StackDump) -> None:
        self._stream = stream
        self._budget = budget
        self._left = budget
        self._dropped = 0
        self._dump = dump
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take(self, data: bytes) -> OutputWritten | None:
        """The event for a piece; None where the budget is used up."""
        if _CRASH in data:
            self._dump.note_from_here()
        if self._dump.is_expected:
            data = self._dump.take(self._decoder.decode(data)).encode()
        part = data[: self._left]
        self._left -= len(part)
        self._dropped += len(data) - len(part)
        return self._event(self._decoder.decode(part))

    def end(self) -> list[OutputWritten | CaptureNoted]:
        """The last events, at the end of the stream."""
        event = self._event(self._dump.end() + self._decoder.decode(b"", final=True))
        ends: list[OutputWritten | CaptureNoted] = [event] if event else []
        if self._dropped:
            text = (
                f"Child processes or C code wrote more than {self._budget:,} bytes to {self._stream}. "
                f"The last {self._dropped:,} bytes were dropped."
            )
            ends.append(CaptureNoted(monotonic(), text))
        return ends

    def _event(self, text: str) -> OutputWritten | None:
        return OutputWritten(monotonic(), self._stream, text) if text else None
