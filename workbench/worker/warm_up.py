"""A rehearsal, so that a run finds everything imported and nothing is done for the first time."""

import asyncio
import gc
import importlib
from pathlib import Path
from typing import Any

from autohive_integrations_sdk import ActionHandler, ExecutionContext, Integration, ValidationError, contracts
from autohive_integrations_sdk.integration import Action, IntegrationConfig

from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest
from workbench.events import Assign, decode, encode

_SCHEMA = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}, "required": ["n"]}


def warm_up(loop: asyncio.AbstractEventLoop) -> None:
    """Do once, on an integration made of nothing, what a run does: validate, execute, refuse, travel over the wire."""
    config = IntegrationConfig(
        "rehearsal", "1.0.0", "", {"fields": _SCHEMA}, {"go": Action("go", "", _SCHEMA, _SCHEMA)}, {}
    )
    rehearsal = Integration(config)
    rehearsal.action("go")(_Rehearsal)
    with contracts.use("0.1"):
        for number in (1, -1):
            loop.run_until_complete(_execute(rehearsal, {"n": number}))
    importlib.invalidate_caches()  # its first call imports importlib.metadata
    decode(encode(Assign(_request())))
    gc.collect()
    gc.freeze()  # what is here stays: later collections need not look at it again


class _Rehearsal(ActionHandler):
    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        return inputs


async def _execute(rehearsal: Integration, inputs: dict[str, Any]) -> None:
    async with ExecutionContext(auth={"n": 1}) as context:
        try:
            await rehearsal.execute_action("go", inputs, context)
        except ValidationError:
            return


def _request() -> RunRequest:
    contract = Contract(ContractVersion.V0_1)
    return RunRequest("rehearsal", Path("/"), "", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
