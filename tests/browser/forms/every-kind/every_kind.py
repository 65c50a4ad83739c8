"""Gives back what it was given, so that a run shows exactly what a form sent."""

from typing import Any

from autohive_integrations_sdk import ActionHandler, ExecutionContext, Integration, PollingTriggerHandler

every_kind = Integration.load()


class Returns(ActionHandler):
    """Returns its inputs."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> dict[str, Any]:
        return {"inputs": inputs, "auth": {name: len(str(value)) for name, value in context.auth.items()}}


for _name in ("every_kind", "some_kinds", "wide", "secretive"):
    every_kind.action(_name)(Returns)


@every_kind.polling_trigger("feed")
class Feed(PollingTriggerHandler):
    """One record that holds its inputs."""

    async def poll(
        self, inputs: dict[str, Any], last_poll_ts: str | None, context: ExecutionContext
    ) -> list[dict[str, Any]]:
        return [{"id": "1", "data": {"inputs": inputs}}]
