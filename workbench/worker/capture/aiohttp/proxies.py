"""The proxy that a request of aiohttp asks, and one that it does not, unless a session has ``trust_env=True``."""

import os
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from workbench.loopback import is_loopback

_ALIKE = {"ws": "http", "wss": "https"}
_HEEDED = ("http", "https")
"""Schemes of proxies that ``trust_env=True`` makes aiohttp ask."""


def proxy_of(request: Any) -> str:
    """Host and port of the proxy that a request goes by, or an empty text."""
    return "" if request.proxy is None else f"{request.proxy.host}:{request.proxy.port}"


def ignored_proxy(url: str) -> str:
    """The variable that names a proxy for this URL; empty where none does, or the host is excepted from it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    wanted = f"{_ALIKE.get(parts.scheme, parts.scheme)}_proxy"
    found = {name: value for name, value in os.environ.items() if name.lower() == wanted and value}
    name = wanted if wanted in found else next(iter(found), "")
    if not name or urlsplit(found[name]).scheme not in _HEEDED or is_loopback(host) or proxy_bypass(host):
        return ""
    return name
