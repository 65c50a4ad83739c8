"""aiohttp, hooked where its bytes meet the wire.

The context manager of a request is one call of the integration; below it every attempt passes ``ClientRequest.send``,
and those that found no open connection ``_create_connection`` before. What is sent is seen by the stream writer, what
comes by the protocol, which has parsed it once ``data_received`` returns: a response that came whole needs no other
hook. A ``TraceConfig`` would miss streamed and unread bodies, redirects, the silent retry and errors amid a body.
"""

import asyncio
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, get_origin

import aiohttp
from aiohttp import base_protocol, client, client_proto, client_reqrep, connector
from aiohttp.http_writer import StreamWriter

from workbench.worker.capture.aiohttp.connections import LIBRARY, Connections, TimedConnections
from workbench.worker.capture.aiohttp.early_releases import OPENS_SOCKETS, hook_early_release
from workbench.worker.capture.aiohttp.requests import Requests
from workbench.worker.capture.aiohttp.responses import Responses
from workbench.worker.capture.aiohttp.streams import ATTEMPT, HOST, REQUEST
from workbench.worker.capture.calls.awaited_call import awaited_call
from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.library_adapter import LibraryAdapter
from workbench.worker.capture.recorder import Recorder


class AiohttpAdapter(LibraryAdapter):
    """Installs the hooks and removes them. The protocol and the response know their attempt."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._connections = Connections(recorder)
        self._requests = Requests(recorder, self._connections)
        self._responses = Responses(recorder)

    def install(self) -> None:
        """Start. Raises :class:`HookMissing` where this aiohttp lacks a hook; nothing is changed then."""
        replace, define = self._patches.replace, self._patches.define
        replace(client, "_RequestContextManager", self._manager)
        replace(client, "_SessionRequestContextManager", self._session_manager)
        self._hook_connections()
        requests, responses = self._requests, self._responses
        replace(connector.Connection, "close", requests.close_connection)
        replace(client_reqrep.ClientRequest, "send", requests.send)
        replace(StreamWriter, "_write", lambda original: requests.write(original, in_pieces=False))
        if hasattr(StreamWriter, "_writelines"):
            replace(StreamWriter, "_writelines", lambda original: requests.write(original, in_pieces=True))
        replace(StreamWriter, "enable_chunking", requests.change_writer)
        replace(StreamWriter, "enable_compression", requests.change_writer)
        replace(client_proto.ResponseHandler, "data_received", responses.data_received)
        replace(client_proto.ResponseHandler, "close", responses.close_protocol)
        define(base_protocol.BaseProtocol, ATTEMPT, None)  # servers, too: they write as clients do
        define(base_protocol.BaseProtocol, REQUEST, None)
        define(base_protocol.BaseProtocol, HOST, "")

    def _hook_connections(self) -> None:
        replace, connections, kind = self._patches.replace, self._connections, connector.BaseConnector
        for kind_of_socket in (connector.TCPConnector, connector.UnixConnector):
            replace(kind_of_socket, "_create_connection", connections.create)
        if hasattr(kind, "_wait_for_available_connection"):
            replace(kind, "_wait_for_available_connection", connections.wait)
            self._recorder.hook_answers(lambda: replace(kind, "connect", connections.connect))
        else:
            replace(kind, "connect", connections.connect)
        hook_early_release(self._patches, self._recorder)
        if not OPENS_SOCKETS:
            replace(connector, "aiohappyeyeballs", lambda module: TimedConnections(module, self._recorder))

    def _manager(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What makes the context manager of a request of its coroutine, by which a call of the integration begins."""
        recorder, tell_end, frame_above = self._recorder, self._ended, sys._getframe
        current_call, new_call, known = recorder.current_call, recorder.new_call, recorder.known_places
        next_group, make = recorder.next_group, get_origin(original) or original

        # ``make`` is the class behind an alias of typing, which would call it and try to mark what it made.
        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        def manager(coroutine: Any) -> Any:
            call = current_call.get()
            if call is None:
                frame = frame_above(2)  # above aiohttp's own
                places = known.get(id(frame.f_code))
                site = places.get(frame.f_lasti) if places else None
                call = new_call(frame) if site is None else Call(next_group(), site, "")
            return make(awaited_call(current_call, call, coroutine, tell_end))

        return manager

    def _session_manager(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The same, of ``aiohttp.request()``, which makes a session for itself."""
        recorder = self._recorder

        def manager(coroutine: Any, session: Any) -> Any:
            call = recorder.call(sys._getframe(1))
            return original(awaited_call(recorder.current_call, call, coroutine, self._ended), session)

        return manager

    def _ended(self, call: Call, error: BaseException, *, is_rejected: bool) -> None:
        """A call ended by ``error``, without an attempt where it ``is_rejected``."""
        queued_at = self._connections.queued.pop(call, None)
        if queued_at is not None or (is_rejected and not isinstance(error, asyncio.CancelledError)):
            is_connection = isinstance(error, OSError | aiohttp.ClientConnectionError | asyncio.CancelledError)
            phase = "connect" if is_connection else "request"
            method, url = _method_and_url(error.__traceback__)
            self._recorder.rejected(LIBRARY, method, url, error, phase=phase, started=queued_at)
        call.settle(error)
        if call.last is not None and not call.last.has_response:
            call.last.fail(error)


def _method_and_url(trace: TracebackType | None) -> tuple[str, str]:
    """Method and URL of a call, by the frames that its error has passed."""
    while trace is not None:
        given = trace.tb_frame.f_locals
        if "method" in given and "str_or_url" in given:
            return str(given["method"]).upper(), str(given["str_or_url"])
        trace = trace.tb_next
    return "", ""
