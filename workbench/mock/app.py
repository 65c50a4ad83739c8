"""The application that answers from a recording."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict

from aiohttp import web
from multidict import CIMultiDict

from workbench.answers.answer import Answer, recorded_answer
from workbench.answers.messages import unmatched_message
from workbench.domain import Exchange, FailureKind, Request, Response, Unmatched
from workbench.mock.cross_origin import is_local, is_preflight, local_origin, permitted
from workbench.mock.replies import ORIGIN, Replies

_LARGEST = 64 * 1024 * 1024
_FRAMES = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive"})
_FOREVER = 3600.0
"""Seconds for which a recorded timeout lets a caller wait."""


class _Mock:
    """Answers every request. ``say`` gets a line for each."""

    def __init__(self, replies: Replies, say: Callable[[str], None]) -> None:
        self._replies = replies
        self._say = say

    async def answer(self, asked: web.Request) -> web.StreamResponse:
        """The recorded answer; 404 with the closest request where there is none."""
        if not is_local(asked.url.host or ""):  # a page of the web whose name leads here must not read it
            raise web.HTTPForbidden(text="This server answers requests to this machine's own address only.\n")
        headers = tuple((name, value) for name, value in asked.headers.items())
        body = await asked.read()
        request = Request(asked.method, ORIGIN + asked.raw_path, "1.1", headers, body, len(body))
        found = self._replies.reply(request)
        line = f"{asked.method} {asked.raw_path}"
        if isinstance(found, Unmatched) and is_preflight(asked):
            self._say(f"{line}  204  preflight of {asked.headers['Origin']}")
            return web.Response(status=204)
        if isinstance(found, Unmatched):
            return self._unmatched(line, found)
        answer = recorded_answer(found)
        response = answer.response
        if response is None or not response.status:
            return await self._fail(asked, line, found, answer)
        self._say(f"{line}  {response.status}  exchange {found.id}")
        return await self._send(asked, response, answer)

    def _unmatched(self, line: str, unmatched: Unmatched) -> web.Response:
        message = unmatched_message(unmatched).replace(ORIGIN, "")
        self._say(f"{line}  404  {message}")
        differences = [asdict(each) for each in unmatched.differences]
        return web.json_response(
            {"error": message, "closest": unmatched.closest, "differences": differences}, status=404
        )

    async def _fail(self, asked: web.Request, line: str, found: Exchange, answer: Answer) -> web.StreamResponse:
        """End the connection as a recorded failure did, as far as a server can."""
        kind = answer.failure.kind if answer.failure else FailureKind.OTHER
        self._say(f"{line}  fails ({kind.value.replace('_', ' ')})  exchange {found.id}")
        if kind is FailureKind.TIMEOUT:
            await asyncio.sleep(_FOREVER)
        return _aborted(asked, web.Response())

    async def _send(self, asked: web.Request, response: Response, answer: Answer) -> web.StreamResponse:
        base = f"{asked.scheme}://{asked.host}"
        pairs = self._replies.local(response.headers, base)
        headers = CIMultiDict((name, value) for name, value in pairs if name.lower() not in _FRAMES)
        if headers.get("Content-Encoding") and response.raw_size is not None:
            del headers["Content-Encoding"]  # the body was decoded when it was recorded
        if answer.failure is None:
            return web.Response(status=response.status, reason=response.reason, headers=headers, body=response.body)
        cut = web.StreamResponse(status=response.status, reason=response.reason, headers=headers)
        cut.content_length = max(response.size, len(response.body) + 1)
        await cut.prepare(asked)
        await cut.write(response.body)
        return _aborted(asked, cut)


async def _permit(asked: web.Request, response: web.StreamResponse) -> None:
    """Let a page of this machine read the answer, and no other, whatever the recorded server had allowed."""
    for name in [name for name in response.headers if name.lower().startswith("access-control-")]:
        del response.headers[name]
    if origin := local_origin(asked):
        response.headers.update(permitted(asked, origin))


def create_app(replies: Replies, say: Callable[[str], None]) -> web.Application:
    """A new application; every path and method is answered from the recording."""
    app = web.Application(client_max_size=_LARGEST)
    app.on_response_prepare.append(_permit)
    app.router.add_route("*", "/{path:.*}", _Mock(replies, say).answer)
    return app


def _aborted(asked: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """The response, whose connection ends at once; aiohttp, which cannot write it, logs nothing then."""
    if asked.transport is not None:
        asked.transport.abort()
    return response
