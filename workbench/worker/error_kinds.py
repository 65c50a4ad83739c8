"""The kind of a handler's exception, from the classes that it derives from."""

import json

from workbench.domain import ErrorKind

_CLIENTS = (
    "aiohttp",
    "httpx",
    "httpcore",
    "requests",
    "urllib3",
    "urllib",
    "httplib2",
    "http",
    "grpc",
    "botocore",
    "ssl",
)
"""Packages whose exceptions are network errors."""
_SDK = "autohive_integrations_sdk"


def kind_of(error: BaseException | None) -> ErrorKind:
    """The kind; ``HANDLER`` by default. A timeout of a client is a ``TIMEOUT``."""
    if isinstance(error, json.JSONDecodeError):  # those of HTTP clients derive from their own errors too
        return ErrorKind.HANDLER
    classes = [(_top_package(each), each.__name__) for each in type(error).__mro__]
    if (_SDK, "RateLimitError") in classes:
        return ErrorKind.RATE_LIMIT
    if (_SDK, "HTTPError") in classes:
        return ErrorKind.NETWORK
    if isinstance(error, TimeoutError) or any(top in _CLIENTS and "Timeout" in name for top, name in classes):
        return ErrorKind.TIMEOUT
    if isinstance(error, ConnectionError) or any(top in _CLIENTS or top == "socket" for top, _ in classes):
        return ErrorKind.NETWORK
    return ErrorKind.HANDLER


def _top_package(cls: type) -> str:
    """The package that ``cls`` says it is of, empty for none: a class made by hand may have any value there."""
    module: object = getattr(cls, "__module__", "")
    return module.partition(".")[0] if isinstance(module, str) else ""
