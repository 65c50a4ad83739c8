"""A handler that says its secrets in every way it can, under the real command: no page, export or stream has them."""

import base64
import html
import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.web.auth.conftest import AuthForm

PIN, KEY, TOKEN, PASSWORD = "q~Z", 'p)%>+$:"é', "sk_Live-abc/def+123", "hunter2-of-the-url"
SECRETS = {"pin": PIN, "api_key": KEY, "token": TOKEN, "number": "73915526", "database": f"pg://ada:{PASSWORD}@db/x"}
HIDDEN = (PIN, KEY, TOKEN, "73915526", PASSWORD)
CODE = """
import asyncio, base64, html, json, logging, os, sys, textwrap, urllib.parse
import aiohttp
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

leaky = Integration.load()


def ways(s):
    data, nested = s.encode(), s
    for _ in range(6):
        nested = json.dumps(nested)
        yield nested
    yield from (s, f"[{s}]" if len(s) > 3 else f"pin={s};", json.dumps({"k": s}), repr({"k": s}), html.escape(f'"{s}"'))
    yield from (f"Cookie: k={s}; b=1", f"/v1/{s}/items", f"first\\n{s}\\nlast")
    quoted = urllib.parse.quote(f'"{s}"', safe="")
    yield from (quoted, urllib.parse.quote(quoted, safe=""), f'"{s.replace(chr(34), chr(34) * 2)}",1')
    if len(s) > 3:
        yield from (base64.b64encode(data).decode(), data.hex(), s.upper() if len(s) > 8 else s)
        yield "\\n".join(textwrap.wrap(base64.b64encode(data * 6).decode(), 40))
        yield base64.b64encode(base64.b64encode(json.dumps({"key": s}).encode())).decode()


@leaky.action("leak")
class Leak(ActionHandler):
    fails = False

    async def execute(self, inputs, context):
        auth = context.auth.get("credentials", context.auth)
        secrets = [auth["pin"], auth["api_key"], auth["token"], str(auth["number"])]
        secrets.append(auth["database"].split(":")[2].split("@")[0])
        for secret in secrets:
            for text in ways(secret):
                print(text)
                logging.getLogger("leaky").warning("%s", text)
            os.write(1, f"\\n{secret}\\n".encode("latin-1"))
            if len(secret) > 3:
                for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
                    os.write(2, f"[{secret}]".encode(encoding))
        async with aiohttp.ClientSession() as session:
            for s in secrets:
                quoted = urllib.parse.quote(s, safe="")
                headers = {"X-Key": s.encode().decode("latin-1"), "Authorization": aiohttp.BasicAuth("ada", s).encode(),
                           "Cookie": f"a=1; k={quoted}; b=2"}
                form = aiohttp.FormData()
                form.add_field("pin", s)
                form.add_field("file", s, filename="pin.txt")
                nested = {"k": s, "deep": json.dumps({"k": json.dumps([s])})}
                bodies = ({"json": nested}, {"data": {"k": s}}, {"data": form},
                          {"data": s.encode("utf-16")} if len(s) > 3 else {"data": f'"{s}"'})
                for body in bodies:
                    url = inputs["url"] + f"/test/{quoted}/x"
                    async with session.post(url, params={"k": s, "q": f'"{s}"'}, headers=headers, **body) as response:
                        await response.read()
        data = {"all": secrets, "texts": [list(ways(s)) for s in secrets], "number": auth["number"],
                secrets[1]: {secrets[2]: 1}, "link": "http://127.0.0.1/?k=" + urllib.parse.quote(secrets[1])}
        if self.fails:
            raise ValueError(" | ".join(f"'{s}'" for s in secrets) + " " + json.dumps(data))
        return ActionResult(data=data)


@leaky.action("leak_and_fail")
class LeakAndFail(Leak):
    fails = True


@leaky.action("calls_home")
class CallsHome(ActionHandler):
    async def execute(self, inputs, context):
        async with aiohttp.ClientSession() as session, session.get(inputs["url"]) as response:
            return ActionResult(data={"status": response.status, "text": await response.text()})
"""
FIELDS = {name: {"type": "string", "format": "password"} for name in ("pin", "api_key", "token")} | {
    "number": {"type": "integer", "format": "password"},
    "database": {"type": "string", "format": "text", "label": "Database address"},
}


INPUTS = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
ACTION = {"description": "d", "input_schema": INPUTS, "output_schema": {"type": "object"}}
CONFIG = {
    "name": "leaky",
    "version": "1.0.0",
    "description": "d",
    "entry_point": "leaky.py",
    "auth": {"type": "custom", "identifier": "leaky", "fields": {"type": "object", "properties": FIELDS}},
    "actions": dict.fromkeys(("leak", "leak_and_fail", "calls_home"), ACTION),
}


@dataclass
class Answer:
    status_code: int
    text: str
    headers: Any

    @property
    def mimetype(self) -> str:
        return str(self.headers.get_content_type())


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


