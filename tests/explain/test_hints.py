"""Mistakes between a handler and its contract, made in real workers: the headline names each and says what to write."""

import io
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from rich.console import Console

from workbench.cli.output.run_text import print_run
from workbench.domain import Contract, ContractVersion, Kind, Run, RunRequest, Status
from workbench.explain import headline, hints
from workbench.explain.documents.report import report
from workbench.explain.statuses import status_word
from workbench.explain.terminal_text import visible
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings
from workbench.runner import Runner
from workbench.store import Store
from workbench.web.runs.outcome import outcome_view
from workbench.web.runs.query import OutcomeQuery

HEAD = """\
import datetime, decimal, json, math
from autohive_integrations_sdk import ActionError, ActionHandler, ActionResult, Integration, PollingTriggerHandler

one = Integration.load()


async def helper(context):
    return {}


@one.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
"""
POLL = (
    HEAD.replace("action(", "polling_trigger(")
    .replace("(ActionHandler", "(PollingTriggerHandler")
    .replace("execute(self, inputs, ", "poll(self, inputs, last_poll_ts, ")
)
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

    def do(contract: str, body: str, path: str = "/", kind: Kind = Kind.ACTION, head: str = "") -> Run:
        declared = {"description": "", "input_schema": {}, "output_schema": OUTPUT, "polling_interval": "5m"}
        config = {
            "name": "one", "version": "1.0.0", "description": "", "entry_point": "one.py",
            "auth": {"type": "custom", "fields": FIELDS},
            "actions" if kind is Kind.ACTION else "polling_triggers": {"go": declared},
        }  # fmt: skip
        head = head or (HEAD if kind is Kind.ACTION else POLL)
        (tmp_path / "config.json").write_text(json.dumps(config))
        (tmp_path / "one.py").write_text(head + "".join(f"        {line}\n" for line in body.splitlines()))
        chosen = Contract(ContractVersion(contract))
        request = RunRequest(
            "one", tmp_path, "one.py", kind, "go", chosen, {"url": url + path}, {"api_key": KEY},
            chosen.auth_shape, input_schema={}, output_schema=OUTPUT, auth_schema=FIELDS,
        )  # fmt: skip
        done = runner.wait(runner.submit(request).id, 60)
        has_same_words_everywhere(done)
        return done

    return do


def has_same_words_everywhere(run: Run) -> None:
    """Page, text of the command and JSON give the same headline, and the same cause, fix and location of a hint."""
    page = outcome_view.present(run, OutcomeQuery(), run.created_at + 5)
    document = cast("Any", report(run))
    terminal = io.StringIO()
    print_run(run, Console(file=terminal, width=200))
    text = terminal.getvalue()
    assert document["headline"] == plain(page.headline)
    assert visible(plain(page.headline)) in text
    found = hints.recognise(run)
    assert len(document["hints"]) == (found is not None)
    if found is None:
        return
    said = document["hints"][0]
    at = said["location"]
    cause = f"{said['cause'].removesuffix('.')} ({at['file']}:{at['line']})." if at else said["cause"]
    assert visible(cause) in text
    assert visible(said["fix"]) in text
    shown = plain(page.headline) if page.hint is None else plain(page.hint.cause_sentence + page.hint.fix)
    assert cause in shown
    assert said["fix"] in shown


READ_DATA = "Read response.data (and response.status), or run it under contract 1 or 0.1."
WRAP = "Write return ActionResult(data=…), or run it under contract 0.1."
UNWRAP = "Use the response as it is, or run it under contract 2."


