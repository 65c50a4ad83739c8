"""What an exception of a handler is about."""

import asyncio
import json
import socket

import aiohttp
import websocket
import websockets
from autohive_integrations_sdk import HTTPError, RateLimitError

from tests.case_tables import each_case
from workbench.domain import ErrorKind
from workbench.worker.error_kinds import kind_of


@each_case(
    ("error", "kind"),
    [
        (ValueError("x"), ErrorKind.HANDLER),
        (json.JSONDecodeError("no", "x", 0), ErrorKind.HANDLER),
        (TimeoutError(), ErrorKind.TIMEOUT),
        (asyncio.CancelledError(), ErrorKind.HANDLER),
        (aiohttp.ServerTimeoutError(), ErrorKind.TIMEOUT),
        (aiohttp.ServerDisconnectedError(), ErrorKind.NETWORK),
        (ConnectionResetError(), ErrorKind.NETWORK),
        (socket.gaierror(-2, "no"), ErrorKind.NETWORK),
        (HTTPError(500, "no"), ErrorKind.NETWORK),
        (websocket.WebSocketConnectionClosedException("no"), ErrorKind.NETWORK),
        (websocket.WebSocketTimeoutException("no"), ErrorKind.TIMEOUT),
        (websockets.InvalidMessage("no"), ErrorKind.NETWORK),
        (RateLimitError(3, 429, "no"), ErrorKind.RATE_LIMIT),
    ],
)
def test_the_classes_of_an_exception_decide(error: BaseException, kind: ErrorKind) -> None:
    assert kind_of(error) is kind
