"""An integration that is an attack from end to end, walked page by page: all of it is text (security.md, 12 to 14)."""

import base64
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

EVIL = (
    "<script>ran()</script> <img src=x onerror=ran()> </script><script>ran()</script> <svg onload=ran()> "
    '"\' onfocus=ran() autofocus hx-get=/canary hx-trigger=load x=" <b hx-get="/canary" hx-trigger="load"></b> '
    '<i hx-on:click="ran()" hx-on::load="ran()" data-hx-get="/canary" hx-trigger="load"></i> {{1337*7331}} {%set x=1%} '
    '<a href="javascript:ran()">a</a> javascript:ran() data:text/html,<script>ran()</script> ‹<script>ran()</script>›'
)
LINKS = 1_000 if os.environ.get("TESTS") == "all" else 1
MISSING = "missing <script>ran()</script>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="ran()" viewBox="0 0 9 9"><script>parent.ran()</script></svg>'
FIELD = {
    "type": "string",
    "label": EVIL,
    "title": EVIL,
    "description": EVIL,
    "help_text": f"{EVIL} https://example.com/{EVIL}",
    "default": EVIL,
    "examples": [EVIL],
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": EVIL,
    "properties": {
        EVIL: FIELD,
        "choice": {"enum": [EVIL, "javascript:ran()"], "description": EVIL, "default": EVIL},
        "link": {"type": "string", "format": "uri", "default": "javascript:ran()"},
        "nest": {"type": "object", "description": EVIL, "properties": {EVIL: FIELD}},
        "rows": {"type": "array", "items": FIELD, "default": [EVIL]},
        "way": {"oneOf": [{"title": EVIL, "type": "object", "properties": {"x": FIELD}}, {"const": EVIL}]},
    },
}
CODE = """
import logging, sys
from autohive_integrations_sdk import *

EVIL = {evil!r}
URL = {url!r}
bad = Integration.load()


async def talk(context):
    print(EVIL)
    print(EVIL, file=sys.stderr)
    logging.getLogger(EVIL).error(EVIL)
    for path in ("/html", "/svg", "/json", "/form", "/redirect"):
        try:
            await context.fetch(URL + path, method="POST", json={{EVIL: EVIL}}, params={{EVIL: EVIL}},
                headers={{"X-Evil": EVIL.replace("‹", "").replace("›", "")}}, retry_count=3)  # no pause, no retry
        except Exception as error:
            print(error)


@bad.action(EVIL)
class Shows(ActionHandler):
    async def execute(self, inputs, context):
        await talk(context)
        return ActionResult(data={{EVIL: [EVIL, {{"javascript:ran()": "javascript:ran()"}}]}})


@bad.action("raises")
class Raises(ActionHandler):
    async def execute(self, inputs, context):
        await talk(context)
        try:
            raise KeyError(EVIL)
        except KeyError as error:
            raise type(EVIL, (Exception,), {{}})(EVIL) from error


@bad.polling_trigger(EVIL)
class Polls(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        return [{{"id": EVIL, "data": {{EVIL: EVIL, "link": "javascript:ran()"}}}}]


@bad.connected_account()
class Account(ConnectedAccountHandler):
    async def get_account_info(self, context):
        return ConnectedAccountInfo(email=EVIL, username=EVIL, avatar_url="javascript:ran()", organization=EVIL)
"""


