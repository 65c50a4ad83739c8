"""What comes out of descriptors 1 and 2 below Python: C code, children, forks."""

import codecs
from time import monotonic

from workbench.events import CaptureNoted, OutputWritten


class RawOutput:
    """Turns the bytes of one stream into events, up to a budget; what comes after is counted."""

    def __init__(self, stream: str, budget: int) -> None:
        self._stream = stream
        self._budget = budget
        self._left = budget
        self._dropped = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take(self, data: bytes) -> OutputWritten | None:
        """The event for a piece, None where nothing of it is kept."""
        kept = data[: self._left]
        self._left -= len(kept)
        self._dropped += len(data) - len(kept)
        return self._event(self._decoder.decode(kept))

    def end(self) -> list[OutputWritten | CaptureNoted]:
        """What is left to say at the end of the stream."""
        event = self._event(self._decoder.decode(b"", final=True))
        ends: list[OutputWritten | CaptureNoted] = [event] if event else []
        if self._dropped:
            text = (
                f"Programs wrote more than {self._budget:,} bytes straight to {self._stream}; "
                f"the last {self._dropped:,} bytes are not kept."
            )
            ends.append(CaptureNoted(monotonic(), text))
        return ends

    def _event(self, text: str) -> OutputWritten | None:
        return OutputWritten(monotonic(), self._stream, text) if text else None
