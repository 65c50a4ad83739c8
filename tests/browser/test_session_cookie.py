"""Another server on this machine: it does not get the session cookie, and could do nothing with it."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@contextmanager
def other_server() -> Iterator[tuple[str, list[str]]]:
    """A server on another port; its address, and the cookies that it gets, request by request."""
    cookies: list[str] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookies.append(self.headers.get("Cookie", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Set-Cookie", "of-the-other=1; Path=/")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", cookies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def status(url: str, cookie: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie}), timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_no_other_server_gets_the_session_cookie(workbench: Any, open_page: Callable[..., Page]) -> None:
    page = open_page(workbench, statuses=False)
    with other_server() as (url, cookies):
        for path in ("/", "/", "/runs", "/w-"):
            page.goto(url + path)
        assert cookies[0] == ""
        assert set(cookies[1:]) == {"of-the-other=1"}, "cookies do not keep ports apart: only the path does"
    [ours] = [one for one in page.context.cookies() if one["name"].startswith("workbench-")]
    stolen, origin = f"{ours['name']}={ours['value']}", workbench.origin
    assert status(f"{workbench.address}/runs", stolen) == 200
    assert [status(origin + path, stolen) for path in ("/", "/runs", "/w-/runs")] == [401, 401, 401]
    page.goto(f"{origin}/runs?status=failed#main")  # typed or saved without the path: it leads there all the same
    page.wait_for_url(f"{workbench.address}/runs?status=failed#main")
