"""The kind of a handler's exception, from the classes that it derives from."""

import json

from workbench.domain import ErrorKind
from workbench.worker.sdk import PACKAGE, class_names

_CLIENTS = (
    "aiohttp",
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "requests",
    "urllib3",
    "urllib",
    "httplib2",
    "http",
    "grpc",
    "botocore",
    "websocket",
    "websockets",
    "ssl",
)
"""Packages whose exceptions are network errors."""


def kind_of(error: BaseException | None) -> ErrorKind:
    """The kind; ``HANDLER`` by default. A timeout of a client is a ``TIMEOUT``."""
    if isinstance(error, json.JSONDecodeError):  # those of HTTP clients derive from their own errors too
        return ErrorKind.HANDLER
    classes = class_names(type(error))
    if (PACKAGE, "RateLimitError") in classes:
        return ErrorKind.RATE_LIMIT
    if (PACKAGE, "HTTPError") in classes:
        return ErrorKind.NETWORK
    if isinstance(error, TimeoutError) or any(top in _CLIENTS and "Timeout" in name for top, name in classes):
        return ErrorKind.TIMEOUT
    if isinstance(error, ConnectionError) or any(top in _CLIENTS or top == "socket" for top, _ in classes):
        return ErrorKind.NETWORK
    return ErrorKind.HANDLER
