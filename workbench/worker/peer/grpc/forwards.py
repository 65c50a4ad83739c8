"""Where a rule forwards the channels of gRPC: with TLS or without, as its base URL says."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import finalize

from workbench.loopback import is_loopback
from workbench.worker.peer.network.guard import allowed
from workbench.worker.peer.network.route import unchecked_context

_TIMEOUT = 5.0
"""Seconds in which a server of this machine has to show its certificate."""


@dataclass(frozen=True, slots=True)
class Channels:
    """grpc's own functions: those that open channels, and the one that makes credentials of certificates.

    ``ports`` are those to which its core connects for a captured call.
    """

    plain: Callable[..., Any]
    secure: Callable[..., Any]
    credentials: Callable[..., Any]
    ports: set[int]

    def open(self, base: str, credentials: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """A channel to ``base``, else as the integration asked for; ``credentials`` are None for one without TLS.

        No proxy is asked, and a server of this machine is taken with the certificate that it has, as with other
        libraries.
        """
        parts = urlsplit(base)
        is_secure = parts.scheme in ("https", "grpcs")
        host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        given = [*((args[0] if args else options.pop("options", None)) or ()), ("grpc.enable_http_proxy", 0)]
        if not is_secure:
            return self.plain(target, given, *args[1:], **options)
        if (text := _certificate(host, port) if is_loopback(host) else "") == "":
            return self.secure(target, credentials or self.credentials(), given, *args[1:], **options)
        if (name := _name_in(text, host, port)) is None:
            return self._relayed(host, port, [*given, ("grpc.default_authority", target)], args[1:], options)
        named = [("grpc.ssl_target_name_override", name)] if name else []
        return self.secure(target, self.credentials(text.encode()), [*given, *named], *args[1:], **options)

    def _relayed(self, host: str, port: int, given: list[Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """A channel to a server whose certificate gRPC's core takes in no way."""
        from workbench.worker.peer.grpc.tls_relay import TlsRelay  # few runs need it

        relay = TlsRelay(host, port)
        self.ports.add(relay.port)
        channel = self.plain(f"127.0.0.1:{relay.port}", given, *args, **options)
        finalize(channel, relay.close)
        return channel


def _certificate(host: str, port: int) -> str:
    """The certificate of a server; empty where it shows none."""
    try:
        with allowed():
            return ssl.DER_cert_to_PEM_cert(_shown(host, port, unchecked_context(), of_bytes=True))
    except (OSError, ValueError):
        return ""


def _name_in(text: str, host: str, port: int) -> str | None:
    """A name that the certificate of that server is for, or an empty text; None where it is not valid."""
    try:
        checked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        checked.check_hostname = False
        checked.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        checked.load_verify_locations(cadata=text)
        with allowed():
            names = _shown(host, port, checked, of_bytes=False).get("subjectAltName", ())
    except (OSError, ValueError):
        return None
    return next((value for kind, value in names if kind == "DNS"), "")


def _shown(host: str, port: int, context: ssl.SSLContext, *, of_bytes: bool) -> Any:
    """The certificate that a server shows. Raises :class:`OSError`."""
    with (
        socket.create_connection((host, port), _TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        return secure.getpeercert(of_bytes)
