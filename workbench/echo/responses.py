"""Responses that test a client: statuses, delays, redirects, streams, sizes, encodings, broken bodies."""

import asyncio
import gzip
import json
import time
from collections import OrderedDict
from email.utils import formatdate
from http import HTTPStatus

from aiohttp import web

from workbench.echo.parameters import MAX_BYTES, MAX_DELAY, MAX_REDIRECTS, MAX_STREAM, bad_request, integer, seconds
from workbench.echo.request_data import request_data

_CHUNK = 64 * 1024
_PATTERN = bytes(range(256)) * (_CHUNK // 256)
_REDIRECTS = {"301", "302", "303", "307", "308"}
_DROPS_KEPT = 1_000


async def status(request: web.Request) -> web.Response:
    """``/status/<code>``: this status, with the request in the body where the status allows one."""
    code = integer(request.match_info["code"], "The status", least=200, most=599)
    if code in (204, 205, 304):
        return web.Response(status=code)
    body = {"status": code, "reason": _reason(code), "data": await request_data(request)}
    return web.json_response(body, status=code)


def _reason(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


async def delay(request: web.Request) -> web.Response:
    """``/delay/<s>``: responds after this many seconds."""
    wait = seconds(request.match_info["seconds"], "The delay")
    await asyncio.sleep(wait)
    return web.json_response({"delay": wait, "data": await request_data(request)})


async def redirect(request: web.Request) -> web.Response:
    """``/redirect/<n>``: n redirects, the last to ``/test``; ``?status=307`` sets their status."""
    hops = integer(request.match_info["hops"], "The number of redirects", least=1, most=MAX_REDIRECTS)
    kind = request.query.get("status", "302")
    if kind not in _REDIRECTS:
        bad_request(f"The status must be one of {', '.join(sorted(_REDIRECTS))}, but is {kind[:40]!r}.")
    query = f"?status={kind}" if "status" in request.query else ""
    target = f"/redirect/{hops - 1}{query}" if hops > 1 else "/test"
    return web.Response(status=int(kind), headers={"Location": target})


async def stream(request: web.Request) -> web.StreamResponse:
    """``/stream/<n>``: n lines of JSON in chunks; ``?every=0.5`` waits that many seconds between them."""
    lines = integer(request.match_info["lines"], "The number of lines", least=0, most=MAX_STREAM)
    pause = seconds(request.query.get("every", "0"), "every", most=MAX_DELAY / max(lines, 1))
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    for number in range(lines):
        await response.write(json.dumps({"line": number + 1, "of": lines}).encode() + b"\n")
        await asyncio.sleep(pause)
    return response


async def some_bytes(request: web.Request) -> web.StreamResponse:
    """``/bytes/<n>``: n bytes, counting 0 to 255 over and over, so that a gap would show."""
    left = integer(request.match_info["count"], "The number of bytes", least=0, most=MAX_BYTES)
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream", "Content-Length": str(left)})
    await response.prepare(request)
    while left:
        chunk = _PATTERN[: min(left, _CHUNK)]
        await response.write(chunk)
        left -= len(chunk)
    return response


async def gzipped(request: web.Request) -> web.Response:
    """``/gzip``: the request, compressed."""
    body = json.dumps({"gzipped": True, "data": await request_data(request)}).encode()
    return web.Response(body=gzip.compress(body), content_type="application/json", headers={"Content-Encoding": "gzip"})


async def malformed_json(request: web.Request) -> web.Response:
    """``/malformed-json``: a JSON content type, and a body that is cut off."""
    return web.Response(text='{"data": {"method": "GET", "items": [1, 2,', content_type="application/json")


async def rate_limited(request: web.Request) -> web.Response:
    """``/rate-limited``: 429 with ``Retry-After`` in seconds (``?after=5``), or with ``?as=date`` as an HTTP date."""
    after = integer(request.query.get("after", "2"), "after", least=0, most=86_400)
    as_date = "date" in request.query or "date" in request.query.values()
    header = formatdate(time.time() + after, usegmt=True) if as_date else str(after)
    body = {"error": "Too many requests", "retry_after": header, "data": await request_data(request)}
    return web.json_response(body, status=429, headers={"Retry-After": header})


class DroppedConnections:
    """``/drop``: closes the connection without a response.

    ``?times=2&id=x`` drops the first two requests with this id and responds to the third, so that a retry
    succeeds. ``?after=100`` announces 1000 bytes, sends 100, then closes.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, int] = OrderedDict()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Drop the request, or respond after the requested number of drops."""
        if "times" in request.query and self._done(request.query.get("id", ""), request.query["times"]):
            return web.json_response({"data": await request_data(request)})
        sent = integer(request.query.get("after", "0"), "after", least=0, most=999)
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "text/plain"})
        if sent:
            await response.prepare(request)
            await response.write(b"." * sent)
        if request.transport is not None:
            request.transport.close()
        return response

    def _done(self, key: str, times: str) -> bool:
        seen = self._seen.pop(key, 0)
        if seen >= integer(times, "times", least=0, most=20):
            return True
        self._seen[key] = seen + 1
        if len(self._seen) > _DROPS_KEPT:
            self._seen.popitem(last=False)
        return False
