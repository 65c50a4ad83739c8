"""What the installed releases of the libraries do: tests hold the capture to that, with early releases too."""

from importlib.metadata import version

import aiohttp
from aiohttp.http_parser import HttpResponseParser, HttpResponseParserPy
from aiohttp.http_writer import StreamWriter


def release(library: str) -> tuple[int, ...]:
    """The first two numbers of its installed release."""
    return tuple(map(int, version(library).split(".")[:2]))


AIOHTTP_TRIES_AGAIN = release("aiohttp") >= (3, 10)
"""A GET whose connection was closed without a response."""

AIOHTTP_REJECTS_SCHEMES = release("aiohttp") >= (3, 10)
"""A URL that is not HTTP; earlier ones connect, and then do not know to which port."""

AIOHTTP_WRITES_AT_ONCE = hasattr(StreamWriter, "send_headers")
"""The head together with the beginning of the body."""

AIOHTTP_PARSES_IN_C = HttpResponseParser is not HttpResponseParserPy
"""Else its parser is the one in Python, which accepts more and has other words for what it does not accept."""

AIOHTTP_DECODES_ZSTD = release("aiohttp") >= (3, 13)

AIOHTTP_NAMES = {
    name: name if hasattr(aiohttp, name) else early
    for name, early in {
        "ClientConnectorDNSError": "ClientConnectorError",
        "InvalidUrlClientError": "InvalidURL",
    }.items()
}
"""Exceptions of today, and which one is raised in their place."""

REQUESTS_MISSES_BYTES = release("urllib3") >= (2, 0)
"""A body that is shorter than its ``Content-Length`` is an error."""

URLLIB3_WRITES_JSON = release("urllib3") >= (2, 0)
"""By ``json=``, and it has a function ``request`` of its own."""

URLLIB3_DECODES_ZSTD = release("urllib3") >= (2, 0)

HTTPX2_MISSES_BYTES_OF_ZSTD = release("httpx2") > (2, 9)
"""A body in zstd that ends early is an error."""

URLLIB3_READS_AFTER_RESET = version("urllib3") != "1.26.5"
"""It looks for a response where a connection is reset while a request is sent; the oldest does so for EPIPE alone."""

HTTPX_HAS_PROXIES_OF_TLS = release("httpx") >= (0, 26)
"""A proxy that is reached by TLS, with certificates of its own."""