class Answers(BaseHTTPRequestHandler):
    """A server whose every header and body is an attack."""

    def do_POST(self) -> None:
        types = {"/svg": "image/svg+xml", "/json": "application/json", "/form": "application/x-www-form-urlencoded"}
        path = self.path.partition("?")[0]
        body = {
            "/svg": SVG,
            "/json": json.dumps({EVIL: EVIL}),
            "/form": f"{quote(EVIL)}={quote(EVIL)}",
        }.get(path, f"<html><body>{EVIL}</body></html>")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(302 if path == "/redirect" else 200, "<script>ran()</script>")
        plain = EVIL.replace("‹", "").replace("›", "")
        self.send_header("Content-Type", types.get(path, "text/html"))
        self.send_header("Content-Length", str(len(body.encode())))
        self.send_header("X-Evil", plain)
        self.send_header("Set-Cookie", f"evil={quote(plain)}")
        if path == "/redirect":
            self.send_header("Location", "javascript:ran()")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The attack's folder, its server behind it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    handler = {"display_name": EVIL, "description": EVIL, "input_schema": SCHEMA, "output_schema": {"title": EVIL}}
    refused = {"type": "object", "required": [EVIL], "properties": {EVIL: {"type": "integer", "description": EVIL}}}
    config = {
        "name": EVIL,
        "display_name": EVIL,
        "version": EVIL,
        "description": EVIL,
        "entry_point": "bad.py",
        "icon": "icon.svg",
        "auth": {
            "type": "custom",
            "title": EVIL,
            "identifier": EVIL,
            "fields": {**SCHEMA, "additionalProperties": True},
        },
        "actions": {
            EVIL: handler | {"output_schema": refused},
            "raises": handler,
            MISSING: handler,
        },
        "polling_triggers": {EVIL: {**handler, "polling_interval": "5m"}},
        "connected_account": {"enabled": True},
        "supports_connected_account": True,
    }
    root = tmp_path_factory.mktemp("hostile") / "bad <script>ran()</script>".replace("/", "")
    root.mkdir()
    (root / "config.json").write_text(json.dumps(config, indent=1), "utf-8")
    (root / "bad.py").write_text(CODE.format(evil=EVIL, url=f"http://127.0.0.1:{server.server_port}"), "utf-8")
    (root / "icon.svg").write_text(SVG)
    (root / "requirements.txt").write_text(f"autohive-integrations-sdk~=2.0.1\n{EVIL}\n", "utf-8")
    yield root
    server.shutdown()
    server.server_close()


ALIVE = """() => {
  const live = [];
  if (window.canary) live.push("it ran");
  if (document.documentElement.outerHTML.includes("9801547")) live.push("a template");
  for (const element of document.querySelectorAll("*"))
    for (const { name, value } of element.attributes) {
      const address = ["href", "src", "action", "formaction", "xlink:href", "srcdoc", "data"].includes(name);
      if (address && /^\\s*(javascript|data|vbscript):/i.test(value)) live.push(`${name}=${value}`);
      if (/^on|hx-on/i.test(name)) live.push(`${name}=${value}`);
      if (/^(data-)?hx-(get|post|put|delete|patch)$/.test(name) && value.startsWith("/canary")) live.push(name);
    }
  if (document.querySelector("body script, b[hx-get], iframe, object, embed")) live.push("an element");
  return live;
}"""


