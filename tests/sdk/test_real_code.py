"""What real integrations and their tests do with the SDK, beside what the documents promise."""

import asyncio
import copy
import gc
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import AsyncMock, MagicMock, patch

import autohive_integrations_sdk as package
import pytest
from autohive_integrations_sdk import (
    ActionHandler,
    ActionResult,
    ExecutionContext,
    FetchResponse,
    Integration,
    ResultType,
)
from autohive_integrations_sdk import integration as core

Folder = Callable[..., Path]
_NAMES = {"entry", "helpers", "actions"}

GUIDE = """
from autohive_integrations_sdk import (
    Integration, ExecutionContext, ActionHandler, PollingTriggerHandler
)
from typing import Dict, Any

# Create the integration using the config.json
api_fetch = Integration.load()

@api_fetch.action("my_action_handler")
class APIFetchActionHeader(ActionHandler):
    async def execute(self, inputs: Dict[str, Any], context: ExecutionContext):
        url = inputs["url"]
        api_key = context.auth["api_key"]

        # Do the API call here
        response = await context.fetch(url, headers={"Authorization": f"Bearer {api_key}"})

        print("Response: ", response)

        return response
"""


@pytest.fixture
def on_path(folder: Folder) -> Iterator[Callable[..., ModuleType]]:
    """Imports ``entry`` from an integration's folder by its name, with the folder on ``sys.path``."""
    # Other rooms' tests import integrations too: a package `actions` of theirs must not stand in for ours.
    others = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in _NAMES}
    before = set(sys.modules)
    added: list[str] = []

    def load(document: Any = None, /, **files: str) -> ModuleType:
        root = folder(document, **files)
        sys.path.insert(0, str(root))
        added.append(str(root))
        return __import__("entry")

    yield load
    for root in added:
        sys.path.remove(root)
    for name in set(sys.modules) - before:
        module_file = getattr(sys.modules[name], "__file__", None) or ""
        if any(module_file.startswith(root) for root in added) or name == "actions":
            del sys.modules[name]
    sys.modules.update(others)


async def test_the_guides_handler_runs_as_printed(on_path: Any, config: Any, service: Any) -> None:
    service.answer({"data": {"hello": "world"}})
    action = {
        "description": "Call an API.",
        "input_schema": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
        "output_schema": {"type": "object", "properties": {"data": {"type": "object"}}, "required": ["data"]},
    }
    entry = on_path(config(actions={"my_action_handler": action}, auth=config.auth), entry=GUIDE)
    async with ExecutionContext(auth={"api_key": "test_api_key"}) as context:
        result = await entry.api_fetch.execute_action("my_action_handler", {"url": f"{service.url}/test"}, context)
        assert result == {"data": {"hello": "world"}}
        with pytest.raises(Exception) as caught:
            await entry.api_fetch.execute_action("my_action_handler", {}, context)
        assert "'url' is a required property" in caught.value.message  # type: ignore[attr-defined]  # the guide's own way
    assert service.seen[0].headers["Authorization"] == "Bearer test_api_key"


async def test_handlers_of_an_actions_package_register_on_the_same_integration(on_path: Any, config: Any) -> None:
    sdk = "from autohive_integrations_sdk import"
    act = f"""
{sdk} ActionHandler, ActionResult, ExecutionContext
from entry import thing
from helpers import answer

@thing.action("act")
class Act(ActionHandler):
    async def execute(self, inputs, context: ExecutionContext) -> ActionResult:
        return answer(inputs["q"] + 1)
"""
    files = {"actions/__init__.py": "from . import act\n", "actions/act.py": act}
    helpers = f"{sdk} ActionResult\ndef answer(n):\n    return ActionResult(data={{'r': n}})\n"
    entry = on_path(entry=f"{sdk} Integration\nthing = Integration.load()\nimport actions\n", helpers=helpers, **files)
    result = await entry.thing.execute_action("act", {"q": 1}, ExecutionContext())
    assert (result.type, result.result.data) == (ResultType.ACTION, {"r": 2})
    assert entry.thing.contract.reason == "actions.act imports ActionResult"


@pytest.fixture
def fetching(folder: Folder) -> Integration:
    """An integration under contract 2 whose action answers with what it fetched."""
    integration = Integration.load(folder() / "config.json")

    @integration.action("act")
    class Act(ActionHandler):
        def __init__(self) -> None:
            self.calls = 0

        async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
            self.calls += 1
            response = await context.fetch("http://127.0.0.1:9/", params={"q": inputs["q"]})
            return ActionResult(data={"r": response.data["r"], "calls": self.calls})

    return integration


async def test_a_test_puts_a_mock_in_place_of_fetch(fetching: Integration) -> None:
    context = ExecutionContext(auth={})
    context.fetch = AsyncMock(return_value=FetchResponse(200, {}, {"r": 7}))  # type: ignore[method-assign]  # as tests do
    result = await fetching.execute_action("act", {"q": 1}, context)
    assert result.result.data == {"r": 7, "calls": 1}
    context.fetch.assert_awaited_once_with("http://127.0.0.1:9/", params={"q": 1})


async def test_a_test_puts_a_mock_in_place_of_the_context(fetching: Integration) -> None:
    context = MagicMock(name="context")
    context.auth = {}
    context.fetch = AsyncMock(return_value=FetchResponse(200, {}, {"r": 7}))
    result = await fetching.execute_action("act", {"q": 1}, context)
    assert result.type == "action"


