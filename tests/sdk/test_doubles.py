"""A context may be a double: execution reads ``context.auth`` and nothing private, whatever the context is."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock

import pytest
from autohive_integrations_sdk import (
    ActionHandler,
    ActionResult,
    ConnectedAccountHandler,
    ConnectedAccountInfo,
    ExecutionContext,
    FetchResponse,
    Integration,
    PollingTriggerHandler,
)

AUTH = {"auth_type": "Custom", "credentials": {"api_key": "k"}}
ANSWER = FetchResponse(200, {}, {"r": 7})


class Own(ExecutionContext):
    """A subclass that does not call ``super().__init__``."""

    def __init__(self) -> None:
        self.auth = AUTH

    async def fetch(self, *arguments: Any, **options: Any) -> Any:
        return ANSWER


def mock(kind: Callable[..., Any], **options: Any) -> Any:
    made = kind(**options)
    made.auth = AUTH
    made.fetch = AsyncMock(return_value=ANSWER)
    return made


async def fetch(*arguments: Any, **options: Any) -> Any:
    return ANSWER


CONTEXTS = [
    pytest.param(lambda: mock(Mock, spec=ExecutionContext), id="Mock(spec)"),
    pytest.param(lambda: mock(MagicMock, spec=ExecutionContext), id="MagicMock(spec)"),
    pytest.param(lambda: mock(AsyncMock, spec=ExecutionContext), id="AsyncMock(spec)"),
    pytest.param(lambda: mock(Mock), id="Mock"),
    pytest.param(lambda: mock(MagicMock), id="MagicMock"),
    pytest.param(lambda: mock(AsyncMock), id="AsyncMock"),
    pytest.param(lambda: SimpleNamespace(auth=AUTH, fetch=fetch), id="SimpleNamespace"),
    pytest.param(Own, id="subclass"),
    pytest.param(lambda: ExecutionContext(AUTH), id="real"),
]


@pytest.fixture
def integration(folder: Callable[..., Any], config: Any) -> Integration:
    """An integration with one handler of each kind, whose auth declares a field."""
    made = Integration.load(folder(config(auth=config.auth, polling_triggers={"new": config.trigger})) / "config.json")

    async def answer(context: Any) -> Any:
        return {"r": 7} if type(context) is ExecutionContext else (await context.fetch("https://x.test")).data

    @made.action("act")
    class Act(ActionHandler):
        async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
            return ActionResult(await answer(context))

    @made.polling_trigger("new")
    class New(PollingTriggerHandler):
        async def poll(self, inputs: Any, last_poll_ts: Any, context: ExecutionContext) -> Any:
            return [{"id": (await answer(context))["r"], "data": {"title": "t"}}]

    @made.connected_account()
    class Account(ConnectedAccountHandler):
        async def get_account_info(self, context: ExecutionContext) -> Any:
            return ConnectedAccountInfo(user_id=str((await answer(context))["r"]))

    return made


@pytest.mark.parametrize("make", CONTEXTS)
async def test_every_call_takes_a_double(make: Callable[[], Any], integration: Integration) -> None:
    result = await integration.execute_action("act", {"q": 1}, make())
    assert (result.type, result.result.data) == ("action", {"r": 7})
    records = await integration.execute_polling_trigger("new", {"feeds": []}, None, make())
    assert records == [{"id": 7, "data": {"title": "t"}}]
    account = await integration.get_connected_account(make())
    assert account.result.user_id == "7"


async def test_nothing_of_a_double_is_touched_but_its_auth(integration: Integration) -> None:
    class Watchful:
        def __init__(self) -> None:
            object.__setattr__(self, "touched", [])

        def __getattribute__(self, name: str) -> Any:
            object.__getattribute__(self, "touched").append(name)
            return {"auth": AUTH, "fetch": fetch}[name]

        def __setattr__(self, name: str, value: Any) -> None:
            raise AssertionError(name)

    context = Watchful()
    await integration.execute_action("act", {"q": 1}, context)  # type: ignore[arg-type]  # a double
    assert set(object.__getattribute__(context, "touched")) == {"auth", "fetch"}


async def test_a_subclass_that_set_nothing_but_its_auth_can_fetch(service: Any) -> None:
    class Bare(ExecutionContext):
        def __init__(self) -> None:
            self.auth = AUTH

    async with Bare() as context:
        assert (await context.fetch(service.url)).data == {"ok": True}
    assert context._session is None
