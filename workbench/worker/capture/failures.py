"""What kind of failure ended an exchange, from the classes of the exception and of what is behind it."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress

from workbench.domain import FailureKind
from workbench.worker.text import text_of

_MOST = 20
_NO_FREE_CONNECTION = "EmptyPoolError"
"""urllib3's, where all connections of its pool are in use for too long."""
_UNDECODABLE = "Can not decode content-encoding"
"""Words of aiohttp, whose early releases drop the exception of the decoder."""
_OF_PROXY = ("ClientHttpProxyError", "ProxyError", "GeneralProxyError")
_NO_TUNNEL = "Tunnel connection failed"
"""What ``http.client`` writes where a proxy answers a CONNECT with an error."""
_ENDED_IN_HTTP_2 = ("<StreamReset", "<ConnectionTerminated")
"""Events of h2, which httpcore makes its errors of."""
_OF_FILES = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
_DECODERS = ("zlib.error", "brotli.error", "brotlicffi._api.error")
_NAMES = {
    FailureKind.OTHER: ("NoRecordedAnswer",),
    FailureKind.NAME_NOT_FOUND: ("NameResolutionError", "ServerNotFoundError", "ClientConnectorDNSError"),
    FailureKind.UNDECODABLE: (
        "DecodeError",
        "DecodingError",
        "ContentEncodingError",
        "FailedToDecompressContent",
        "ZstdError",
    ),
    FailureKind.CUT: ("IncompleteRead", "ContentLengthError", "TransferEncodingError"),
    FailureKind.DISCONNECTED: ("RemoteDisconnected", "ServerDisconnectedError"),
    FailureKind.INVALID_REQUEST: ("UnsupportedProtocol", "LocalProtocolError", "InvalidURL", "LocationValueError"),
    FailureKind.NOT_HTTP: ("BadStatusLine", "UnknownProtocol", "LineTooLong", "BadHttpMessage"),
}


def kind_of_failure(error: BaseException, phase: str) -> FailureKind:
    """The kind of the failure ``error`` in ``phase`` (one of :class:`workbench.domain.ExchangeError`)."""
    chain = list(_chain(error))
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt | SystemExit | GeneratorExit):
        return FailureKind.CANCELLED
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return FailureKind.TIMEOUT
    if any(type(one).__name__ == _NO_FREE_CONNECTION for one in chain):
        return FailureKind.TIMEOUT
    if not isinstance(error, Exception | BaseExceptionGroup):  # GreenletExit of gevent, Cancelled of trio
        return FailureKind.CANCELLED
    if phase == "request":
        return FailureKind.INVALID_REQUEST
    return _of_chain(chain) or _of_phase(chain, phase)


def phase_of_failure(kind: FailureKind, phase: str) -> str:
    """The phase that a failure of that kind belongs to, where the library noticed it in ``phase``."""
    if kind is FailureKind.NAME_NOT_FOUND:
        return "dns"  # libraries that do both look the name up as a part of connecting
    if kind is FailureKind.PROXY:
        return "connect"  # aiohttp asks for a tunnel while it makes the connection
    if kind is FailureKind.UNDECODABLE:
        return "receive"  # aiohttp decodes the first bytes before it hands over the head
    if kind is FailureKind.INVALID_REQUEST and phase == "connect":
        return "request"  # nothing of it could be sent
    if kind is FailureKind.TIMEOUT and phase == "request":
        return "connect"  # no connection of the library's pool was free
    return phase


def _of_chain(chain: list[BaseException]) -> FailureKind | None:
    if any(isinstance(one, socket.gaierror) for one in chain):
        return FailureKind.NAME_NOT_FOUND
    if any(isinstance(one, ssl.SSLCertVerificationError) or "Certificate" in type(one).__name__ for one in chain):
        return FailureKind.CERTIFICATE
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return FailureKind.REFUSED
    if any(type(one).__name__ in _OF_PROXY or text_of(one).startswith(_NO_TUNNEL) for one in chain):
        return FailureKind.PROXY
    if any(name_of(one) in _DECODERS for one in chain) or _UNDECODABLE in text_of(chain[0]):
        return FailureKind.UNDECODABLE
    names = {base.__name__ for one in chain for base in type(one).__mro__}
    return next((kind for kind, known in _NAMES.items() if not names.isdisjoint(known)), None)


def _of_phase(chain: list[BaseException], phase: str) -> FailureKind:
    if phase == "tls":
        return FailureKind.TLS
    text = text_of(chain[0])
    if phase == "send" and any(_is_of_data(one) for one in chain):
        return FailureKind.OTHER
    is_broken = any(isinstance(one, OSError | EOFError) for one in chain) or "without sending" in text
    is_broken = is_broken or "disconnected" in text.lower() or text.startswith(_ENDED_IN_HTTP_2)
    if phase in ("connect", "send") and not is_broken:
        is_rejected = any(isinstance(one, ValueError | TypeError | OverflowError) for one in chain)
        return FailureKind.INVALID_REQUEST if is_rejected else FailureKind.OTHER
    if phase in ("dns", "connect"):
        return FailureKind.UNREACHABLE if phase == "connect" else FailureKind.NAME_NOT_FOUND
    if phase == "receive":
        return FailureKind.CUT
    return FailureKind.DISCONNECTED if is_broken else FailureKind.NOT_HTTP


def _is_of_data(error: BaseException) -> bool:
    """Whether it is one that a file raises which is sent, and no connection."""
    return isinstance(error, _OF_FILES) or (type(error) is OSError and error.errno is None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what is behind it: its cause, its context, and exceptions that it holds."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending and len(seen) < _MOST:
        one = pending.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        pending += [one.__cause__, one.__context__, *one.args]
        with suppress(Exception):  # code of the integration's
            pending.append(getattr(one, "reason", None))
        pending += one.exceptions if isinstance(one, BaseExceptionGroup) else ()


def name_of(error: BaseException) -> str:
    """The name of its class, with that of its module where it is but ``error``."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}" if kind.__qualname__ == "error" else kind.__qualname__


def message_of(error: BaseException) -> str:
    """Its text, or words where it has none."""
    if text := text_of(error):
        return text
    if isinstance(error, TimeoutError):
        return "The request timed out."
    return "The request was cancelled." if isinstance(error, asyncio.CancelledError) else repr(error)