async def test_a_test_patches_fetch_on_the_class(fetching: Integration) -> None:
    answer = AsyncMock(return_value=FetchResponse(200, {}, {"r": 7}))
    with patch.object(ExecutionContext, "fetch", answer), patch("autohive_integrations_sdk.integration.asyncio.sleep"):
        assert (await fetching.execute_action("act", {"q": 1}, ExecutionContext())).result.data["r"] == 7


async def test_a_test_patches_the_session_of_aiohttp(fetching: Integration) -> None:
    response = MagicMock(status=200, headers={"Content-Type": "application/json"}, content_type="application/json")
    response.json = AsyncMock(return_value={"r": 7})
    with patch("autohive_integrations_sdk.integration.aiohttp.ClientSession") as session_class:
        session = session_class.return_value
        session.closed = False
        session.close = AsyncMock()
        session.request.return_value.__aenter__ = AsyncMock(return_value=response)
        session.request.return_value.__aexit__ = AsyncMock(return_value=False)
        result = await fetching.execute_action("act", {"q": 1}, ExecutionContext())
    assert result.result.data == {"r": 7, "calls": 1}
    session.close.assert_awaited_once()


async def test_a_test_calls_a_handler_by_itself(fetching: Integration) -> None:
    handler = fetching._action_handlers["act"]()
    context = MagicMock(fetch=AsyncMock(return_value=FetchResponse(200, {}, {"r": 1})))
    assert (await handler.execute({"q": 1}, context)).data["r"] == 1


async def test_an_instance_is_made_for_every_call(fetching: Integration) -> None:
    context = MagicMock(fetch=AsyncMock(return_value=FetchResponse(200, {}, {"r": 1})), auth={})
    for _ in range(3):
        assert (await fetching.execute_action("act", {"q": 1}, context)).result.data["calls"] == 1


async def test_a_context_without_async_with_leaves_no_session_behind(folder: Folder, service: Any) -> None:
    integration = Integration.load(folder() / "config.json")
    contexts: list[ExecutionContext] = []

    @integration.action("act")
    class Act(ActionHandler):
        async def execute(self, inputs: Any, context: ExecutionContext) -> ActionResult:
            await context.fetch(service.url)
            assert context._session is not None
            contexts.append(context)
            return ActionResult({"r": inputs["q"]})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shared = ExecutionContext()
        calls = [integration.execute_action("act", {"q": number}, shared) for number in range(5)]
        assert [result.result.data["r"] for result in await asyncio.gather(*calls)] == [0, 1, 2, 3, 4]
        assert shared._session is None
        async with ExecutionContext() as entered:
            await integration.execute_action("act", {"q": 1}, entered)
            assert entered._session is not None and not entered._session.closed
        contexts.clear()
        gc.collect()


def test_a_context_serves_one_event_loop_after_another(folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")

    @integration.action("act")
    class Act(ActionHandler):
        async def execute(self, inputs: Any, context: ExecutionContext) -> ActionResult:
            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
                await writer.drain()
                writer.close()

            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            async with server:
                host, port = server.sockets[0].getsockname()
                response = await context.fetch(f"http://{host}:{port}/")
            return ActionResult({"r": len(response.data)})

    context = ExecutionContext()
    for _ in range(2):
        result = asyncio.run(integration.execute_action("act", {"q": 1}, context))
        assert result.result.data == {"r": 1}


async def test_several_calls_at_once_do_not_mix_their_contracts(folder: Folder, service: Any) -> None:
    kinds: list[tuple[str, type]] = []

    def make(version: str) -> Integration:
        integration = Integration.load(folder() / "config.json")
        integration.contract = version

        @integration.action("act")
        class Act(ActionHandler):
            async def execute(self, inputs: Any, context: ExecutionContext) -> ActionResult:
                kinds.extend([(version, type(await context.fetch(service.url))) for _ in range(3)])
                return ActionResult({"r": 1})

        return integration

    calls = [make(version).execute_action("act", {"q": 1}, ExecutionContext()) for version in ("1", "2") * 5]
    await asyncio.gather(*calls)
    assert set(kinds) == {("1", dict), ("2", FetchResponse)}


def test_isinstance_holds_across_both_import_paths() -> None:
    assert isinstance(package.ActionResult(1), core.ActionResult)
    assert issubclass(core.RateLimitError, package.HTTPError)
    assert package.ExecutionContext is core.ExecutionContext


def test_a_config_can_be_copied_and_compared(folder: Folder) -> None:
    loaded = Integration.load(folder() / "config.json").config
    assert copy.deepcopy(loaded) == loaded


def test_an_integration_can_be_made_from_a_config_without_a_file() -> None:
    config = core.IntegrationConfig("n", "1", "d", {}, {"act": core.Action("act", "d", {}, {})}, {})
    integration = Integration(config)
    assert integration.action("act")(ActionHandler) is ActionHandler
    assert integration.config is config


async def test_the_inputs_reach_the_handler_as_the_same_object(folder: Folder) -> None:
    integration = Integration.load(folder() / "config.json")
    got: list[Any] = []

    @integration.action("act")
    class Act(ActionHandler):
        async def execute(self, inputs: Any, context: ExecutionContext) -> ActionResult:
            got.append(inputs)
            return ActionResult({"r": 1})

    inputs = {"q": 1, "extra": object()}
    await integration.execute_action("act", inputs, ExecutionContext())
    assert got[0] is inputs
