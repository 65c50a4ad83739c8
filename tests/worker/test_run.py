"""What a worker says of a run, from its first event to its last, under each contract."""

import pytest

from workbench.domain import ContractVersion, EnvironmentVariable, Kind, Status
from workbench.events import HandlerReturned, HandlerStarted, IntegrationLoaded, WorkerReady

V0, V1, V2 = ContractVersion.V0_1, ContractVersion.V1, ContractVersion.V2

CONFIG = {
    "auth": {
        "type": "custom",
        "fields": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]},
    },
    "actions": {
        "go": {
            "description": "goes",
            "input_schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
            "output_schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
        }
    },
    "polling_triggers": {
        "news": {
            "description": "polls",
            "polling_interval": "5m",
            "input_schema": {"type": "object"},
            "output_schema": {"type": "object", "required": ["title"]},
        }
    },
}

GOOD = {"config": CONFIG, "inputs": {"n": 1}, "auth": {"key": "k"}}


def test_a_run_that_succeeds(integration, run) -> None:
    seen = run(integration('x = inputs["n"] + 1\nreturn {"n": x}', **GOOD))

    assert [type(event).__name__ for event in seen.events] == [
        "WorkerReady",
        "IntegrationLoaded",
        "HandlerStarted",
        "HandlerLeft",
        "HandlerReturned",
        "PackagesImported",
        "HandlerFinished",
    ]
    assert [event.at for event in seen.events] == sorted(event.at for event in seen.events)
    assert seen.one(WorkerReady).sdk_version
    loaded = seen.one(IntegrationLoaded)
    assert (loaded.actions, loaded.triggers, loaded.account) == (("go",), (), False)
    handler = seen.one(HandlerStarted).handler
    assert handler.function == "Go.execute"
    assert handler.file.endswith("integration/probe.py")
    assert handler.line == handler.source_line == 7
    assert handler.source.splitlines()[-1].strip() == 'return {"n": x}'
    answer = seen.one(HandlerReturned)
    assert (answer.returned.type_name, answer.returned.value, answer.returned.lossy) == ("dict", {"n": 2}, ())
    assert answer.line == 9
    assert (seen.finished.status, seen.finished.valued) == (Status.SUCCEEDED, True)
    assert seen.outcome.result == {"n": 2}
    assert seen.code == 0
    assert seen.raw_stderr == b""


RESULTS = [
    (V0, 'return {"n": 1}', Status.SUCCEEDED, {"n": 1}, None),
    (V1, 'return ActionResult({"n": 1}, 0.25)', Status.SUCCEEDED, {"n": 1}, 0.25),
    (V2, 'return ActionResult(data={"n": 1})', Status.SUCCEEDED, {"n": 1}, None),
    (V2, 'return ActionError("no luck", cost_usd=0.5)', Status.ACTION_ERROR, "no luck", 0.5),
    (V1, 'return ActionError("no luck")', Status.ACTION_ERROR, "no luck", None),
    (V0, 'return {"n": "1"}', Status.INVALID_OUTPUT, None, None),
    (V1, 'return ActionResult({"n": "1"}, 0.25)', Status.INVALID_OUTPUT, None, None),
    (V2, "return ActionResult(None)", Status.INVALID_OUTPUT, None, None),
    (V2, 'return {"n": 1}', Status.INVALID_OUTPUT, None, None),
    (V0, 'return ActionResult({"n": 1})', Status.INVALID_OUTPUT, None, None),
    (V0, "raise ValueError('no')", Status.FAILED, None, None),
    (V2, "raise ValueError('no')", Status.FAILED, None, None),
    (V2, "raise ValidationError('mine', source='input')", Status.FAILED, None, None),
    (V0, "raise ValidationError('mine', source='auth')", Status.FAILED, None, None),
    (V2, "raise HTTPError(500, 'down')", Status.FAILED, None, None),
]


@pytest.mark.parametrize(("contract", "body", "status", "result", "cost"), RESULTS)
def test_what_a_handler_returns_or_raises(integration, run, contract, body, status, result, cost) -> None:
    seen = run(integration(body, contract=contract, **GOOD))

    assert (seen.finished.status, seen.outcome.result) == (status, result)
    assert seen.finished.cost_usd == cost
    assert bool(seen.all(HandlerReturned)) == ("return" in body)
    assert (seen.finished.error is None) == (status is Status.SUCCEEDED)


