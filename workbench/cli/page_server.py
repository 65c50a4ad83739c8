"""The server of the pages: waitress, with limits on unfinished connections and on readers that do not read."""

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.wasyncore import loop

_MOST_WAITING = 96
"""Connections that are not served at the moment: half-sent requests, and those that browsers keep open."""
_HEAD = 5.0
"""Seconds for the head of a request, and for the first byte of a new connection."""
_BODY = 15.0
"""Seconds between two pieces of a body."""
_IDLE = 60.0
"""Seconds for which a connection that was served is kept open."""
_STALLED = 20.0
"""Seconds in which a reader takes nothing of what was sent; a page that follows a run then reconnects by itself."""


class PageChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection, which knows since when it waits for a request."""

    served = 0
    began = 0.0
    """When the request that is being received began."""

    def received(self, data: bytes) -> bool:
        """Take what arrived."""
        if self.request is None:
            self.began = time.time()
        taken: bool = super().received(data)
        self.served += self.request is None
        return taken

    @property
    def waits(self) -> bool:
        """Whether it is not served at the moment."""
        return not (self.requests or self.total_outbufs_len)

    def overdue(self, now: float) -> bool:
        """Whether it took too long: to send a request, or to read a response."""
        quiet: float = now - self.last_activity
        if not self.waits:
            return quiet > _STALLED and bool(self.total_outbufs_len)
        if self.request is None:
            return quiet > (_IDLE if self.served else _HEAD)
        return quiet > _BODY if self.request.headers_finished else now - self.began > _HEAD

    def end(self) -> None:
        """Close it, whatever its peer does: the loop then finds the socket ready, and lets go of it."""
        self.will_close = True
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class PageServer(TcpWSGIServer):  # type: ignore[misc]
    """A server on a socket that listens. Where too many connections wait, the one unheard for longest is closed."""

    channel_class = PageChannel
    active_channels: dict[int, PageChannel]

    def __init__(
        self, application: object, connections: dict[int, object], listener: socket.socket, **more: Any
    ) -> None:
        adjustments = Adjustments(
            sockets=[listener],
            ident=None,
            cleanup_interval=1,
            log_socket_errors=False,
            outbuf_overflow=256 * 1024,
            outbuf_high_watermark=256 * 1024,
            channel_request_lookahead=1,
            **more,
        )
        info = listener.family, listener.type, listener.proto, listener.getsockname()
        super().__init__(application, connections, True, listener, adj=adjustments, bind_socket=False, sockinfo=info)

    def serve_until(self, is_over: Callable[[], bool]) -> None:
        """Serve, and look before each wait whether it is over; ``pull_trigger`` ends a wait."""
        while self._map and not is_over():
            loop(self.adj.asyncore_loop_timeout, self.adj.asyncore_use_poll, self._map, count=1)

    def end_threads(self) -> None:
        """Let the requests that are served come to their end, for five seconds at most."""
        self.task_dispatcher.shutdown()

    def handle_accept(self) -> None:
        """Take a connection, and close another where too many wait."""
        super().handle_accept()
        waiting = [channel for channel in self.active_channels.values() if channel.waits and not channel.will_close]
        if len(waiting) > _MOST_WAITING:
            min(waiting, key=lambda channel: (channel.served > 0, channel.last_activity)).end()

    def maintenance(self, now: float) -> None:
        """Close what took too long; called about once a second."""
        for channel in list(self.active_channels.values()):
            if not channel.will_close and channel.overdue(now):
                channel.end()