@pytest.mark.parametrize(
    ("contract", "body", "names", "says"),
    [
        ("2", "return {'a': 1}", "a bare dict; contract 2 expects an ActionResult", WRAP),
        ("2", "return [1]", "a bare list; contract 2 expects an ActionResult", WRAP),
        ("2", "return None", "nothing (None); contract 2 expects an ActionResult", WRAP),
        ("1", "return {'a': 1}", "a bare dict; contract 1 expects an ActionResult", WRAP),
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


NO_FETCH = "response = context.fetch(inputs['url'])\n"
UNAWAITED = "context.fetch(…) was called without await, which gives a coroutine and not its result (one.py:14)."
AWAIT = "Write await context.fetch(…)."


@pytest.mark.parametrize(
    ("contract", "body", "names", "says"),
    [
        ("2", NO_FETCH + "return ActionResult(data=response.data)", UNAWAITED, AWAIT),
        ("2", NO_FETCH + "return ActionResult(data=response['title'])", UNAWAITED, AWAIT),
        ("2", NO_FETCH + "return ActionResult(data=response)", UNAWAITED, AWAIT),
        ("2", "return ActionResult(data=json.dumps(context.fetch(inputs['url'])))", UNAWAITED, AWAIT),
        ("0.1", NO_FETCH + "return {'t': response.get('title')}", UNAWAITED, AWAIT),
        ("0.1", "return context.fetch(inputs['url'])", UNAWAITED, AWAIT),
        ("0.1", "helper(context)\nreturn 'no object'", "helper(…) was called without await", "Write await helper(…)."),
        ("0.1", "return helper(context)", "helper(…) was called without await", "Write await helper(…)."),
        ("2", "return ActionResult(data=helper(context))", "helper(…) was called without await (one", ""),
        ("2", FETCH + "return ActionResult(data={'s': response.status_code})", "were the body (one.py:15)",
         "Read response.status, an integer"),
        ("2", FETCH.replace("response", "page") + "return ActionResult(data=page['title'])", "(one.py:15)",
         "Read page.data"),
        ("2", FETCH + "return ActionResult(data=[x for x in response])", "a FetchResponse", READ_DATA),
        ("2", FETCH + "return ActionResult(data=json.dumps(response))", "a FetchResponse", READ_DATA),
        ("2", "raise ActionError(message='no')", "ActionError is not an exception, so it cannot be raised (one.py:14).",
         "Write return ActionError(…)."),
        ("0.1", "raise ActionError(message='no')", "ActionError is not an exception", "raise an exception"),
        ("0.1", "return ActionResult(data={})", "an ActionResult, which contract 0.1 does not have (one.py:14).",
         "Return the value itself, or run it under contract 2."),
        ("0.1", "return ActionError(message='no')", "an ActionError, which contract 0.1 does not have",
         "under contract 2"),
        ("0.1", "pass", "The handler returned nothing (None), but the schema requires a value", "Write return"),
        ("2", "return [ActionResult(data={})]", "an ActionResult inside of something else", "return ActionResult(…)"),
        ("2", "return ActionResult", "a class and not an ActionResult", "Write return ActionResult(data=…)."),
        ("2", "return ActionResult(data=json.dumps({'a': 1}))", "JSON as a string", "without json.dumps"),
        ("0.1", "return datetime.datetime.now()", "The result is a datetime, which is not JSON (one.py:14).",
         "Return .isoformat()."),
        ("2", "return ActionResult(data=context.auth.api_key)", "api_key was read as an attribute",
         'Read context.auth["credentials"]["api_key"].'),
        ("0.1", "return context.auth.api_key", "but context.auth is a dict (one.py:14).",
         'Read context.auth["api_key"].'),
        ("2", "creds = context.auth['credentials']\nreturn ActionResult(data=creds['token'])",
         "The credential token was not given; auth.fields declares api_key (one.py:15).", "declare it in config.json"),
        ("2", "return ActionResult(data={'k': len(context.auth.get('api_key'))})", "came as an envelope",
         'Read context.auth["credentials"]["api_key"]'),
        ("2", "return ActionResult(data={'u': inputs.url})", "but the inputs are a dict (one.py:14).",
         'Read inputs["url"].'),
    ],
)  # fmt: skip
def test_more_mistakes_are_named_with_their_line(
    run: Callable[..., Run], contract: str, body: str, names: str, says: str
) -> None:
    done = run(contract, body)
    told = plain(headline.tell(done))
    assert names.removesuffix(" (one") in told
    assert says in told
    assert "(one.py:1" in told
    assert KEY not in told
    assert "0x" not in told


@pytest.mark.parametrize(
    ("contract", "body", "names", "says"),
    [
        (
            "2",
            "return ActionResult(data=[])",
            "The trigger returned an ActionResult; a poll returns a list",
            "Write return [{",
        ),
        ("0.1", "return ActionError(message='x')", "The trigger returned an ActionError", "Write return [{"),
        ("2", "return {'id': '1', 'data': {}}", "The trigger returned a bare dict", "Write return [{"),
        ("2", "return None", "The trigger returned nothing (None)", "an empty list means nothing new"),
        ("2", "return [{'a': 1}]", "/0 is not a record with id and data (one.py:14).", 'Write {"id": …, "data": {…}}'),
        ("0.1", "return [1, 2]", "/0 is not a record with id and data", 'Write {"id": …, "data": {…}}'),
        (
            "2",
            "return [{'id': '1', 'data': ActionResult(data={})}]",
            "an ActionResult within its records",
            'Write {"id"',
        ),
    ],
)
def test_what_a_poll_returns_is_a_list_of_records(
    run: Callable[..., Run], contract: str, body: str, names: str, says: str
) -> None:
    told = plain(headline.tell(run(contract, body, kind=Kind.TRIGGER)))
    assert names in told
    assert says in told


@pytest.mark.parametrize(
    ("signature", "body", "says"),
    [
        (
            "async def execute(self, inputs):",
            "return ActionResult(data={})",
            "does not accept the parameters that the SDK passes",
        ),
        ("async def execute(self, context, inputs):", "return ActionResult(data=inputs['url'])", "in another order"),
        ("async def run(self, inputs, context):", "return ActionResult(data={})", "has no method execute"),
    ],
)
def test_how_the_handler_is_called(run: Callable[..., Run], signature: str, body: str, says: str) -> None:
    head = HEAD.replace("async def execute(self, inputs, context):", signature)
    told = plain(headline.tell(run("2", body, head=head)))
    assert says in told
    assert "Write async def execute(self, inputs, context)" in told


@pytest.mark.parametrize(
    ("contract", "kind", "body", "says"),
    [
        (
            "2",
            Kind.ACTION,
            "yield ActionResult(data={})",
            "write return ActionResult(data=…) at the end of async def ex",
        ),
        ("0.1", Kind.ACTION, "x = yield {}", "write return results at the end of async def execute(self, inputs, con"),
        ("2", Kind.TRIGGER, "yield {'id': '1', 'data': {}}", "write return records at the end of async def poll(self"),
    ],
)
def test_a_handler_that_yields_is_told_to_collect(
    run: Callable[..., Run], contract: str, kind: Kind, body: str, says: str
) -> None:
    told = plain(headline.tell(run(contract, body, kind=kind)))
    assert "which makes it a generator; the SDK awaits one value (one.py:14)." in told
    assert "append(…) for each yield" in told
    assert says in told


def test_a_handler_that_is_a_plain_def_is_told_to_be_async(run: Callable[..., Run]) -> None:
    head = HEAD.replace("    async def execute", "    def execute")
    told = plain(headline.tell(run("2", "return ActionResult(data={})", head=head)))
    assert "a plain def, and the SDK awaits what it returns (one.py:13)." in told
    assert "Write async def execute(self, inputs, context)." in told


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        ("ActionResult({}, 'x')", "cost_usd is 'x', which is not a number; the cost is dropped (one.py:14)."),
        ("ActionResult({}, decimal.Decimal('0.5'))", "cost_usd is Decimal('0.5'), which is not a number"),
        ("ActionError('no', math.nan)", "cost_usd is nan, which is not a number"),
    ],
)
def test_a_cost_that_is_no_number_is_told_beside_the_result(run: Callable[..., Run], returned: str, says: str) -> None:
    done = run("2", f"return {returned}")
    found = hints.recognise(done)
    assert done.outcome.status in (Status.SUCCEEDED, Status.ACTION_ERROR)
    assert found is not None
    assert found.beside
    assert says in plain(found.cause_sentence)
    assert "in US dollars, or leave it out." in plain(found.fix)


