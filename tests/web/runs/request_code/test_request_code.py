"""A request as text to copy: the Python sends what was sent, the secrets come from the environment."""

import ast
import asyncio
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Headers, Request, Status
from workbench.events import ExchangeStarted, RequestSent
from workbench.web.runs.request_code.formats import BY_NAME, FORMATS
from workbench.web.runs.resend.form import ResendForm

HEADERS: Headers = (
    ("Host", "h.example"), ("Authorization", "Bearer s3cret-value"), ("X-Quote", "it's \"x\" \\"), ("Cookie", "a=1"),
    ("Cookie", "b=2"),
)  # fmt: skip
BODY = '{"né": "s3cret-value", "text": "it\'s {x}\\n"}'.encode()


@pytest.fixture
def exchange(tell: Any) -> Any:
    story = tell().started().exchange(
        method="POST", url="https://h.example/v1/a?key=s3cret-value&b=1", request_headers=HEADERS, request_body=BODY
    )  # fmt: skip
    return story.finished(Status.SUCCEEDED).now


def sent_by(code: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the code hands to its library, method and URL among it."""
    import aiohttp
    import requests

    got: dict[str, Any] = {}

    class Sent:
        status = status_code = 200

        async def text(self) -> str:
            return ""

        async def __aenter__(self) -> "Sent":
            return self

        async def __aexit__(self, *error: object) -> None:
            pass

    def send(*args: Any, **named: Any) -> Sent:
        got.update(named, method=named.get("method") or args[-2], url=args[-1])
        return Sent()

    class Context:
        async def fetch(self, url: str, **named: Any) -> None:
            send(url, **named)

    monkeypatch.setattr(aiohttp.ClientSession, "request", send)
    monkeypatch.setattr(requests, "request", send)
    compiled = compile(code, "copied", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = eval(compiled, {"context": Context()})
    if running is not None:
        asyncio.run(running)
    return got


@pytest.mark.parametrize("form", ["aiohttp", "fetch", "requests"])
def test_the_python_sends_the_same(exchange: Any, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    code = BY_NAME[form].write(exchange.outcome.exchanges[0].request)
    assert "s3cret" not in code
    for name in ("API_KEY", "COOKIE_A", "COOKIE_B"):
        monkeypatch.setenv(name, {"API_KEY": "s3cret-value", "COOKIE_A": "1", "COOKIE_B": "2"}[name])
    got = sent_by(code, monkeypatch)
    assert (got["method"], got["url"]) == ("POST", "https://h.example/v1/a?key=s3cret-value&b=1")
    assert got["data"] == BODY
    assert got["headers"] == {
        "Authorization": "Bearer s3cret-value", "X-Quote": "it's \"x\" \\", "Cookie": "a=1; b=2"
    }  # fmt: skip


def test_the_text_of_http_is_the_message(exchange: Any) -> None:
    head, _, body = BY_NAME["http"].write(exchange.outcome.exchanges[0].request).partition("\n\n")
    assert head.splitlines()[:3] == [
        "POST /v1/a?key=‹api_key›&b=1 HTTP/1.1", "Host: h.example", "Authorization: Bearer ‹api_key›"
    ]  # fmt: skip
    assert body == BODY.decode().replace("s3cret-value", "‹api_key›")


@pytest.mark.parametrize(("body", "cut"), [(b"\xff\xfe", False), (b"abc", True), (b"", False)])
def test_other_bodies_are_valid_python(body: bytes, cut: bool) -> None:
    request = Request("PUT", "http://h/", body=body, size=9, cut=cut)
    for form in ("aiohttp", "fetch", "requests"):
        compile(BY_NAME[form].write(request), "copied", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_the_menu_gives_each_form_and_the_archive_of_one(client: FlaskClient, tell: Any) -> None:
    story = tell().started().exchange(url="https://h/1").exchange(url="https://h/2").finished(Status.SUCCEEDED)
    page = BeautifulSoup(client.get(f"/runs/{story.run.id}?tab=http&exchange=1").text, "html.parser")
    texts = [client.get(str(button["data-copy-url"])) for button in page.select(".copy-menu button")]
    assert len(texts) == len(FORMATS)
    assert all("https://h/1" in answer.text for answer in texts[:-1])
    assert {answer.content_type for answer in texts} == {"text/plain; charset=utf-8"}
    archive = json.loads(client.get(str(page.select(".copy-menu a")[0]["href"])).data)
    assert [entry["request"]["url"] for entry in archive["log"]["entries"]] == ["https://h/1"]
    base = f"/runs/{story.run.id}/exchanges"
    assert client.get(f"{base}/9/request").status_code == client.get(f"{base}/1/request?form=x").status_code == 404


def test_a_message_of_http_2_names_the_host_that_no_header_of_it_has() -> None:
    request = Request("GET", "https://h.example:8443/a?b=c", "2", headers=(("accept", "*/*"),))
    text = BY_NAME["http"].write(request)
    assert text == "GET /a?b=c HTTP/2\nhost: h.example:8443\naccept: */*\n\n"
    assert " --http2 " in BY_NAME["curl"].write(request)


def test_a_request_of_http_2_is_resent_as_http_1_1(client: FlaskClient, tell: Any) -> None:
    for version in ("1.1", "2"):
        story = tell().started().exchange(status=None, ended=False)
        story.tell(RequestSent(story.later(1), 1, "GET", version, (), False)).finished(Status.SUCCEEDED)
        page = client.get(f"/runs/{story.run.id}/exchanges/1/resend").text
        assert ("It is sent to the network as HTTP/1.1." in page) == (version == "2")


def test_what_frames_or_compresses_a_body_is_not_copied_without_it() -> None:
    chunked: Headers = (("Host", "h"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("X", "1"))
    sent = Request("POST", "http://h/a", headers=chunked, body=b"text", size=4)
    assert BY_NAME["http"].write(sent) == "POST /a HTTP/1.1\nHost: h\nContent-Length: 4\nX: 1\n\ntext"
    packed = Request("POST", "http://h/a", headers=chunked, body=b"\x1f\x8b\0", size=3)
    for form in ("curl", "fetch", "aiohttp", "requests"):
        assert "Encoding" not in BY_NAME[form].write(sent)
        assert "Content-Encoding" in BY_NAME[form].write(packed)
    assert ("Content-Encoding", "gzip") not in ResendForm.of(sent).headers


@pytest.mark.parametrize(
    ("library", "url"),
    [
        ("grpc", "grpc://h:1/pkg.Service/Method"), ("aiohttp", "ws://h:1/"), ("websockets", "wss://h:1/"),
        ("aiohttp", "http://h:1/upgraded"),
    ],
)  # fmt: skip
def test_a_call_of_grpc_or_a_websocket_is_no_command(tell: Any, client: Any, library: str, url: str) -> None:
    story = tell().started()
    story.tell(ExchangeStarted(story.later(1), 1, 1, 1, library, "GET", url, story.frame(10)))
    if url.endswith("upgraded"):
        story.tell(RequestSent(story.later(1), 1, "GET", "1.1", (("Upgrade", "WebSocket"),), False))
    run = story.finished(Status.SUCCEEDED).now
    page = client.get(f"/runs/{run.id}?tab=http").text
    assert "cURL" not in page
    assert "esend" not in page
    assert "HTTP archive" in page
    for path in ("request?form=curl", "resend"):
        assert client.get(f"/runs/{run.id}/exchanges/1/{path}").status_code == 404


def test_a_body_that_was_not_recorded_whole_is_no_whole_file(tell: Any, client: Any) -> None:
    run = tell().started().exchange(body=b"abc", size=10).finished(Status.SUCCEEDED).now
    assert "Download the first 3 B, all that was recorded" in client.get(f"/runs/{run.id}?tab=http").text
    name = client.get(f"/runs/{run.id}/exchanges/1/response/body").headers["Content-Disposition"]
    assert "first-3-bytes" in name
