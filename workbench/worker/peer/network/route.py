"""The connection on which a request goes to the network: through a proxy or not, with TLS or without."""

import os
import socket
import ssl
import sys
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from workbench.domain import Headers
from workbench.loopback import is_loopback
from workbench.worker.peer.network.tls_pipe import through_tls

TIMEOUT = 120.0
"""Seconds that the other server has for each step; the library's own timeout ends the request before."""
_CA_FILES = ("REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE")
_HEAD_LIMIT = 64 * 1024
_OF_CONNECT = ("host", "accept", "user-agent", "connection")
"""Headers of a CONNECT that are not meant for the proxy alone."""


class ProxyRefusal(OSError):
    """A proxy that makes no tunnel: what it said."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy of a library: host and port, or nothing.

    ``context`` is that of TLS with the proxy itself, ``headers`` are those that are sent to it alone.
    """

    address: str = ""
    context: ssl.SSLContext | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: ``url``, through the ``proxy`` where there is one.

    ``is_forward``: a rule sends it there, so that a server of this machine is taken as it is. ``context`` is the
    library's own choice of what to check, where it is known.
    """

    url: str
    proxy: Proxy = Proxy()
    is_forward: bool = False
    context: ssl.SSLContext | None = None

    @property
    def is_secure(self) -> bool:
        """Whether there is TLS at its end."""
        return urlsplit(self.url).scheme in ("https", "grpcs")

    @property
    def host(self) -> str:
        """The host of the URL."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.url).port or (443 if self.is_secure else 80)

    @property
    def target(self) -> str:
        """What stands in the request line: the whole URL for a proxy that makes no tunnel."""
        parts = urlsplit(self.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return f"{parts.scheme}://{parts.netloc}{path}" if self.proxy.address and not self.is_secure else path

    @property
    def proxy_headers(self) -> list[tuple[str, str]]:
        """The headers for the proxy: the library's own, else the credentials that the environment has for it."""
        if own := [header for header in self.proxy.headers if header[0].lower() not in _OF_CONNECT]:
            return own
        pair = _proxy_credentials(self.proxy.address)
        return [("Proxy-Authorization", f"Basic {b64encode(pair.encode()).decode()}")] if pair else []

    def connect(self, timeout: float = TIMEOUT) -> socket.socket:
        """A connection to the host, or to the proxy. Raises :class:`OSError`."""
        if not self.proxy.address:
            return socket.create_connection((self.host, self.port), timeout)
        parts = urlsplit(f"//{self.proxy.address}")
        host, port, context = parts.hostname or "", parts.port or 80, self.proxy.context
        plain = (
            through_tls(host, port, context, TIMEOUT) if context else socket.create_connection((host, port), TIMEOUT)
        )
        if self.is_secure:
            try:
                self._open_tunnel(plain)
            except BaseException:
                plain.close()
                raise
        return plain

    def secure(self, plain: socket.socket) -> socket.socket:
        """The same with TLS where the URL wants it. Raises :class:`OSError`."""
        return _context(self).wrap_socket(plain, server_hostname=self.host) if self.is_secure else plain

    def _open_tunnel(self, plain: socket.socket) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"CONNECT {host}:{self.port} HTTP/1.1", f"Host: {host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.proxy_headers]
        plain.sendall("\r\n".join((*lines, "", "")).encode())
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _HEAD_LIMIT:
            if not (data := plain.recv(1)):  # not a byte of what comes through the tunnel
                break
            head += data
        status = head.partition(b"\r\n")[0].decode("latin-1")
        if status.split()[1:2] != ["200"]:
            raise ProxyRefusal(f"The proxy {self.proxy.address} does not connect: {status or 'it sent nothing'}.")


def _proxy_credentials(proxy: str) -> str:
    """``user:password`` of the proxy in the environment that is this one."""
    for name, value in os.environ.items():
        if name.lower() not in ("http_proxy", "https_proxy", "all_proxy"):
            continue
        parts = urlsplit(value if "://" in value else f"//{value}")
        try:
            is_same = f"{parts.hostname}:{parts.port or 80}" == proxy
        except ValueError:
            continue
        if is_same and parts.username:
            return f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return ""


def unchecked_context() -> ssl.SSLContext:
    """One that accepts any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which reads no certificates
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _context(route: Route) -> ssl.SSLContext:
    """The library's own, else one as strict as Python is, with the person's own certificates."""
    if route.is_forward and is_loopback(route.host):
        return unchecked_context()
    if route.context is not None and not route.is_forward:
        return route.context
    return usual_context()


def usual_context() -> ssl.SSLContext:
    """One as strict as Python is, with the person's own certificates."""
    return _checked(tuple(os.environ.get(name, "") for name in _CA_FILES))


@cache
def _checked(places: tuple[str, ...]) -> ssl.SSLContext:
    """One for all connections: to read the certificates of the system takes a tenth of a second."""
    context = ssl.create_default_context()
    certifi = sys.modules.get("certifi")  # where requests and others have it from
    has_own = context.cert_store_stats()["x509_ca"] > 0
    for place in (*places, "" if has_own or certifi is None else certifi.where()):
        if os.path.isfile(place):  # noqa: PTH113 - a text from the environment
            context.load_verify_locations(place)
        elif place and os.path.isdir(place):  # noqa: PTH112
            context.load_verify_locations(capath=place)
    return context
