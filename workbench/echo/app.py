"""The application: its table of routes, and the page that lists them."""

import json
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path

from aiohttp import web

from workbench.echo.auth import basic_auth, bearer
from workbench.echo.feed import feed
from workbench.echo.files import Files
from workbench.echo.parameters import MAX_BODY
from workbench.echo.request_data import echo
from workbench.echo.responses import (
    DroppedConnections,
    delay,
    gzipped,
    malformed_json,
    rate_limited,
    redirect,
    some_bytes,
    status,
    stream,
)

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(files: Path | None = None) -> web.Application:
    """A new echo application; every route answers every method.

    ``files`` is the folder of uploads (:mod:`workbench.uploads`), whose files it serves, too.
    """
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_plain_errors])
    app.on_response_prepare.append(_no_sniffing)
    table = _table()
    for path, _, _, handler in table:
        app.router.add_route("*", path, handler)
    app.router.add_route("*", r"/test/{rest:.*}", echo)
    app.router.add_get("/", _Index(table).page)
    if files is not None:
        app.router.add_get("/files/{token}/{name}", Files(files).answer)
    return app


def _table() -> list[tuple[str, str, str, Handler]]:
    """Each route: path, example link, description, handler."""
    return [
        ("/test", "/test/any/path?a=1", "The request as JSON, for every method and every path below.", echo),
        ("/basic-auth/{user}/{password}", "/basic-auth/ada/lovelace", "Requires HTTP Basic credentials.", basic_auth),
        ("/bearer", "/bearer", "Requires a bearer token, of any value.", bearer),
        ("/status/{code}", "/status/404", "Responds with this status, 200 to 599.", status),
        ("/delay/{seconds}", "/delay/2", "Responds after this many seconds, 60 at most.", delay),
        ("/redirect/{hops}", "/redirect/3?status=307", "This many redirects, the last to /test.", redirect),
        ("/stream/{lines}", "/stream/5?every=0.5", "This many lines of JSON, sent one at a time.", stream),
        ("/bytes/{count}", "/bytes/1024", "This many bytes, 100 million at most.", some_bytes),
        ("/gzip", "/gzip", "The same as /test, compressed.", gzipped),
        ("/malformed-json", "/malformed-json", "Invalid JSON with a JSON content type.", malformed_json),
        (
            "/rate-limited",
            "/rate-limited?after=5&as=date",
            "Status 429 with Retry-After in seconds or as a date.",
            rate_limited,
        ),
        (
            "/drop",
            "/drop?times=2&id=x",
            "Closes the connection; with times, only the first requests.",
            DroppedConnections().answer,
        ),
        ("/feed.xml", "/feed.xml?every=5&entries=20", "An RSS feed with a new entry every few seconds.", feed),
    ]


class _Index:
    """The page at ``/``."""

    def __init__(self, table: list[tuple[str, str, str, Handler]]) -> None:
        rows = "".join(
            f'<dt><a href="{escape(example)}">{escape(path)}</a></dt><dd>{escape(text)}</dd>'
            for path, example, text, _ in table
        )
        self._text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Echo</title></head>
<body><h1>Echo</h1>
<p>A server to try integrations offline. It stores nothing and sends no requests.</p>
<dl>{rows}</dl></body></html>"""

    async def page(self, request: web.Request) -> web.Response:
        """The list of routes."""
        return web.Response(text=self._text, content_type="text/html")


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors as JSON that says where the list of routes is."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _explained(error)


async def _no_sniffing(_: web.Request, response: web.StreamResponse) -> None:
    """Request data comes back as data; browsers must not take it for a page."""
    response.headers["X-Content-Type-Options"] = "nosniff"


def _explained(error: web.HTTPException) -> web.Response:
    if error.content_type == "application/json":
        return web.Response(text=error.text, status=error.status, content_type="application/json")
    text = {
        404: "Not found. / lists the routes.",
        413: f"The body is larger than {MAX_BODY // 1024 // 1024} MiB.",
    }.get(error.status, error.reason)
    return web.Response(text=json.dumps({"error": text}), status=error.status, content_type="application/json")
