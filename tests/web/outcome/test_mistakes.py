"""Mistakes between a handler and its contract, made in real workers: the headline names each and says what to write."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from workbench.domain import Contract, ContractVersion, Kind, Run, RunRequest, Status
from workbench.runner import Runner
from workbench.store import Store
from workbench.web.presenters import headline, mistakes
from workbench.web.presenters.words import plain

HEAD = """\
from autohive_integrations_sdk import ActionHandler, ActionResult, Integration

one = Integration.load()


@one.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
"""
KEY = "the-key-of-the-test"
FETCH = "response = await context.fetch(inputs['url'])\n"
OUTPUT: Any = {"type": "object"}
FIELDS: Any = {"type": "object", "properties": {"api_key": {"type": "string", "format": "password"}}}


class Answering(BaseHTTPRequestHandler):
    """Says the same to everybody, and 401 on /private."""

    def do_GET(self) -> None:
        self.send_response(401 if self.path == "/private" else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"title": "T"}')

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Store() as store, Runner(store) as runner:
        yield runner


@pytest.fixture
def run(runner: Runner, url: str, tmp_path: Path) -> Callable[..., Run]:
    """Does a handler with that body under a contract."""

    def do(contract: str, body: str, path: str = "/") -> Run:
        config = {
            "name": "one", "version": "1.0.0", "description": "", "entry_point": "one.py",
            "auth": {"type": "custom", "fields": FIELDS},
            "actions": {"go": {"description": "", "input_schema": {}, "output_schema": OUTPUT}},
        }  # fmt: skip
        (tmp_path / "config.json").write_text(json.dumps(config))
        (tmp_path / "one.py").write_text(HEAD + "".join(f"        {line}\n" for line in body.splitlines()))
        chosen = Contract(ContractVersion(contract), "the test says so")
        request = RunRequest(
            "one", tmp_path, "one.py", Kind.ACTION, "go", chosen, {"url": url + path}, {"api_key": KEY},
            chosen.auth_shape, input_schema={}, output_schema=OUTPUT, auth_schema=FIELDS,
        )  # fmt: skip
        return runner.wait(runner.submit(request).id, 60)

    return do


READ_DATA = "Read response.data (and response.status), or run it under contract 1 or 0.1."
WRAP = "Write return ActionResult(data=…), or run it under contract 0.1."
UNWRAP = "Use the response as it is, or run it under contract 2."


@pytest.mark.parametrize(
    ("contract", "body", "names", "says"),
    [
        ("2", "return {'a': 1}", "a bare dict; contract 2 wants an ActionResult", WRAP),
        ("2", "return [1]", "a bare list; contract 2 wants an ActionResult", WRAP),
        ("2", "return None", "nothing (None); contract 2 wants an ActionResult", WRAP),
        ("1", "return {'a': 1}", "a bare dict; contract 1 wants an ActionResult", WRAP),
        ("2", FETCH + "return ActionResult(data=response['title'])", "returns a FetchResponse", READ_DATA),
        ("2", FETCH + "return ActionResult(data={'t': response.get('title')})", "a FetchResponse", READ_DATA),
        ("2", FETCH + "return ActionResult(data={'t': 'title' in response})", "a FetchResponse", READ_DATA),
        ("2", FETCH + "return ActionResult(data={**response})", "a FetchResponse", READ_DATA),
        ("2", FETCH + "return ActionResult(data=response)", "fetch’s FetchResponse itself", "Return response.data"),
        ("0.1", FETCH + "return {'t': response.data}", ".data was read, but under contract 0.1", UNWRAP),
        ("0.1", FETCH + "return {'t': response.status}", ".status was read, but under contract 0.1", UNWRAP),
        ("0.1", FETCH + "return {'t': response.json()}", ".json was read, but under contract 0.1", UNWRAP),
        ("1", FETCH + "return ActionResult(data={'t': response.data})", ".data was read, but under contract 1", UNWRAP),
        ("2", "return ActionResult(data={'k': context.auth['api_key']})", "came as an envelope",
         'Read context.auth["credentials"]["api_key"]'),
        ("2", "key = context.auth.get('api_key')\nreturn ActionResult(data={'k': key.upper()})", "came as an envelope",
         'Read context.auth["credentials"]["api_key"]'),
        ("0.1", "return {'k': context.auth['credentials']['api_key']}", "the auth came flat",
         'Read context.auth["api_key"]'),
        ("0.1", "return {'k': context.auth.get('credentials', {})['api_key']}", "the auth came flat",
         'Read context.auth["api_key"]'),
        ("0.1", "return {'k': context.auth.get('credentials').get('api_key')}", "the auth came flat",
         'Read context.auth["api_key"]'),
    ],
)  # fmt: skip
def test_the_headline_names_the_mistake_and_says_what_to_write(
    run: Callable[..., Run], contract: str, body: str, names: str, says: str
) -> None:
    done = run(contract, body)
    told = plain(headline.tell(done))
    assert names in told
    assert says in told
    assert KEY not in told
    assert plain(headline.as_seen(done)) != told


def test_a_key_read_flat_that_was_never_sent_explains_the_401(run: Callable[..., Run]) -> None:
    body = (
        "key = context.auth.get('api_key')\n"
        "response = await context.fetch(inputs['url'], headers={'Authorization': f'Bearer {key}'})\n"
        "return ActionResult(data=response.data)"
    )
    done = run("2", body, "/private")
    assert done.outcome.status is Status.FAILED
    assert 'Read context.auth["credentials"]["api_key"]' in plain(headline.tell(done))


@pytest.mark.parametrize(
    ("contract", "body"),
    [
        ("0.1", "return {'a': 1}"),
        ("2", "return ActionResult(data={'k': context.auth['credentials']['api_key']})"),
        ("2", FETCH + "return ActionResult(data=response.data)"),
        ("0.1", FETCH + "return {'t': response['title'], 'k': context.auth['api_key']}"),
        ("2", "return ActionResult(data={'n': inputs['nothing']})"),
        ("2", "return ActionResult(data={'n': inputs.get('nothing').upper()})"),
        ("0.1", "return {'n': inputs.get('nothing').upper()}"),
        ("0.1", "return 'no object'"),
    ],
)
def test_nothing_is_claimed_of_other_failures(run: Callable[..., Run], contract: str, body: str) -> None:
    assert mistakes.recognise(run(contract, body)) is None
