"""Which pages of a browser may read the mock's answers: those that this machine serves, such as a front end."""

from urllib.parse import urlsplit

from aiohttp import web

from workbench.loopback import is_loopback

_OF_ALL = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


def is_local(host: str) -> bool:
    """Whether a host of a URL is this machine; browsers take all names below ``localhost`` for it."""
    return is_loopback(host.strip("[]")) or host.lower().endswith(".localhost")


def local_origin(asked: web.Request) -> str:
    """The origin of the page that asks; empty where it is none of this machine, or no page asks."""
    origin = asked.headers.get("Origin", "")
    try:
        return origin if is_local(urlsplit(origin).hostname or "") else ""
    except ValueError:  # it is no URL
        return ""


def is_preflight(asked: web.Request) -> bool:
    """Whether a browser asks what a page of this machine may send."""
    is_asking = asked.method == "OPTIONS" and "Access-Control-Request-Method" in asked.headers
    return is_asking and bool(local_origin(asked))


def permitted(asked: web.Request, origin: str) -> dict[str, str]:
    """The headers that let a page of ``origin`` send the request and read its answer."""
    headers = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
    if asked.method == "OPTIONS":
        wanted = asked.headers.get("Access-Control-Request-Headers", "")
        headers |= {"Access-Control-Allow-Methods": _OF_ALL, "Access-Control-Allow-Headers": wanted or "*"}
    else:
        headers["Access-Control-Expose-Headers"] = "*"
    return headers
