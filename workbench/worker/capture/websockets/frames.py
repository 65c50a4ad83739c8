"""Frames of a WebSocket, put together to messages, and what a replay or a rule has in place of one."""

from typing import Final

from workbench.domain import AnswerOrigin, AnswerSource
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.websockets import messages

SWITCHED: Final = 101
"""The status of a handshake that the server accepts."""
_TEXT, _BINARY, _CONTINUATION, _CLOSE = 1, 2, 0, 8


class Frames:
    """The frames of one connection, in both directions. Nothing of it raises."""

    __slots__ = ("_attempt", "_closed_by", "_fragments")

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._closed_by: set[bool] = set()
        self._fragments: dict[bool, tuple[list[bytes], bool]] = {}

    def see(self, code: int, data: bytes | str, *, is_last: bool, is_received: bool) -> None:
        """Tell of a message with its last frame, and of the first frame that closes the connection."""
        if self._attempt.over:
            return
        try:
            self._see(code, data, is_last=is_last, is_received=is_received)
        except Exception as error:
            self._attempt.capture_failed("a WebSocket", error)

    def _see(self, code: int, data: bytes | str, *, is_last: bool, is_received: bool) -> None:
        data = data.encode() if isinstance(data, str) else bytes(data)
        if code in (_TEXT, _BINARY, _CONTINUATION):
            pieces, is_text = self._fragments.pop(is_received, ([], code == _TEXT))
            pieces.append(data)
            if not is_last:
                self._fragments[is_received] = pieces, is_text
                return
            whole = b"".join(pieces)
            tell = messages.received if is_received else messages.sent
            tell(self._attempt, whole.decode("utf-8", "replace") if is_text else whole)
        elif code == _CLOSE:
            self._closed_by.add(is_received)
            if len(self._closed_by) > 1:  # this is the reply
                return
            number = int.from_bytes(data[:2]) if len(data) >= 2 else None
            reason = data[2:].decode("utf-8", "replace")
            messages.closed(self._attempt, number, reason, by_server=is_received)

    @property
    def is_closed(self) -> bool:
        """Whether both sides have closed the connection: no frame follows."""
        return len(self._closed_by) > 1

    def end(self, error: BaseException | None = None) -> None:
        """The connection is over: in good order where either side has closed it."""
        if self._closed_by:
            self._attempt.complete()
        elif not self._attempt.over:
            self._attempt.fail(error or EOFError("connection closed without a close frame"))


def refuse_socket(recorder: Recorder, attempt: Attempt, url: str) -> None:
    """Raise what a replay or a rule has in place of a connection."""
    engine = recorder.answering(url)
    if engine is None or engine.passes("GET", url, is_socket=True):
        return
    if engine.is_recording:
        attempt.phase = "wait"  # as with aiohttp, whose handshake meets the recording
        attempt.answered_from(AnswerOrigin(AnswerSource.RECORDING))
        raise engine.refused_socket(url)
    if (error := engine.broken_connection(attempt, "GET", url)) is not None:
        raise error
