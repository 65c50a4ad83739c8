"""What failed between a handler and the proxy on its way to a server, in words."""

import re
from http import HTTPStatus

from workbench.domain import Exchange, FailureKind
from workbench.explain.http import answer_origins
from workbench.explain.text import Part, code, shorten

type _Words = tuple[str | Part, ...]

_NOT_BY_PROXY = (FailureKind.CERTIFICATE, FailureKind.INVALID_REQUEST)
"""Failures that a proxy would not change."""
_CREDENTIALS = "http://USER:PASSWORD@HOST:PORT"


def why(exchange: Exchange, host: Part, late: str) -> _Words | None:
    """Why a request failed at its proxy; None where it has none, or failed behind it.

    ``late`` are the words for a limit of time.
    """
    error = exchange.error
    if error is None or not (exchange.proxy or error.kind is FailureKind.PROXY):
        return None
    proxy: _Words = ("the proxy ", code(exchange.proxy, 60)) if exchange.proxy else ("its proxy",)
    if error.kind is FailureKind.PROXY:
        return (*proxy, " did not connect to ", host, f" ({_answer(error.message)})")
    if error.kind is FailureKind.DISCONNECTED and error.phase in ("connect", "tls"):
        return (*proxy, " closed the connection without a response")
    if error.phase == "dns":
        return (*proxy, " was not found")
    if error.phase != "connect":
        return None
    if error.is_timeout:
        return (*proxy, f" did not accept the connection {late}")
    if error.kind is FailureKind.REFUSED:
        return ("nothing listens at ", *proxy)
    return ("no connection to ", *proxy, f" ({shorten(error.message, 120)})")


def ignored(exchange: Exchange) -> str:
    """Says that no proxy was asked for a connection that failed, although the environment names one; else empty."""
    error = exchange.error
    if (
        not exchange.ignored_proxy
        or error is None
        or error.kind in _NOT_BY_PROXY
        or answer_origins.is_changed(exchange)
    ):
        return ""
    variable = shorten(exchange.ignored_proxy, 60)
    return f"{variable} is set, but {exchange.library} uses it only with trust_env=True"


def what_to_do(exchange: Exchange) -> _Words:
    """What makes the proxy accept the request, where that is known."""
    error = exchange.error
    if told := ignored(exchange):
        return (f" {told}.",)
    if error is None or error.kind is not FailureKind.PROXY or _status(error.message) != 407:
        return ()
    return (" Put the user and the password into its URL: ", code(_CREDENTIALS), ".")


def _answer(message: str) -> str:
    """What a proxy answered to a CONNECT: its status, else the library's own words."""
    status = _status(message)
    known = next((each for each in HTTPStatus if each == status), None)
    return f"{known.value} {known.phrase}" if known else shorten(message, 120)


def _status(message: str) -> int:
    found = re.search(r"\b[45]\d\d\b", message)
    return int(found[0]) if found else 0
