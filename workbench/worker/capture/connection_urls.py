"""The URL of a request on a connection of ``http.client``."""

from typing import Any

_PORTS = {"http": 80, "https": 443}


def url_of(connection: Any, target: str) -> str:
    """The URL of a request for ``target``; a proxy is asked for a whole URL already."""
    if target.startswith(("http://", "https://")):
        return target
    return _base(connection) + (target if target.startswith("/") else f"/{target}")


def proxy_of(connection: Any, target: str = "") -> str:
    """The host and port of the proxy through which a request for ``target`` goes; empty where there is none."""
    if getattr(connection, "_tunnel_host", None) or target.startswith(("http://", "https://")):
        return f"{connection.host}:{connection.port}"
    return ""


def host_of(connection: Any) -> str:
    """The URL of the host that is behind the connection."""
    return f"{_base(connection)}/"


def _base(connection: Any) -> str:
    tunnel = getattr(connection, "_tunnel_host", None)
    host, port = (tunnel, connection._tunnel_port) if tunnel else (connection.host, connection.port)
    scheme = "https" if tunnel or connection.default_port == 443 else "http"
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"{scheme}://{host}" if port in (None, _PORTS[scheme]) else f"{scheme}://{host}:{port}"