class Walker:
    """Looks at pages, and keeps what should not have happened on them."""

    def __init__(self, page: Page, address: str, seen: Counter[object]) -> None:
        self.page, self.address, self.seen = page, address, seen
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.add_init_script("window.canary = 0; window.ran = () => { window.canary += 1; };")

    def look(self, path: str = "") -> None:
        """Open ``path`` (or stay) and look at what stands there."""
        if path:
            self.page.goto(self.address + path)
        self.page.mouse.move(300, 300)
        assert self.page.evaluate(ALIVE) == [], self.page.url
        strange = (f"{self.address}/canary", "javascript:", "data:")
        assert not [url for url in self.asked if url.startswith(strange) or not url.startswith(self.address)]

    def links(self, within: str) -> list[str]:
        """The paths that a part of the page leads to."""
        found = self.page.locator(f"{within} a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        return list(dict.fromkeys(href.removeprefix(urlsplit(self.address).path) for href in found))

    def run(self) -> None:
        """Run what the page is for, and see it end."""
        outcome = self.page.locator("#outcome")
        before = outcome.get_attribute("data-run") or ""
        self.page.locator("button[data-run]").click()
        expect(outcome).not_to_have_attribute("data-run", before)
        expect(outcome).to_have_attribute("data-state", "finished")
        self.look()

    def look_into(self, part: str) -> None:
        """Follow the links of a part of the page, one of each kind of all walks (or all), and come back."""
        here = self.page.url.removeprefix(self.address)
        for path in self.links(part):
            url = urlsplit(path)
            query = parse_qs(url.query)
            where = re.sub(r"\d+", "0", url.path)
            if query.keys() - {"run", "tab"} or LINKS == 1:  # in `make test-all` each tab of each handler is looked at
                where = re.sub(r"/(actions|triggers)/[^/]+$|/account$", "/handler", where)
            kind = (where, frozenset(query), tuple(query.get("tab", ())))
            self.seen[kind] += 1
            if "/export" not in path and "/body" not in path and "form=json" not in path and self.seen[kind] <= LINKS:
                self.look(path)
        self.look(here)


@pytest.fixture(scope="module")
def served(hostile: Path, serve: Any) -> Iterator[Any]:
    """A workbench on the attack."""
    with serve(hostile) as served:
        yield served


@pytest.fixture(scope="module")
def seen() -> Counter[object]:
    """How many links of each kind the walks have met."""
    return Counter()


@pytest.fixture
def walker(served: Any, open_page: Callable[..., Page], seen: Counter[object]) -> Walker:
    """Somebody who stands before the catalog."""
    return Walker(open_page(served, statuses=False, own=True), served.address, seen)


def segment(name: str) -> str:
    """A name with a slash as a segment of a path."""
    return "~" + base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def known() -> list[tuple[str, list[str]]]:
    """What the first who walked to the integration has found."""
    return []


def enter(walker: Walker, known: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    """Walk to the integration, and save its auth, once: the paths of its page and of its handlers."""
    if known:
        return known[0]
    walker.look("/")
    overview = walker.links("#cards")[0]
    walker.look(f"{overview}/auth")
    walker.page.get_by_role("button", name="Save credentials", exact=True).click()
    walker.look()
    kinds = ("/actions/", "/triggers/", "/account")
    handlers = [path for path in walker.links("#nav") if any(kind in path for kind in kinds)]
    assert len(handlers) == 5
    known.append((overview, handlers))
    return known[0]


def test_nothing_of_it_runs_on_the_pages_around(walker: Walker, known: Any) -> None:
    page = walker.page
    walker.look("/")
    overview = walker.links("#cards")[0]
    walker.look(overview)
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>ran()</script>")
    expect(page.get_by_role("heading", level=1)).to_contain_text("{{1337*7331}}")
    walker.look_into("#findings")  # before credentials are saved: each line is then full of masks
    enter(walker, known)
    walker.look(f"{overview}/files/bad.py?line=3")
    walker.look(f"/runs/{quote(EVIL, safe='')}")
    walker.look(f"/{quote(EVIL)}?token=%3Cscript%3Eran()%3C/script%3E&run={quote(EVIL)}")
    page.context.clear_cookies()
    walker.look(f"/?token={quote(EVIL)}")


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=pytest.mark.exhaustive if number in (1, 3) else ()) for number in range(5)]
)
def test_nothing_of_it_runs_on_the_pages_of_a_handler(walker: Walker, known: Any, number: int) -> None:
    """One test a handler: each walks some thirty pages."""
    page = walker.page
    _, handlers = enter(walker, known)
    walker.look(handlers[number])
    if page.get_by_role("tab", name="JSON").count():
        page.get_by_role("tab", name="JSON").click()
    walker.look()
    walker.run()
    missing = handlers[number].endswith(segment(MISSING))  # of this one, there is no code
    words = "Load failed" if missing else "Succeeded|Failed|Invalid output"
    expect(page.locator("#outcome .pill").first).to_have_text(re.compile(words))
    run = page.locator("#outcome").get_attribute("data-run")
    walker.look_into("#outcome")
    walker.look("/runs")
    walker.look(next(path for path in walker.links("table") if path.endswith(f"/runs/{run}")))


@pytest.mark.exhaustive
def test_a_body_of_html_or_svg_is_a_download(
    served: Any, open_page: Callable[..., Page], press: Callable[..., Locator]
) -> None:
    page = open_page(served)
    page.get_by_role("main").locator("a.card").click()
    page.locator("#actions a", has_text="raises").click()
    outcome = press(page)
    expect(outcome).to_have_attribute("data-state", "finished")
    run = outcome.get_attribute("data-run")
    outcome.get_by_role("tab", name="HTTP").click()
    expect(page.locator("article.exchange")).to_be_visible()
    for row in page.locator(".net tbody tr a").all()[:2]:
        number = re.search(r"exchange=(\d+)", row.get_attribute("href") or "")
        assert number
        answer = page.request.get(f"{served.address}/runs/{run}/exchanges/{number[1]}/response/body")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "ran()" in answer.text()
    icon = page.request.get(f"{page.url.partition('/actions')[0]}/icon")
    assert "sandbox" in icon.headers["content-security-policy"]
    assert icon.headers["content-disposition"].startswith("attachment")
