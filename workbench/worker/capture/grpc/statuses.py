"""What the statuses of gRPC mean, by their name and by the words of its C core."""

from workbench.domain import FailureKind

_KINDS = {
    "CANCELLED": FailureKind.CANCELLED,
    "DEADLINE_EXCEEDED": FailureKind.TIMEOUT,
    "UNAVAILABLE": FailureKind.UNREACHABLE,
}
_LOST = (
    "socket closed",
    "stream removed",
    "connection reset",
    "connection closed",
    "connection dropped",
    "connection lost",
    "broken pipe",
    "end of tcp stream",
    "goaway",
    "keepalive",
    "transport closed",
    "transport is closing",
    "rst_stream",
    "recvmsg",
    "sendmsg",
    "endpoint read failed",
    "channel closed",
)
"""What the core says of a connection that was lost."""
_REASONS = (
    ("dns", FailureKind.NAME_NOT_FOUND, "dns"),
    ("resolution", FailureKind.NAME_NOT_FOUND, "dns"),
    ("resolving", FailureKind.NAME_NOT_FOUND, "dns"),
    ("connection refused", FailureKind.REFUSED, "connect"),
    ("hostname verification", FailureKind.CERTIFICATE, "tls"),
    ("certificate", FailureKind.CERTIFICATE, "tls"),
    ("handshake", FailureKind.TLS, "tls"),
    ("http proxy returned", FailureKind.PROXY, "connect"),
    ("failed to connect", FailureKind.UNREACHABLE, "connect"),
    *((words, FailureKind.DISCONNECTED, "wait") for words in _LOST),
    ("", FailureKind.STATUS, "wait"),
)
"""What the core says of an unavailable server, what that means; the first that fits. All else are words of servers."""


def failure_of_status(name: str, message: str) -> tuple[FailureKind, str]:
    """The kind and the phase of a failure."""
    kind = _KINDS.get(name, FailureKind.STATUS)
    if kind is not FailureKind.UNREACHABLE:
        return kind, "wait"
    return next((found, phase) for word, found, phase in _REASONS if word in message.lower())