def test_the_raw_return_value_is_kept_where_validation_refuses_it(integration, run) -> None:
    seen = run(integration('return ActionResult({"n": None}, 0.1)', contract=V2, **GOOD))

    returned = seen.outcome.returned
    assert (returned.type_name, returned.value, returned.cost_usd) == ("ActionResult", {"n": None}, 0.1)
    assert seen.finished.status is Status.INVALID_OUTPUT
    assert seen.finished.error.type == "ValidationError"
    assert "/n" in seen.finished.error.message


@pytest.mark.parametrize(
    ("contract", "asked", "status"),
    [
        (V0, {"inputs": {"n": "one"}}, Status.INVALID_INPUT),
        (V1, {"inputs": None}, Status.INVALID_INPUT),
        (V2, {"inputs": {"n": "one"}}, Status.INVALID_INPUT),
        (V0, {"auth": {"auth_type": "Custom", "credentials": {"key": 1}}}, Status.INVALID_AUTH),
        (V2, {"auth": {}}, Status.INVALID_AUTH),
    ],
)
def test_what_the_sdk_refuses(integration, run, contract, asked, status) -> None:
    seen = run(integration("return None", contract=contract, **(GOOD | asked)))

    assert seen.finished.status is status
    assert seen.finished.error.type == "ValidationError"
    assert not seen.all(HandlerStarted)


def test_the_auth_that_the_handler_sees(integration, run) -> None:
    from workbench.domain import AuthShape

    seen = run(integration("return ActionResult(context.auth)", contract=V2, auth={"key": "k"}, inputs={},
                           auth_shape=AuthShape.ENVELOPE, auth_type="ApiKey"))  # fmt: skip
    assert seen.outcome.result == {"auth_type": "ApiKey", "credentials": {"key": "k"}}


def test_metadata_and_environment_reach_the_code(integration, run) -> None:
    code = """\
    import os, subprocess, time
    from autohive_integrations_sdk import *

    probe = Integration.load()
    AT_IMPORT = os.environ["PROBE_TOKEN"]

    @probe.action("go")
    class Go(ActionHandler):
        async def execute(self, inputs, context):
            inherited = subprocess.check_output(["sh", "-c", "echo $PROBE_TOKEN"], text=True).strip()
            return [context.metadata, AT_IMPORT, inherited, "PATH" in os.environ, time.tzname[0]]
    """
    variables = (("PROBE_TOKEN", "t1"), ("PATH", None), ("TZ", "XYZ-3"), ("A=B", "x"), ("NUL", "\0"))
    seen = run(
        integration(
            code=code,
            metadata={"region": "eu"},
            environment=tuple(EnvironmentVariable(name, value) for name, value in variables),
        )
    )
    assert seen.outcome.result == [{"region": "eu"}, "t1", "t1", False, "XYZ"]
    assert seen.notes == ["These environment variables could not be set: 'A=B', 'NUL'."]


@pytest.mark.parametrize(("contract", "expected"), [(V0, "str"), (V1, "str"), (V2, "FetchResponse")])
def test_the_contract_asked_for_wins_over_the_folder(integration, run, contract, expected, http) -> None:
    body = 'got = type(await context.fetch(inputs["url"])).__name__\n'
    body += "return {'type': got}" if contract is V0 else "return ActionResult({'type': got})"
    other = "autohive-integrations-sdk~=2.0.0" if contract is not V2 else "autohive-integrations-sdk~=0.1.2"
    asked = {"inputs": {"url": f"{http}/text"}, "files": {"requirements.txt": other}}
    seen = run(integration(body, contract=contract, **asked))
    assert seen.outcome.result == {"type": expected}


TRIGGER = """\
from autohive_integrations_sdk import *

probe = Integration.load()

@probe.polling_trigger("news")
class News(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        return [{"id": last_poll_ts, "data": inputs}]
"""


def test_a_polling_trigger(integration, run) -> None:
    asked = {"kind": Kind.TRIGGER, "name": "news", "last_poll_ts": "1700000000", "config": CONFIG, "auth": {"key": ""}}
    seen = run(integration(code=TRIGGER, inputs={"title": "t"}, **asked))
    assert seen.finished.status is Status.SUCCEEDED
    assert seen.outcome.result == [{"id": "1700000000", "data": {"title": "t"}}]
    assert seen.outcome.handler.function == "News.poll"

    refused = run(integration(code=TRIGGER, inputs={}, **asked))
    assert refused.finished.status is Status.INVALID_OUTPUT
    assert refused.outcome.returned.value == [{"id": "1700000000", "data": {}}]


