"""What early releases of aiohttp do not tell: before 3.10 how they connect, before 3.13 the raw size of a body."""

import ssl
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import connector
from aiohttp.http_parser import DeflateBuffer

from workbench.worker.capture.aiohttp.streams import ATTEMPT, COUNTS_RAW_SIZE
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

OPENS_SOCKETS = tuple(map(int, aiohttp.__version__.split(".")[:2])) < (3, 10)
"""Whether the event loop connects and speaks TLS in one call; later releases let aiohappyeyeballs connect before."""


def hook_early_release(patches: Patches, recorder: Recorder) -> None:
    """Replace what only early releases need. Raises :class:`HookMissing`, all undone."""
    if OPENS_SOCKETS:
        patches.replace(connector.TCPConnector, "_wrap_create_connection", lambda original: _timed(original, recorder))
        patches.replace(ssl.SSLContext, "wrap_bio", lambda original: _begun_tls(original, recorder))
    if not COUNTS_RAW_SIZE:
        patches.replace(DeflateBuffer, "feed_data", _counted)


def _timed(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    async def create(pool: Any, *args: Any, **options: Any) -> Any:
        attempt = recorder.current.get()
        if attempt is None:
            return await original(pool, *args, **options)
        attempt.enter("connect")
        made = await original(pool, *args, **options)
        if attempt.phase == "connect":
            attempt.leave("connect")
        return made

    return create


def _begun_tls(original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    """The event loop makes this object of TLS once TCP is connected, in the context of the task that asked."""

    def wrap_bio(context: Any, *args: Any, **options: Any) -> Any:
        attempt = recorder.current.get()
        if attempt is not None and attempt.phase == "connect":
            attempt.leave("connect")
            attempt.enter("tls")
        return original(context, *args, **options)

    return wrap_bio


def _counted(original: Callable[..., Any]) -> Callable[..., Any]:
    def feed_data(buffer: Any, *args: Any) -> Any:
        result = original(buffer, *args)
        attempt: Attempt | None = getattr(buffer.out._protocol, ATTEMPT, None)
        if attempt is not None:
            attempt.raw_size = buffer.size
        return result

    return feed_data
