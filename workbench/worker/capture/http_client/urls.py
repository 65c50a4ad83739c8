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
    own = getattr(connection, "proxy_info", None)  # httplib2's, whose sockets speak to the proxy by themselves
    if own is not None and own.isgood() and own.applies_to(connection.host):
        return f"{own.proxy_host}:{own.proxy_port}"
    return ""


def pool_url_of(pool: Any, target: str) -> str:
    """The URL of a request that a pool of urllib3 is asked for, before it has a connection."""
    if target.startswith(("http://", "https://")):
        return target
    host = f"[{pool.host}]" if ":" in pool.host and not pool.host.startswith("[") else pool.host
    port = "" if pool.port in (None, _PORTS.get(pool.scheme)) else f":{pool.port}"
    return f"{pool.scheme}://{host}{port}{target if target.startswith('/') else f'/{target}'}"


def pool_proxy_of(pool: Any) -> str:
    """The host and port of the proxy of a pool of urllib3; empty where it has none."""
    proxy = getattr(pool, "proxy", None)
    return f"{proxy.host}:{proxy.port}" if proxy is not None else ""


def host_of(connection: Any) -> str:
    """The URL of the host that is behind the connection."""
    return f"{_base(connection)}/"


def _base(connection: Any) -> str:
    tunnel = getattr(connection, "_tunnel_host", None)
    host, port = (tunnel, connection._tunnel_port) if tunnel else (connection.host, connection.port)
    scheme = "https" if tunnel or connection.default_port == 443 else "http"
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return f"{scheme}://{host}" if port in (None, _PORTS[scheme]) else f"{scheme}://{host}:{port}"