ACCOUNT = """\
from autohive_integrations_sdk import *

probe = Integration.load()

@probe.connected_account()
class Account(ConnectedAccountHandler):
    async def get_account_info(self, context):
        return ConnectedAccountInfo(email="a@b.c", user_id="7")
"""


def test_a_connected_account(integration, run) -> None:
    seen = run(integration(code=ACCOUNT, kind=Kind.ACCOUNT, name="", contract=V2))
    assert seen.finished.status is Status.SUCCEEDED
    assert seen.one(IntegrationLoaded).account
    assert seen.outcome.returned.type_name == "ConnectedAccountInfo"
    assert seen.outcome.result["email"] == "a@b.c"
    assert set(seen.outcome.result) >= {"first_name", "organization"}


def test_the_line_of_the_return_statement(integration, run) -> None:
    body = """
        if inputs["n"] > 5:
            return {"n": 1}
        try:
            for _ in range(3):
                return {"n": 2}
        finally:
            inputs.clear()
    """
    seen = run(integration(body, **GOOD))
    assert seen.one(HandlerReturned).line == 12

    within = run(integration('async with context:\n    for _ in "ab":\n        return {"n": 3}', **GOOD))
    assert within.one(HandlerReturned).line == 10

    many = run(integration("return {\n    'n':\n        7\n}", **GOOD))
    assert many.one(HandlerReturned).line == 8


def test_a_handler_that_is_not_async(integration, run) -> None:
    code = """\
    from autohive_integrations_sdk import *
    probe = Integration.load()
    @probe.action("go")
    class Go(ActionHandler):
        def execute(self, inputs, context):
            return {"n": 1}
    """
    seen = run(integration(code=code))
    assert seen.finished.status is Status.FAILED
    assert "async def execute" in seen.finished.error.message
    assert seen.outcome.returned.value == {"n": 1}


@pytest.mark.parametrize(("write", "kind"), [("async def", "an async generator"), ("def", "a generator")])
def test_a_handler_that_yields(integration, run, write: str, kind: str) -> None:
    code = f"""\
    from autohive_integrations_sdk import *
    probe = Integration.load()
    @probe.action("go")
    class Go(ActionHandler):
        {write} execute(self, inputs, context):
            yield {{"n": 1}}
    """
    seen = run(integration(code=code))
    assert seen.finished.status is Status.FAILED
    assert f"Go.execute is {kind}, because of its `yield`" in seen.finished.error.message


def test_a_handler_class_stays_what_it_was(integration, run) -> None:
    code = """\
    import functools
    from abc import ABCMeta
    from autohive_integrations_sdk import *

    probe = Integration.load()

    class Meta(ABCMeta): ...

    def logged(method):
        @functools.wraps(method)
        async def wrapper(self, *args):
            return await method(self, *args)
        return wrapper

    class Base(ActionHandler, metaclass=Meta):
        def __init__(self):
            super().__init__()
            self.seen = type(self).__name__

    @probe.action("go")
    class Go(Base):
        @logged
        async def execute(self, inputs, context):
            again = await probe.execute_action("go", {}, context) if inputs else {}
            return {"name": self.seen, "module": type(self).__module__, "isinstance": isinstance(self, Go), **again}
    """
    seen = run(integration(code=code, inputs={"again": True}))
    assert seen.outcome.result == {"name": "Go", "module": "probe", "isinstance": True}
    assert seen.outcome.handler.function == "Go.execute"
    assert seen.all(HandlerReturned)[-1].line == 25


DROPS = """
async def helper():
    pass

helper()
context.fetch("http://127.0.0.1")
import aiohttp
async with aiohttp.ClientSession() as session:
    session.get("http://127.0.0.1")
print("coroutine 'other' was never awaited")
return {"lost": [helper()]}
"""


def test_calls_that_nobody_awaited_are_facts_of_the_run(integration, run) -> None:
    outcome = run(integration(DROPS)).outcome

    names = [call.function.rpartition(".<locals>.")[2] for call in outcome.unawaited]
    assert names[:3] == ["helper", "ExecutionContext.fetch", "ClientSession._request"]
    assert not {"other", "awaited_call"} & set(names)
    assert [call.place.line for call in outcome.unawaited[:3]] == [11, 12, 15]
    assert [name.rpartition(".")[2] for name in outcome.returned.coroutines] == ["helper"]


def test_a_handler_that_cannot_be_awaited_is_told_apart_from_one_that_says_so(integration, run) -> None:
    assert run(integration("yield 1")).outcome.error.not_awaitable
    assert not run(integration("raise TypeError('it is not a coroutine: write')")).outcome.error.not_awaitable
