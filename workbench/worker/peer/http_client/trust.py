"""What a connection of ``http.client`` trusts, and its proxy, for a request of a replay that goes to the network."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from workbench.domain import Headers
from workbench.worker.peer.network.route import Proxy, unchecked_context, usual_context

_FILES = ("ca_certs", "ca_cert_dir", "ca_cert_data", "cert_file", "key_file", "key_password")


@dataclass(frozen=True, slots=True)
class ConnectionTrust:
    """The facts of one connection, without the connection: a context takes time to make, and most need none.

    ``own`` is its own context, ``files`` are those that urllib3 loads into it as it connects. ``proxy_context`` is that
    of a proxy that is ``proxy_secure``, ``proxy_headers`` go to the proxy alone.
    """

    is_unchecked: bool = False
    checks_host: bool = True
    own: ssl.SSLContext | None = None
    files: tuple[Any, ...] = ()
    proxy_secure: bool = False
    proxy_context: ssl.SSLContext | None = None
    proxy_headers: Headers = ()

    def context(self) -> ssl.SSLContext | None:
        """What would check a certificate; None where the connection leaves that to the library's defaults."""
        if self.is_unchecked:
            return unchecked_context()
        if not any(self.files):
            return self.own
        ca_file, ca_folder, ca_data, certificate, key, password = self.files
        context = self.own or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with suppress(OSError):  # the library says so where it connects by itself
            if ca_file or ca_folder or ca_data:
                context.load_verify_locations(ca_file, ca_folder, ca_data)
            elif self.own is None:
                context.load_default_certs()
            if certificate:
                context.load_cert_chain(certificate, key, password)
        if not self.checks_host:
            context.check_hostname = False
        return context

    def proxy(self, address: str, context: ssl.SSLContext | None) -> Proxy:
        """The proxy at ``address``, none where that is empty; ``context`` is that of the connection."""
        if not address:
            return Proxy()
        own = (self.proxy_context or context or usual_context()) if self.proxy_secure else None
        return Proxy(address, own, self.proxy_headers)


def trust_of(connection: Any) -> ConnectionTrust:
    """The facts of a connection of ``http.client``, urllib3 or httplib2."""
    own = getattr(connection, "ssl_context", None) or getattr(connection, "_context", None)
    of_pool = hasattr(connection, "ca_cert_dir")  # of urllib3; httplib2 has made its context of its files
    unchecked = getattr(connection, "disable_ssl_certificate_validation", False)  # httplib2's
    headers = getattr(connection, "_tunnel_headers", None) or {}
    return ConnectionTrust(
        is_unchecked=unchecked or getattr(connection, "cert_reqs", None) in (ssl.CERT_NONE, "CERT_NONE", "NONE"),
        checks_host=getattr(connection, "assert_hostname", None) is not False,
        own=own if isinstance(own, ssl.SSLContext) else None,
        files=tuple(getattr(connection, name, None) for name in _FILES) if of_pool else (),
        proxy_secure=getattr(getattr(connection, "proxy", None), "scheme", "") == "https",
        proxy_context=getattr(getattr(connection, "proxy_config", None), "ssl_context", None),
        proxy_headers=tuple((str(name), str(value)) for name, value in headers.items()),
    )
