"""Connections of ``http.client``: what is under way on one, and what the data is that it sends."""

import errno
from collections.abc import Iterable
from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.chunked_body import ChunkedBody

WIRE = "_workbench_wire"
"""Attribute of a connection: its :class:`Wire`. No class has it: Python finds fast what the object alone has."""


_GOES_ON = (errno.EPIPE, errno.ECONNRESET, errno.EPROTOTYPE)
"""Errors of sending after which urllib3 reads the response all the same."""


class Wire:
    """One connection: the attempt that is under way on it, and how far its request is sent.

    ``behind`` are method, URL and proxy of the request for which a tunnel is made. ``takes_body`` says that the head is
    sent. ``base`` is the URL of the host where a request went to it without a proxy. ``responds`` says that the next
    response in this context is read from it.
    """

    __slots__ = ("attempt", "base", "behind", "chunks", "connecting", "responds", "takes_body", "used")

    def __init__(self) -> None:
        self.attempt: Attempt | None = None
        self.behind: tuple[str, str, str] | None = None
        self.takes_body = self.used = self.connecting = self.responds = False
        self.chunks: ChunkedBody | None = None
        self.base = ""


def is_body(wire: Wire) -> bool:
    """Whether what is sent next is the body of a request, not the head of one."""
    attempt = wire.attempt
    return wire.takes_body and attempt is not None and not attempt.over and not attempt.has_response


def wire_of(connection: Any) -> Wire:
    wire: Wire | None = getattr(connection, WIRE, None)
    if wire is None:
        wire = Wire()
        setattr(connection, WIRE, wire)
    return wire


def has_buffer(data: Any) -> bool:
    try:
        memoryview(data)
    except TypeError:
        return False
    return True


def blocks_of(connection: Any, file: Any) -> Iterable[bytes]:
    """A file's content as ``http.client`` sends it."""
    is_text = connection._is_textIO(file)
    while block := file.read(connection.blocksize):
        yield block.encode("iso-8859-1") if is_text else block


def not_sent(connection: Any, error: BaseException) -> None:
    """End the attempt that could not be sent, but where the response is read all the same."""
    wire: Wire | None = getattr(connection, WIRE, None)
    is_read = isinstance(error, OSError) and error.errno in _GOES_ON
    if is_read and any(base.__module__.startswith("urllib3.") for base in type(connection).__mro__):
        return
    if wire is not None and wire.attempt is not None:
        if wire.attempt.phase == "wait" and not wire.attempt.has_response:
            wire.attempt.phase = "send"
        wire.attempt.fail(error)
