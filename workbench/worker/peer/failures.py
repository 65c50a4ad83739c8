"""Failures of a connection as the exceptions that the operating system and Python's modules raise."""

import errno
import os
import re
import socket
import ssl

from workbench.domain import ExchangeError, FailureKind

_OF_SSL = re.compile(r"\[SSL[^\[]*\(_ssl\.c:\d+\)")
"""What Python writes of an error of OpenSSL, wherever a library puts it."""

_OF_ASYNCIO = re.compile(r"Connect call failed \([^)]*\)|Multiple exceptions: .*(?=\]$)")
"""What asyncio writes of a connection that nobody accepts; a blocking socket has the system's own words."""


def connect_error(failure: ExchangeError, address: tuple[str, int] | None = None) -> OSError:
    """The exception of a connection that was not made: name, TCP or TLS; with its ``address`` as asyncio words it."""
    match failure.kind:
        case FailureKind.NAME_NOT_FOUND:
            return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        case FailureKind.REFUSED:
            said = _OF_ASYNCIO.search(failure.message)
            own = f"Connect call failed {address!r}" if address else os.strerror(errno.ECONNREFUSED)
            return OSError(errno.ECONNREFUSED, said[0] if said else own)
        case FailureKind.PROXY:
            error = OSError(failure.message)
            error.of_proxy = True  # type: ignore[attr-defined]
            return error
        case FailureKind.CERTIFICATE:
            return _certificate_error(failure.message)
        case FailureKind.TLS:
            said = _OF_SSL.search(failure.message)
            return ssl.SSLError(1, said[0] if said else "[SSL] record layer failure (_ssl.c:1032)")
        case FailureKind.TIMEOUT:
            return TimeoutError("timed out")
        case FailureKind.DISCONNECTED | FailureKind.CUT:
            return _os_error(errno.ECONNRESET)
    return _os_error(errno.EHOSTUNREACH)


def is_of_proxy(error: OSError) -> bool:
    """Whether it is of a proxy that made no tunnel, to which there was a connection then."""
    return getattr(error, "of_proxy", False)


def is_reset(failure: ExchangeError) -> bool:
    """Whether a connection that broke was reset, not closed."""
    if failure.kind not in (FailureKind.DISCONNECTED, FailureKind.CUT, FailureKind.OTHER):
        return False
    return "reset" in failure.message.lower() or failure.type in ("ClientOSError", "ReadError", "ConnectionResetError")


def reset_error() -> OSError:
    """The exception of a connection that the server has reset."""
    return _os_error(errno.ECONNRESET)


def broken_pipe() -> OSError:
    """The exception of what is sent to a server that has closed the connection before."""
    return _os_error(errno.EPIPE)


def _os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _certificate_error(message: str) -> ssl.SSLCertVerificationError:
    """One with the reason that was recorded, as OpenSSL words it."""
    reason = message.partition("certificate verify failed: ")[2].partition(" (_ssl.c")[0] or "self-signed certificate"
    said = _OF_SSL.search(message)
    text = said[0] if said else f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {reason} (_ssl.c:1032)"
    made = ssl.SSLCertVerificationError(1, text)
    made.verify_message, made.reason, made.library = reason, "CERTIFICATE_VERIFY_FAILED", "SSL"
    made.verify_code = 18
    return made
