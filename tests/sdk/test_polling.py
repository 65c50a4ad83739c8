"""The facts about polling triggers, and connected accounts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import (
    ActionResult,
    ConnectedAccountHandler,
    ConnectedAccountInfo,
    ExecutionContext,
    Integration,
    PollingTriggerHandler,
    ValidationError,
)

Folder = Callable[..., Path]
RECORD = {"id": "1", "data": {"title": "First"}}


@pytest.fixture
def polling(folder: Folder, config: Any) -> Callable[..., Integration]:
    """An integration whose trigger ``new`` returns what it is told."""

    def make(answer: Any, **members: Any) -> Integration:
        document = config(polling_triggers={"new": config.trigger}, **members)
        integration = Integration.load(folder(document) / "config.json")

        @integration.polling_trigger("new")
        class New(PollingTriggerHandler):
            async def poll(self, inputs: Any, last_poll_ts: Any, context: ExecutionContext) -> Any:
                if isinstance(answer, Exception):
                    raise answer
                return answer(inputs, last_poll_ts, context) if callable(answer) else answer

        return integration

    return make


async def poll(integration: Integration, last_poll_ts: Any = None, auth: Any = None) -> Any:
    return await integration.execute_polling_trigger("new", {"feeds": []}, last_poll_ts, ExecutionContext(auth=auth))


@pytest.mark.parametrize("version", ["0.1", "1", "2"])
@pytest.mark.parametrize("records", [[], [RECORD], [RECORD, RECORD | {"extra": 1}]], ids=len)
async def test_fact_records_come_back_as_they_are(version: str, records: Any, polling: Any) -> None:
    integration = polling(records)
    integration.contract = version
    assert await poll(integration) == records


@pytest.mark.parametrize("last_poll_ts", [None, "1767225600", 1767225600.5])
async def test_fact_the_handler_gets_inputs_timestamp_and_context(last_poll_ts: Any, polling: Any) -> None:
    got: list[Any] = []
    context = ExecutionContext()
    integration = polling(lambda *arguments: got.append(arguments) or [])
    inputs = {"feeds": ["x"]}
    await integration.execute_polling_trigger("new", inputs, last_poll_ts, context)
    assert got == [(inputs, last_poll_ts, context)]
    assert got[0][0] is inputs


@pytest.mark.parametrize("version", ["0.1", "1", "2"])
@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([{"data": {"title": "x"}}], ["'new'", "'id'", "record 0"]),
        ([RECORD, {"id": "2"}], ["'new'", "'data'", "record 1"]),
        ([{}], ["'new'", "'id'"]),
        ([RECORD, 5], ["'new'", "record 1", "int"]),
        (None, ["'new'", "list of records", "NoneType"]),
        ({"id": 1}, ["'new'", "list of records", "dict"]),
        ("text", ["'new'", "list of records", "str"]),
        (ActionResult([]), ["'new'", "list of records", "ActionResult"]),
        ([RECORD, {"id": "2", "data": {}}], ["'new'", "record 1", "'title' is a required property", "/required"]),
        ([{"id": "2", "data": {"title": 5}}], ["'new'", "record 0", "/title", "/properties/title/type"]),
    ],
    ids=str,
)
async def test_fact_records_that_break_a_rule_are_named(
    version: str, records: Any, words: list[str], polling: Any
) -> None:
    integration = polling(records)
    integration.contract = version
    with pytest.raises(ValidationError) as caught:
        await poll(integration)
    assert [word for word in words if word not in caught.value.message] == []
    assert caught.value.source == "output"


async def test_fact_inputs_and_auth_are_checked_first(polling: Any, config: Any) -> None:
    reached: list[Any] = []
    integration = polling(lambda *arguments: reached.append(1) or [], auth=config.auth)
    with pytest.raises(ValidationError) as caught:
        await integration.execute_polling_trigger("new", {}, None, ExecutionContext(auth={"api_key": "k"}))
    assert (caught.value.source, caught.value.errors[0].schema_pointer) == ("input", "/required")
    with pytest.raises(ValidationError) as caught:
        await poll(integration, auth={"api_key": 5})
    assert (caught.value.source, caught.value.errors[0].pointer) == ("auth", "/api_key")
    assert reached == []
    assert await poll(integration, auth={"credentials": {"api_key": "k"}}) == []


async def test_fact_what_the_poller_raises_is_raised(polling: Any) -> None:
    with pytest.raises(LookupError, match="boom"):
        await poll(polling(LookupError("boom")))


@pytest.mark.parametrize("auth", [None, {}, {"type": "platform", "provider": "x"}, {"type": "custom"}], ids=str)
async def test_defect_a_trigger_on_an_integration_without_auth_fields_runs(auth: Any, polling: Any) -> None:
    assert await poll(polling([RECORD], **({} if auth is None else {"auth": auth}))) == [RECORD]


async def test_a_trigger_without_a_handler_is_named(folder: Folder, config: Any) -> None:
    integration = Integration.load(folder(config(polling_triggers={"new": config.trigger})) / "config.json")
    for name in ("new", "typo"):
        with pytest.raises(ValidationError, match=f"'{name}' not registered"):
            await integration.execute_polling_trigger(name, {}, None, ExecutionContext())


@pytest.fixture
def account(folder: Folder, config: Any) -> Callable[..., Integration]:
    """An integration whose connected account is what it is told."""

    def make(answer: Any) -> Integration:
        integration = Integration.load(folder(config(auth=config.auth)) / "config.json")

        @integration.connected_account()
        class Account(ConnectedAccountHandler):
            async def get_account_info(self, context: ExecutionContext) -> Any:
                return answer

        return integration

    return make


async def test_the_connected_account_comes_back_as_a_result(account: Any) -> None:
    info = ConnectedAccountInfo(email="a@example.org", user_id="7")
    result = await account(info).get_connected_account(ExecutionContext(auth={"api_key": "k"}))
    assert (result.type, result.result) == ("connected_account", info)


@pytest.mark.parametrize("answer", [None, {"email": "x"}, "x"])
async def test_a_connected_account_of_another_type_is_named(answer: Any, account: Any) -> None:
    with pytest.raises(ValidationError, match=f"must return ConnectedAccountInfo, got {type(answer).__name__}"):
        await account(answer).get_connected_account(ExecutionContext(auth={"api_key": "k"}))


async def test_the_auth_of_a_connected_account_is_checked(account: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        await account(ConnectedAccountInfo()).get_connected_account(ExecutionContext(auth={}))
    assert caught.value.source == "auth"


async def test_a_connected_account_without_a_handler_is_named(folder: Folder) -> None:
    with pytest.raises(ValidationError, match="No connected account handler"):
        await Integration.load(folder() / "config.json").get_connected_account(ExecutionContext())