@pytest.mark.parametrize(
    ("value", "names", "says"),
    [
        ("datetime.date(2026, 1, 2)", "a date,", ".isoformat()"),
        ("datetime.timedelta(1)", "a timedelta", ".total_seconds()"),
        ("b'bytes'", "bytes", ".decode()"),
        ("{1, 2}", "a set", "list(…)"),
        ("math.nan", "not a finite number", "None"),
        ("-math.inf", "not a finite number", "None"),
        ("decimal.Decimal('1.0')", "a Decimal", "float(…)"),
        ("object()", "a Python object", "made from it"),
        (
            "type('Decimal', (), {'__repr__': lambda self: 'datetime.date(1, 1, 1)'})()",
            "a Python object",
            "made from it",
        ),
        ("context.fetch(inputs['url'])", "context.fetch(…) was called without await", AWAIT),
    ],
)
def test_what_is_no_json_is_told_of_a_run_that_succeeded_too(
    run: Callable[..., Run], value: str, names: str, says: str
) -> None:
    done = run("2", f"return ActionResult(data={{'d': {value}}})")
    assert done.outcome.status is Status.SUCCEEDED
    assert hints.decisive(done) is None
    assert run_warnings.hint_beside(done) is None
    assert status_word(done).text == "Not JSON"
    assert names in plain(headline.tell(done))
    assert says in plain(headline.tell(done))