@dataclass
class Visitor:
    """A browser that signed in to the real command, as far as HTTP goes. ``seen`` is all that it got."""

    address: str
    link: str
    seen: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def __post_init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect())
        self._open(urllib.request.Request(self.link))
        found = re.search(r'"X-CSRFToken": "([^"]+)"', self.get("/").text)
        assert found
        self.csrf = found[1]

    def get(self, path: str, **headers: str) -> Answer:
        path = path.removeprefix(urllib.parse.urlsplit(self.address).path)
        answer = self._open(urllib.request.Request(self.address + path, headers=headers))
        self.seen[path] = answer.text
        return answer

    def post(self, path: str, data: dict[str, Any], **more: Any) -> Answer:
        body = urllib.parse.urlencode(data | {"csrf_token": self.csrf}, doseq=True).encode()
        answer = self._open(urllib.request.Request(self.address + path, body))
        self.seen[f"POST {path}"] = answer.text
        return answer

    def run(self, name: str, url: str) -> str:
        """The id of a run, once it is over."""
        page = BeautifulSoup(self.get(f"/integrations/leaky/actions/{name}?new=1").text, "html.parser")
        control = page.find(id=page.find("label", string="url")["for"])["name"]
        answer = self.post(f"/integrations/leaky/actions/{name}/runs", {control: url})
        run_id = answer.headers["Location"].rpartition("run=")[2]
        while 'data-state="finished"' not in self.get(f"/runs/{run_id}").text:
            time.sleep(0.3)
        return run_id

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            response = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Answer(response.status, response.read().decode("utf-8", "replace"), response.headers)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A browser on ``workbench serve``, the secrets saved on the Auth page."""
    root: Path = tmp_path_factory.mktemp("folders") / "leaky"
    root.mkdir()
    (root / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    (root / "leaky.py").write_text(CODE, "utf-8")
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n", "utf-8")
    command = [sys.executable, "-m", "workbench.cli", "serve", str(root), "--port", "0", "--no-echo", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            link = process.stdout.readline().removeprefix("Workbench ready: ").strip()
            made = Visitor(link.partition("/?")[0], link)
            form = AuthForm(made, "", "/integrations/leaky/auth").open()
            typed = {form.control(label): value for label, value in zip(labels(form), SECRETS.values(), strict=True)}
            assert form.post("", typed).status_code == 303
            yield made
        finally:
            process.terminate()
            _, stderr = process.communicate(timeout=60)
    for secret in HIDDEN:
        assert secret not in stderr


def labels(form: AuthForm) -> list[str]:
    """The labels of the declared fields, in their order."""
    return [label.text for label in form.page.find(id="auth-form").find_all("label") if label.get("for")]


def forms(secret: str) -> set[str]:
    """A secret as it is, and in what no program undoes when it reads a text."""
    if len(secret) <= 3:
        return {secret}
    data = secret.encode()
    encoded = {data.hex(), base64.b64encode(data).decode().rstrip("=")[:-1], json.dumps(secret)[1:-1]}
    return {secret, secret.upper(), secret.encode("latin-1").decode("utf-8", "replace")} | encoded


FORMS = [form for secret in HIDDEN for form in forms(secret)]


def traces(text: str) -> list[str]:
    """The forms of secrets that stand in a text, the text read as browsers and programs read it."""
    readings = {text, html.unescape(text), urllib.parse.unquote(text), urllib.parse.unquote(html.unescape(text))}
    readings |= {reading.replace("\\", "") for reading in readings}
    readings |= {text.replace("\\u0000", "").replace("\0", "")}
    return [form for form in FORMS if any(form in reading for reading in readings)]


def pages(visitor: Visitor, run_id: str, exchanges: range) -> None:
    """Look at all that there is of a run, and at these exchanges."""
    for tab in ("result", "http", "validation", "output", "handler"):
        visitor.get(f"/runs/{run_id}?tab={tab}")
    for number in exchanges:
        visitor.get(f"/runs/{run_id}?tab=http&exchange={number}")
        for side in ("request", "response"):
            visitor.get(f"/runs/{run_id}/exchanges/{number}/{side}/body")
    for form in ("json", "har"):
        assert json.loads(visitor.get(f"/runs/{run_id}/export?form={form}").text)
    for name in ("result", "inputs", "auth"):
        visitor.get(f"/runs/{run_id}/values/{name}?form=json")
    for path in (f"/runs/{run_id}/events?tab=output", "/runs", f"/integrations/leaky/actions/leak?run={run_id}"):
        visitor.get(path)
    for path in ("/", "/integrations/leaky", "/integrations/leaky/auth"):
        visitor.get(path)


@pytest.mark.parametrize(("action", "status"), [("leak", "succeeded"), ("leak_and_fail", "failed")])
def test_row_16_no_trace_of_a_secret_is_left(
    visitor: Visitor, echo_url: str, step: Callable[[int], int], action: str, status: str
) -> None:
    visitor.seen.clear()
    run_id = visitor.run(action, echo_url)
    third, last = step(3), step(20)  # of each secret, and of each kind of body; where it fails, they are the same
    pages(visitor, run_id, range(1, 21, third if status == "succeeded" else last))
    outcome = visitor.seen[f"/runs/{run_id}?tab=http&exchange=1"]
    assert "‹api_key›" in html.unescape(outcome) or "api_key" in outcome
    assert "curl" in outcome.lower()
    export = json.loads(visitor.seen[f"/runs/{run_id}/export?form=json"])
    assert len(export["exchanges"]) == 20
    assert export["status"] == status
    found = {path: told for path, text in visitor.seen.items() if (told := traces(text))}
    assert found == {}


def test_row_17_a_handler_that_calls_the_workbench_gets_nothing(visitor: Visitor) -> None:
    for url in (visitor.address, f"{visitor.address}/runs", visitor.address.rpartition("/")[0]):
        run_id = visitor.run("calls_home", url)
        result = json.loads(visitor.get(f"/runs/{run_id}/values/result?form=json").text)
        assert result["status"] == 401
        assert "leaky" not in result["text"]
