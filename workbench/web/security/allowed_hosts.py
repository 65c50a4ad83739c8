"""The host names that the workbench accepts: the guard against DNS rebinding, in front of everything else.

A page of another site can make a browser connect to 127.0.0.1 under a name of its own; the ``Host`` header then carries
that name. So only the addresses that the workbench is bound to are accepted, with the port, compared exactly.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from workbench.web.security.response_headers import BASE_HEADERS

_WILDCARDS = {"0.0.0.0", "::", ""}  # noqa: S104 - recognised here, never bound
_LOOPBACK = {"127.0.0.1", "localhost"}


class AllowedHosts:
    """The values of ``Host`` that are accepted. ``host`` and ``port`` are what the server is bound to.

    On a wildcard address every IP address is accepted as well: a rebinding attack needs a name, never an address.
    """

    def __init__(self, host: str, port: int) -> None:
        self._suffix = f":{port}"
        self._port = port
        self._any_address = host in _WILDCARDS
        names = set(_LOOPBACK)
        if host not in _WILDCARDS:
            names.add(f"[{host}]" if ":" in host else host.lower())
        if host == "::1":
            names.discard("127.0.0.1")
        self._names = frozenset(names)

    def admits(self, host: str | None) -> bool:
        """Whether a ``Host`` header with that value is one of ours."""
        name = self._name(host or "")
        return name is not None and (name in self._names or (self._any_address and _is_address(name)))

    def _name(self, host: str) -> str | None:
        if host.endswith(self._suffix):
            return host.removesuffix(self._suffix).lower()
        return host.lower() if self._port == 80 and ":" not in host.rpartition("]")[2] else None


def _is_address(name: str) -> bool:
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        address = ip_address(bare)
    except ValueError:
        return False
    return (address.version == 6) == (bare != name)


class HostGuard:
    """WSGI middleware that responds with 400 to every other ``Host``, before any other code runs."""

    def __init__(self, app: "WSGIApplication", allowed: AllowedHosts) -> None:
        self._app = app
        self._allowed = allowed

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._allowed.admits(environ.get("HTTP_HOST")):
            return self._app(environ, start_response)
        body = b"The workbench rejects this host name. Open the launch link in its terminal.\n"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("400 Bad Request", headers + list(BASE_HEADERS.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