def test_a_call_that_nobody_awaits_is_told_though_the_run_succeeded(run: Callable[..., Run]) -> None:
    found = hints.recognise(run("0.1", "context.fetch(inputs['url'])\nreturn {}"))
    assert found is not None
    assert plain(found.cause_sentence) == UNAWAITED


def test_an_action_error_of_a_key_that_was_read_at_the_wrong_place(run: Callable[..., Run]) -> None:
    body = (
        "key = context.auth.get('api_key')\n"
        "try:\n"
        "    await context.fetch(inputs['url'], headers={'Authorization': f'Bearer {key}'})\n"
        "except Exception as error:\n"
        "    return ActionError(message=str(error))"
    )
    done = run("2", body, "/private")
    assert done.outcome.status is Status.ACTION_ERROR
    found = hints.recognise(done)
    assert found is not None
    assert 'Read context.auth["credentials"]["api_key"]' in plain(found.fix)


def test_an_envelope_looked_for_in_flat_auth_explains_the_401(run: Callable[..., Run]) -> None:
    body = (
        "key = context.auth.get('credentials', {}).get('api_key')\n"
        "return await context.fetch(inputs['url'], headers={'Authorization': f'Bearer {key}'})"
    )
    assert 'Read context.auth["api_key"]' in plain(headline.tell(run("0.1", body, "/private")))


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
        ("2", "return ActionResult(data={'n': inputs.get('nothing').upper()})"),
        ("0.1", "return {'n': inputs.get('nothing').upper()}"),
        ("0.1", "return 'no object'"),
        ("2", "return ActionResult(data=[(1, 2)][0:0] or {'t': (1, 2), 3: 4})"),
        ("2", "author = {'auth': {}}\nreturn ActionResult(data=author['auth']['token'])"),
        ("2", "return ActionResult(data={'x': {}.api_key})"),
        ("2", "raise TypeError('exceptions must derive from BaseException')"),
        ("0.1", "print(\"coroutine 'get' was never awaited\")\nreturn {'a': 1}"),
        ("2", "raise TypeError('act is not a coroutine: write `async def execute`.')"),
        ("2", "raise ValueError(\"'coroutine' is only a word here\".replace(\"'coroutine'\", 'x'))"),
    ],
)
def test_nothing_is_claimed_of_other_failures(run: Callable[..., Run], contract: str, body: str) -> None:
    assert hints.recognise(run(contract, body)) is None
