"""The copied texts are run for real: a server gets what was captured, byte for byte."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from workbench.domain import Headers, Request
from workbench.events.redactor import Redactor
from workbench.web.runs.request_code.curl import LEFT_OUT, command, variables
from workbench.web.runs.request_code.formats import BY_NAME

type Received = tuple[str, Headers, bytes]

USUAL: Headers = (("Host", "h"), ("Accept", "*/*"), ("Accept-Encoding", "gzip"), ("User-Agent", "Made up"))
JSON: Headers = (*USUAL, ("Content-Type", "application/json"))
TEXT: Headers = (*USUAL, ("Content-Type", "text/plain"))
ODD_TEXT = 'it\'s $HOME !x `id` "q" \\ \t\r\n@file ‹no mask› é 🐍\n'
REQUESTS = (
    Request("GET", "/a%2Fb%3f/%7Euser/x'y$z!?a=%27%22&b=a+b&c=[1]&d={x}", headers=USUAL),
    Request("GET", "/a/../b/./c", headers=USUAL),
    Request("POST", "/json", headers=JSON, body=json.dumps({"é": ODD_TEXT, "n": [1, 2.5, None, True, {}]}).encode()),
    Request("POST", "/compact", headers=JSON, body=json.dumps([ODD_TEXT], separators=(",", ":")).encode()),
    Request("POST", "/spelled", headers=JSON, body=b'{ "n": 1.10, "n": NaN}'),
    Request("POST", "/text", headers=TEXT, body=ODD_TEXT.encode()),
    Request("POST", "/no-type", headers=USUAL, body=b"@/etc/passwd"),
    Request("PUT", "/bytes", headers=TEXT, body=bytes(range(256))),
    Request("PATCH", "/long", headers=TEXT, body=b"x" * 200_000),
    Request("HEAD", "/head", headers=USUAL),
    Request("GET", "/headers", headers=(*USUAL, ("X-Empty", ""), ("X-Two", "a"), ("X-Two", ODD_TEXT[:24]))),
    Request("GET", "/bare", headers=USUAL[:1]),
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[Received]]]:
    """The URL of a server, and the requests that it got, without a proxy of this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    received: list[Received] = []

    class Recorder(BaseHTTPRequestHandler):
        def record(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = tuple((name, value.encode("latin-1").decode()) for name, value in self.headers.items())
            received.append((self.requestline.removesuffix(" HTTP/1.1"), headers, body))
            self.send_response(204)
            self.end_headers()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = record

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Recorder) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{made.server_address[1]}", received
        made.shutdown()
        thread.join()


def at(url: str, request: Request) -> Request:
    """The request to a server."""
    return Request(request.method, url + request.url, headers=request.headers, body=request.body)


def essence(line: str, headers: Headers, body: bytes) -> Received:
    """What a copy keeps of a request; the order of headers is that of the program that sends them."""
    return line, tuple(sorted((name, value) for name, value in headers if name.lower() not in LEFT_OUT)), body


def expected(request: Request) -> Received:
    return essence(f"{request.method} {request.url}", request.headers, request.body)


def shell(script: str, **variables: str) -> None:
    environment = {"PATH": "/usr/bin:/bin"} | variables
    done = subprocess.run(["bash", "-es"], input=script.encode(), capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_sends_what_was_captured(server: tuple[str, list[Received]]) -> None:
    url, received = server
    secret = Redactor({"key": "s3cret-välue"}).data("s3cret-välue".encode() + b"\xff\0")
    masked = at(url, Request("POST", "/secret", headers=TEXT, body=secret))
    assert variables(masked) == ("$KEY",)
    shell("\n".join([*(command(at(url, request)) for request in REQUESTS), command(masked)]), KEY="s3cret-välue")
    assert [essence(*one) for one in received[:-1]] == [expected(request) for request in REQUESTS]
    assert received[-1][2] == "s3cret-välue".encode() + b"\xff\0"


def test_a_secret_in_a_url_is_quoted_there(server: tuple[str, list[Received]], monkeypatch: pytest.MonkeyPatch) -> None:
    url, received = server
    monkeypatch.setenv("KEY", "a&b=ü")
    masked = Redactor({"key": "s3cret-value"}).text(f"{url}/v1?key=s3cret-value&n=1")
    for form in ("aiohttp", "requests"):
        exec(BY_NAME[form].write(Request("GET", masked)), {})
    assert [line for line, _, _ in received] == ["GET /v1?key=a%26b%3D%C3%BC&n=1"] * 2


def test_json_is_a_value_with_secrets_from_the_environment() -> None:
    body = Redactor({"key": "s3cret-välue"}).data(json.dumps({"key": "s3cret-välue", "é": [1]}).encode())
    code = BY_NAME["fetch"].write(Request("POST", "http://h/", headers=JSON[-1:], body=body))
    assert """json={'key': os.environ["KEY"], 'é': [1]},""" in code
    assert code.startswith("import os\n\nresponse = ")
    for before in (b"[", b'["' + b"]" * 4_000 + b'",'):
        deep = Request("POST", "http://h/", headers=JSON[-1:], body=before + b"[" * 4_000 + b"]" * 4_001)
        assert "data=('[" in BY_NAME["fetch"].write(deep)
    compact = BY_NAME["requests"].write(Request("POST", "http://h/", headers=JSON[-1:], body=b'{"a":1,"b":[]}'))
    assert """data=json.dumps({'a': 1, 'b': []}, separators=(",", ":")).encode(),""" in compact
    assert compact.startswith("import json\n\nimport requests\n")


def test_a_body_that_is_not_there_whole_is_read_from_a_file() -> None:
    text = command(Request("POST", "http://h/", body=b"abc", size=9_000, cut=True))
    assert text.splitlines()[0] == (
        "# Only 3 of 9,000 bytes of the body were recorded. Put the whole body into request-body.bin."
    )
    assert text.endswith("--data-binary @request-body.bin")
    assert "data=open('request-body.bin', 'rb').read()" in BY_NAME["requests"].write(
        Request("PUT", "http://h/", body=b"abc", size=9, cut=True)
    )


def test_python_sends_what_was_captured(server: tuple[str, list[Received]]) -> None:
    url, received = server
    for request in REQUESTS:
        exec(BY_NAME["aiohttp"].write(at(url, request)), {})
    assert [essence(*one) for one in received] == [expected(request) for request in REQUESTS]
    received.clear()
    for request in REQUESTS[2:10]:  # requests writes URLs anew, adds headers, and joins those of one name
        exec(BY_NAME["requests"].write(at(url, request)), {})
    assert [essence(*one) for one in received] == [expected(request) for request in REQUESTS[2:10]]
