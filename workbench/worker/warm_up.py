"""The warm-up of a worker: an execution in advance, so that a run finds everything imported."""

import asyncio
import contextlib
import gc
import importlib
import sys
from pathlib import Path
from typing import Any

from autohive_integrations_sdk import ActionHandler, ExecutionContext, Integration, ValidationError, contracts
from autohive_integrations_sdk.integration import Action, IntegrationConfig

from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    Frame,
    ImportedPackage,
    Kind,
    PackagePlace,
    Returned,
    RunRequest,
    Status,
)
from workbench.events import (
    Assign,
    Event,
    HandlerFinished,
    HandlerLeft,
    HandlerReturned,
    HandlerStarted,
    IntegrationLoaded,
    PackagesImported,
    WorkerReady,
    decode,
    encode,
)
from workbench.worker.import_path import ImportPath
from workbench.worker.packages import imported_packages

_SCHEMA = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}, "required": ["n"]}


def warm_up(loop: asyncio.AbstractEventLoop) -> None:
    """Import all that a run needs, and keep it out of later collections of garbage."""
    rehearse(loop)
    gc.collect()
    gc.freeze()  # what exists now stays: later collections need not visit it


def rehearse(loop: asyncio.AbstractEventLoop) -> None:
    """Execute a minimal integration once with valid and invalid inputs, and send a message over the wire.

    In a worker that was forked this copies the pages of memory that a run writes to.
    """
    config = IntegrationConfig(
        "warm-up", "1.0.0", "", {"fields": _SCHEMA}, {"go": Action("go", "", _SCHEMA, _SCHEMA)}, {}
    )
    integration = Integration(config)
    integration.action("go")(_WarmUpHandler)
    with contracts.use("0.1"):
        for number in (1, -1):
            loop.run_until_complete(_execute(integration, {"n": number}))
    decode(encode(Assign(_request())))
    importlib.invalidate_caches()  # its first call imports importlib.metadata
    for module in list(sys.modules.values()):  # as a run does, to find the modules that are the integration's
        getattr(module, "__file__", None)


def fill_caches() -> None:
    """Do once what each forked worker would do: import adapters, read the types of events, list what is installed."""
    with contextlib.suppress(Exception):  # each worker notes that it cannot import them
        importlib.import_module("workbench.worker.capture.aiohttp.adapter")
        importlib.import_module("workbench.worker.capture.websockets.aiohttp")
    for event in _events():
        encode(event)
    imported_packages(Path("/"), ImportPath())


class _WarmUpHandler(ActionHandler):
    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        return inputs


async def _execute(integration: Integration, inputs: dict[str, Any]) -> None:
    async with ExecutionContext(auth={"n": 1}) as context:
        try:
            await integration.execute_action("go", inputs, context)
        except ValidationError:
            return


def _events() -> tuple[Event, ...]:
    """One of each event that every run sends: the types of their fields are read at the first of each."""
    return (
        WorkerReady(0.0, 0, ""),
        IntegrationLoaded(0.0, ("go",), (), account=False),
        HandlerStarted(0.0, Frame("", 1, "")),
        HandlerLeft(0.0),
        HandlerReturned(0.0, Returned("dict", None)),
        PackagesImported(0.0, (ImportedPackage("", "", PackagePlace.ENVIRONMENT),)),
        HandlerFinished(0.0, Status.SUCCEEDED),
    )


def _request() -> RunRequest:
    contract = Contract(ContractVersion.V0_1)
    return RunRequest("warm-up", Path("/"), "", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
