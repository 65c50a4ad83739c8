"""The table of the three contracts, row by row; each row under each contract."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from autohive_integrations_sdk import (
    ActionError,
    ActionHandler,
    ActionResult,
    ConnectedAccountHandler,
    ConnectedAccountInfo,
    ExecutionContext,
    FetchResponse,
    Integration,
    IntegrationResult,
    PollingTriggerHandler,
    ResultType,
    ValidationError,
    __version__,
    contracts,
)

Folder = Callable[..., Path]
RESULT_CONTRACTS = pytest.mark.parametrize("version", ["1", "2"])
ALL_CONTRACTS = pytest.mark.parametrize("version", ["0.1", "1", "2"])


@pytest.fixture
def answering(folder: Folder, config: Any) -> Callable[..., Integration]:
    """An integration under a contract, whose one action returns what it is told (or what a function makes of it)."""

    def make(version: str, answer: Any, **members: Any) -> Integration:
        integration = Integration.load(folder(config(**members)) / "config.json")
        integration.contract = version

        @integration.action("act")
        class Act(ActionHandler):
            async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
                if isinstance(answer, Exception):
                    raise answer
                return await answer(inputs, context) if callable(answer) else answer

        return integration

    return make


def wrapped(version: str, value: Any) -> Any:
    return value if version == "0.1" else ActionResult(data=value)


@pytest.mark.parametrize(("version", "kind"), [("0.1", dict), ("1", dict), ("2", FetchResponse)])
async def test_row_fetch_returns(version: str, kind: type, answering: Callable[..., Integration], service: Any) -> None:
    seen: list[Any] = []

    async def fetch(inputs: dict[str, Any], context: ExecutionContext) -> Any:
        seen.append(await context.fetch(service.url))
        return wrapped(version, {"r": 1})

    await answering(version, fetch).execute_action("act", {"q": 1}, ExecutionContext())
    assert type(seen[0]) is kind
    assert (seen[0].data if version == "2" else seen[0]) == {"ok": True}


async def test_row_fetch_outside_any_handler_answers_as_2(service: Any) -> None:
    async with ExecutionContext() as context:
        response = await context.fetch(service.url)
    assert isinstance(response, FetchResponse)
    assert (response.status, response.data) == (200, {"ok": True})


async def test_row_fetch_in_a_task_of_the_handler_follows_its_contract(
    answering: Callable[..., Integration], service: Any
) -> None:
    import asyncio

    async def fetch(inputs: dict[str, Any], context: ExecutionContext) -> Any:
        bodies = await asyncio.gather(*(asyncio.create_task(context.fetch(service.url)) for _ in range(3)))
        return ActionResult({"r": sum(body == {"ok": True} for body in bodies)})

    result = await answering("1", fetch).execute_action("act", {"q": 1}, ExecutionContext())
    assert result.result.data == {"r": 3}


@pytest.mark.parametrize("value", [None, True, 3, 1.5, "text", [1], {"a": None}])
async def test_row_handler_returns_any_json_value_under_0_1(value: Any, folder: Folder, config: Any) -> None:
    integration = Integration.load(folder(config(actions={"act": {"description": "d"}})) / "config.json")
    integration.contract = "0.1"

    @integration.action("act")
    class Act(ActionHandler):
        async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
            return value

    assert await integration.execute_action("act", {}, ExecutionContext()) is value


@RESULT_CONTRACTS
async def test_row_handler_returns_ActionResult(version: str, answering: Callable[..., Integration]) -> None:
    returned = ActionResult({"r": 1}, cost_usd=0.25)
    result = await answering(version, returned).execute_action("act", {"q": 1}, ExecutionContext())
    assert result == IntegrationResult(__version__, ResultType.ACTION, returned)
    assert result.result is returned


@RESULT_CONTRACTS
@pytest.mark.parametrize("value", [{"r": 1}, None, "text", [1]])
async def test_row_handler_that_returns_no_result_is_named(
    version: str, value: Any, answering: Callable[..., Integration]
) -> None:
    result = await answering(version, value).execute_action("act", {"q": 1}, ExecutionContext())
    assert result.type is ResultType.VALIDATION_ERROR
    assert result.result["source"] == "output"
    assert "must return ActionResult or ActionError" in result.result["message"]
    assert type(value).__name__ in result.result["message"]


async def test_row_a_result_class_under_0_1_says_which_contract_was_chosen(
    answering: Callable[..., Integration],
) -> None:
    with pytest.raises(ValidationError, match=r"ActionResult, which contract 0\.1 does not have.*chosen explicitly"):
        await answering("0.1", ActionResult({"r": 1})).execute_action("act", {"q": 1}, ExecutionContext())


@ALL_CONTRACTS
async def test_row_execute_action_returns(version: str, answering: Callable[..., Integration]) -> None:
    result = await answering(version, wrapped(version, {"r": 1})).execute_action("act", {"q": 1}, ExecutionContext())
    if version == "0.1":
        assert result == {"r": 1}
    else:
        assert (result.version, result.type, result.result) == (__version__, ResultType.ACTION, ActionResult({"r": 1}))


@pytest.mark.parametrize(
    ("inputs", "value", "source", "pointer"),
    [({"q": "x"}, {"r": 1}, "input", "/q"), ({}, {"r": 1}, "input", ""), ({"q": 1}, {"r": "x"}, "output", "/r")],
    ids=["wrong input", "missing input", "wrong output"],
)
@ALL_CONTRACTS
async def test_row_breaking_a_schema(
    version: str, inputs: Any, value: Any, source: str, pointer: str, answering: Callable[..., Integration]
) -> None:
    call = answering(version, wrapped(version, value)).execute_action("act", inputs, ExecutionContext())
    if version == "0.1":
        with pytest.raises(ValidationError) as caught:
            await call
        assert (caught.value.source, caught.value.errors[0].pointer) == (source, pointer)
        return
    result = await call
    assert result.type is ResultType.VALIDATION_ERROR
    assert set(result.result) == {"message", "property", "value", "source"}
    assert (result.result["source"], result.result["property"]) == (source, pointer)


@ALL_CONTRACTS
async def test_row_breaking_inputs_never_reach_the_handler(version: str, answering: Callable[..., Integration]) -> None:
    reached = []

    async def handle(inputs: Any, context: Any) -> Any:
        reached.append(inputs)

    call = answering(version, handle).execute_action("act", {}, ExecutionContext())
    if version == "0.1":
        with pytest.raises(ValidationError):
            await call
    else:
        await call
    assert reached == []


@ALL_CONTRACTS
@pytest.mark.parametrize(
    "auth",
    [{"api_key": "s3cret"}, {"auth_type": "Custom", "credentials": {"api_key": "s3cret"}}],
    ids=["flat", "envelope"],
)
async def test_row_auth_in_both_shapes_under_every_contract(
    version: str, auth: dict[str, Any], answering: Callable[..., Integration], config: Any
) -> None:
    got: list[Any] = []

    async def handle(inputs: Any, context: ExecutionContext) -> Any:
        got.append(context.auth)
        return wrapped(version, {"r": 1})

    integration = answering(version, handle, auth=config.auth)
    await integration.execute_action("act", {"q": 1}, ExecutionContext(auth=auth))
    assert got == [auth] and got[0] is auth


@ALL_CONTRACTS
@pytest.mark.parametrize(
    "auth",
    [{}, {"api_key": 7}, {"auth_type": "Custom", "credentials": {}}, {"api_key": "x", "credentials": {"api_key": 7}}],
    ids=["none", "flat", "envelope", "envelope beside flat"],
)
async def test_row_auth_that_breaks_its_fields(
    version: str, auth: dict[str, Any], answering: Callable[..., Integration], config: Any
) -> None:
    integration = answering(version, wrapped(version, {"r": 1}), auth=config.auth)
    call = integration.execute_action("act", {"q": 1}, ExecutionContext(auth=auth))
    if version == "0.1":
        with pytest.raises(ValidationError) as caught:
            await call
        assert caught.value.source == "auth"
    else:
        result = await call
        assert (result.type, result.result["source"]) == (ResultType.VALIDATION_ERROR, "auth")


async def test_row_auth_whose_credentials_are_no_dict_is_flat(answering: Callable[..., Integration]) -> None:
    fields = {"type": "object", "properties": {"credentials": {"type": "string"}}, "required": ["credentials"]}
    integration = answering("0.1", {"r": 1}, auth={"type": "custom", "fields": fields})
    assert await integration.execute_action("act", {"q": 1}, ExecutionContext(auth={"credentials": "text"})) == {"r": 1}


@RESULT_CONTRACTS
async def test_row_ActionError_is_returned_and_its_output_not_validated(
    version: str, answering: Callable[..., Integration]
) -> None:
    returned = ActionError("no such feed", cost_usd=0.01)
    result = await answering(version, returned).execute_action("act", {"q": 1}, ExecutionContext())
    assert (result.type, result.result) == (ResultType.ACTION_ERROR, returned)


@ALL_CONTRACTS
async def test_row_what_the_handler_raises_is_raised(version: str, answering: Callable[..., Integration]) -> None:
    with pytest.raises(ZeroDivisionError, match="boom"):
        await answering(version, ZeroDivisionError("boom")).execute_action("act", {"q": 1}, ExecutionContext())


@ALL_CONTRACTS
async def test_row_a_ValidationError_of_the_handler_counts_as_one_of_ours(
    version: str, answering: Callable[..., Integration]
) -> None:
    call = answering(version, ValidationError("mine")).execute_action("act", {"q": 1}, ExecutionContext())
    if version == "0.1":
        with pytest.raises(ValidationError, match="mine"):
            await call
    else:
        assert (await call).result == {"message": "mine", "property": None, "value": None, "source": "legacy"}


@ALL_CONTRACTS
async def test_row_an_action_without_a_handler(version: str, folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    integration.contract = version
    call = integration.execute_action("act", {"q": 1}, ExecutionContext())
    if version == "0.1":
        with pytest.raises(ValidationError, match="'act' not registered"):
            await call
    else:
        result = await call
        assert result.type is ResultType.VALIDATION_ERROR
        assert "'act' not registered" in result.result["message"]


@ALL_CONTRACTS
async def test_row_connected_account(version: str, folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    integration.contract = version

    @integration.connected_account()
    class Account(ConnectedAccountHandler):
        async def get_account_info(self, context: ExecutionContext) -> ConnectedAccountInfo:
            return ConnectedAccountInfo(email="a@example.org")

    result = await integration.get_connected_account(ExecutionContext())
    assert (result.type, result.result.email) == (ResultType.CONNECTED_ACCOUNT, "a@example.org")


@pytest.mark.parametrize(("version", "kind"), [("0.1", dict), ("1", dict), ("2", FetchResponse)])
async def test_row_fetch_in_triggers_and_accounts_follows_the_contract_too(
    version: str, kind: type, folder: Folder, service: Any, config: Any
) -> None:
    integration = Integration.load(folder(config(polling_triggers={"t": config.trigger})) / "config.json")
    integration.contract = version
    kinds: list[type] = []

    @integration.polling_trigger("t")
    class Poll(PollingTriggerHandler):
        async def poll(self, inputs: Any, last_poll_ts: Any, context: ExecutionContext) -> list[dict[str, Any]]:
            kinds.append(type(await context.fetch(service.url)))
            return []

    @integration.connected_account()
    class Account(ConnectedAccountHandler):
        async def get_account_info(self, context: ExecutionContext) -> ConnectedAccountInfo:
            kinds.append(type(await context.fetch(service.url)))
            return ConnectedAccountInfo()

    async with ExecutionContext() as context:
        await integration.execute_polling_trigger("t", {"feeds": []}, None, context)
        await integration.get_connected_account(context)
    assert kinds == [kind, kind]
    assert contracts.current() is contracts.DEFAULT
