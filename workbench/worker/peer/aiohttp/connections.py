"""aiohttp's connection to us, or what it raises where that is not made."""

import asyncio
import re
import ssl
from base64 import b64encode
from functools import partial
from typing import Any

import aiohttp
from aiohttp import connector

from workbench.domain import FailureKind, RuleAction
from workbench.worker.capture.aiohttp.proxies import proxy_of
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.aiohttp.transport import PeerTransport
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.failures import connect_error
from workbench.worker.peer.network.route import Proxy, unchecked_context, usual_context
from workbench.worker.peer.reply import Reply, is_silence
from workbench.worker.peer.waits import LONGEST_WAIT, finished

_OF_PROXY = re.compile(r"(\d{3}), message='([^']*)'")
"""The text of aiohttp's error of a proxy that makes no tunnel."""


async def answered_connection(
    pool: Any, req: Any, engine: AnswerEngine, attempt: Attempt, seconds: float | None
) -> Any:
    """A connection for one request, or what aiohttp raises where that fails. A forward has ``seconds`` to connect."""
    attempt.reused = False
    url = str(req.url)
    reply = engine.unconnected(req.method, url)
    if reply is None and engine.is_forwarded(req.method, url):
        reply = await finished(partial(engine.unforwarded, req.method, url, seconds), engine.in_flight)
    if reply is not None:
        attempt.answered_from(reply.origin)
        await _fail_to_connect(req, attempt, reply)
    loop = asyncio.get_running_loop()
    protocol = pool._factory()
    context = _context_of(pool, req)
    transport = PeerTransport(protocol, loop, engine, attempt, url, _proxy_of(req, context), context)
    protocol.connection_made(transport)
    protocol.force_close()  # each request has a connection of its own
    attempt.connected()
    return connector.Connection(pool, req.connection_key, protocol, loop)


def _context_of(pool: Any, req: Any) -> ssl.SSLContext | None:
    """What the request or its session would check of a certificate; None where both leave that to aiohttp."""
    choice = getattr(pool, "_ssl", True) if req.ssl in (True, None) else req.ssl
    if choice is False:
        return unchecked_context()
    return choice if isinstance(choice, ssl.SSLContext) else None


def _proxy_of(req: Any, context: ssl.SSLContext | None) -> Proxy:
    """The proxy that the request would ask."""
    if req.proxy is None:
        return Proxy()
    headers = list((getattr(req, "proxy_headers", None) or {}).items())
    if (auth := getattr(req, "proxy_auth", None)) is not None:
        headers.append(("Proxy-Authorization", auth.encode()))
    elif req.proxy.user is not None:
        pair = f"{req.proxy.user}:{req.proxy.password or ''}".encode()
        headers.append(("Proxy-Authorization", f"Basic {b64encode(pair).decode()}"))
    is_secure = req.proxy.scheme == "https"
    return Proxy(proxy_of(req), (context or usual_context()) if is_secure else None, tuple(headers))


async def _fail_to_connect(req: Any, attempt: Attempt, reply: Reply) -> None:
    """Raise as aiohttp does. A timeout is the caller's own; where there is none it is the connection's."""
    failure = reply.failure
    if failure is None or is_silence(failure):
        has_waited = reply.rule is not None and reply.rule.action is RuleAction.FORWARD
        await asyncio.sleep(0 if has_waited else LONGEST_WAIT)
        raise TimeoutError
    attempt.phase = failure.phase
    key = req.connection_key
    error = connect_error(failure, (key.host, key.port))
    if failure.kind is FailureKind.NAME_NOT_FOUND:
        kind = getattr(aiohttp, "ClientConnectorDNSError", aiohttp.ClientConnectorError)
        raise kind(key, error) from error
    if failure.kind is FailureKind.PROXY and (said := _OF_PROXY.match(failure.message)):
        raise aiohttp.ClientHttpProxyError(req.request_info, (), status=int(said[1]), message=said[2])
    if isinstance(error, ssl.SSLCertVerificationError):
        raise aiohttp.ClientConnectorCertificateError(key, error) from error
    if isinstance(error, ssl.SSLError):
        raise aiohttp.ClientConnectorSSLError(key, error) from error
    raise aiohttp.ClientConnectorError(key, error) from error
