"""The proxy through which the C core of gRPC connects, by the rules of its ``http_proxy_mapper``."""

import ipaddress
import os
from urllib.parse import urlsplit

_PROXIES = ("grpc_proxy", "https_proxy", "http_proxy")
_EXCEPTIONS = ("no_grpc_proxy", "no_proxy")


def proxy_of(url: str) -> str:
    """The host and port of the proxy for a URL such as ``grpcs://api.example.com:443``; empty where it asks none."""
    value = next((found for name in _PROXIES if (found := os.environ.get(name))), "")
    try:
        proxy, host = urlsplit(value if "://" in value else f"http://{value}"), urlsplit(url).hostname or ""
        if not value or proxy.scheme != "http" or not proxy.hostname or _is_excepted(host):
            return ""
        return f"{proxy.hostname}:{proxy.port or 80}"
    except ValueError:
        return ""


def _is_excepted(host: str) -> bool:
    """Whether ``no_proxy`` names the host, its domain, or a network that has its address."""
    listed = next((found for name in _EXCEPTIONS if (found := os.environ.get(name)) is not None), "")
    for entry in filter(None, (each.strip().lower().removeprefix(".") for each in listed.split(","))):
        if host == entry or host.endswith(f".{entry}") or _has_address(entry, host):
            return True
    return False


def _has_address(network: str, host: str) -> bool:
    try:
        return "/" in network and ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
