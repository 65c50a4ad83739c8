"""More than one exchange for one call; the connected account; the trigger."""

from typing import Any
from uuid import uuid4

from autohive_integrations_sdk import (
    ActionError,
    ActionHandler,
    ActionResult,
    ConnectedAccountHandler,
    ConnectedAccountInfo,
    ExecutionContext,
    PollingTriggerHandler,
)
from clinic import clinic
from helpers import credentials, value_at


@clinic.action("redirects")
class Redirects(ActionHandler):
    """One request, several redirects."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult | ActionError:
        response = await context.fetch(f"{inputs['server']}/redirect/{inputs['hops']}")
        arrived_at = value_at(response.data, "data", "url")
        if not isinstance(arrived_at, str):
            return ActionError(message="The server's response does not say which URL was requested.")
        return ActionResult(data={"arrived_at": arrived_at})


@clinic.action("retries")
class Retries(ActionHandler):
    """The server closes the connection a few times, and the SDK retries after 1, 2, 4 seconds."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult | ActionError:
        params = {"times": inputs["drops"], "id": uuid4().hex}
        response = await context.fetch(f"{inputs['server']}/drop", method="POST", params=params, json={"keep": "me"})
        answered = value_at(response.data, "data", "json")
        if not isinstance(answered, dict):
            return ActionError(message="The server's response does not hold the request's body.")
        return ActionResult(data={"answered": answered})


@clinic.action("big_response")
class BigResponse(ActionHandler):
    """A response of megabytes, of which the result keeps only the size."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult | ActionError:
        filling = "0123456789abcdef" * (inputs["kilobytes"] * 64)
        response = await context.fetch(f"{inputs['server']}/test/big", method="POST", json={"filling": filling})
        returned = value_at(response.data, "data", "json", "filling")
        if not isinstance(returned, str):
            return ActionError(message="The server's response does not hold the request's text.")
        return ActionResult(data={"characters": len(returned)})


@clinic.connected_account()
class Account(ConnectedAccountHandler):
    """The account, named by the token."""

    async def get_account_info(self, context: ExecutionContext) -> ConnectedAccountInfo:
        token = credentials(context).get("api_token") or "clinic-guest"
        name = token.removeprefix("clinic-")
        return ConnectedAccountInfo(
            email=f"{name}@example.com", first_name=name.capitalize(), username=name, organization="Schema clinic"
        )


@clinic.polling_trigger("admissions")
class Admissions(PollingTriggerHandler):
    """Records that are valid, or invalid in one of the ways of a trigger's records."""

    async def poll(self, inputs: dict[str, Any], last_poll_ts: str | None, context: ExecutionContext) -> Any:
        records: list[Any] = [
            {"id": f"admission-{number}", "data": {"patient": f"Patient {number}", "ward": "north"}}
            for number in range(3)
        ]
        error = inputs.get("error", "none")
        if error == "a record without id":
            del records[1]["id"]
        elif error == "a record without data":
            del records[1]["data"]
        elif error == "data that breaks the schema":
            records[2]["data"]["ward"] = None
        elif error == "not an array":
            return {"records": records}
        return records
