"""Responses of aiohttp, as bytes of a connection that its protocol parses; what each passes looks up little, too."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from aiohttp.streams import EMPTY_PAYLOAD

from workbench.events.exchange_parts import ANSWERED
from workbench.events.http_heads import latin_names, latin_or_utf8
from workbench.worker.capture.aiohttp.streams import ATTEMPT, WatchedReader, note_raw_size
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.counted_body import LARGE
from workbench.worker.capture.recorder import Recorder

_VERSION = (1, 1)
_SWITCHED = 101
_END_OF_HEAD = b"\r\n\r\n"


class Responses:
    """The hooks on the protocol that reads them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def data_received(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Bytes of a response, which aiohttp parses."""
        recorder, put, open_attempts = self._recorder, self._recorder.put, self._recorder.open
        outlet = recorder.outlet

        def data_received(protocol: Any, data: Any) -> None:
            attempt = protocol._workbench_attempt
            if attempt is None or not attempt.awaited:
                original(protocol, data)
                return
            at = monotonic()
            original(protocol, data)
            try:
                [((_, body), _)] = protocol._buffer
                [piece] = body._buffer
                if (
                    body._eof
                    and data.endswith(piece)  # all of it: neither in chunks nor compressed
                    and (size := len(piece)) < LARGE
                    and size <= recorder.body_room
                    and attempt._raw is None
                    and attempt._request_body is None  # whose rest is to be counted
                ):
                    number = attempt.id  # as Attempt.answered() does, without its call in the path of every request
                    put((ANSWERED, at, number, data, size, attempt.started, attempt.sent_at, at, attempt._took))
                    attempt.over = True
                    protocol._workbench_attempt = None
                    recorder.body_room -= size
                    del open_attempts[number]
                    if at > outlet.due:
                        outlet.write_at_once(at)
                else:
                    self._read(protocol, attempt, data, at)
            except Exception:  # there is no response, more than one, or not one piece of a body
                self._read(protocol, attempt, data, at)

        return data_received

    def _read(self, protocol: Any, attempt: Attempt, data: Any, at: float) -> None:
        """Tell of a response by what aiohttp has parsed of ``data``, which came at the time ``at``."""
        try:
            for (message, body), _ in protocol._buffer:
                if message.code >= 200 or message.code == _SWITCHED:
                    is_head = body is EMPTY_PAYLOAD and message.code != _SWITCHED and data.endswith(_END_OF_HEAD)
                    if not (is_head and attempt.answered(data, 0, at)):
                        _began(message, body, attempt, at)
                    return
            attempt.raw_received(data)  # the head is not there, or cannot be read
        except Exception as error:
            self._recorder.failed("data_received", error)

    def close_protocol(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What is left of a response that nothing refers to any more, or of a WebSocket."""

        def close(protocol: Any) -> Any:
            attempt: Attempt | None = getattr(protocol, ATTEMPT, None)
            if attempt is not None and attempt.has_response and not attempt.over:
                if attempt.switched:
                    attempt.complete()
                else:
                    attempt.give_up("unread")
            return original(protocol)

        return close


def _began(message: Any, body: Any, attempt: Attempt, at: float) -> None:
    """Tell of a response as far as it has come, and watch the rest of its body."""
    version = "1.1" if message.version == _VERSION else f"{message.version.major}.{message.version.minor}"
    reason = (message.reason or "").encode("utf-8", "surrogateescape")
    first = message.code, latin_or_utf8(reason), version
    attempt.response_started(*first, message.raw_headers, at, latin_names([(b"", reason)]))
    is_empty = body is EMPTY_PAYLOAD
    for piece in () if is_empty else body._buffer:
        attempt.body_received(piece)
    if message.code == _SWITCHED:  # to a WebSocket, whose messages follow until it is closed
        attempt.switched = True
    elif not is_empty and body._exception is not None:
        attempt.fail(body._exception)
    elif is_empty or body._eof or (attempt.method == "CONNECT" and message.code == 200):  # then the real one follows
        note_raw_size(attempt, body)
        attempt.complete()
    else:
        body.__class__ = WatchedReader
