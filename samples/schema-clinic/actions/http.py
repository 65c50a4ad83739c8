"""HTTP responses with an error status, too late, or with an invalid body."""

from typing import Any

from autohive_integrations_sdk import ActionError, ActionHandler, ActionResult, ExecutionContext, RateLimitError
from clinic import clinic
from helpers import credentials, never_retry, value_at


@clinic.action("http_status")
class HttpStatus(ActionHandler):
    """The server responds with an error status, and the HTTPError is not caught."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        response = await context.fetch(f"{inputs['server']}/status/{inputs['status']}", method="POST", json={"try": 1})
        return ActionResult(data={"status": response.status})


@clinic.action("rate_limited")
class RateLimited(ActionHandler):
    """429: the SDK raises RateLimitError with the seconds to wait, from either format of Retry-After."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult | ActionError:
        query = "?after=5&as=date" if inputs["retry_after"] == "a date" else "?after=5"
        try:
            response = await context.fetch(f"{inputs['server']}/rate-limited{query}")
        except RateLimitError as error:
            if inputs.get("give_up_politely"):
                return ActionError(message=f"Try again in {error.retry_after} seconds.")
            raise
        return ActionResult(data={"status": response.status})


@clinic.action("timeout")
class Timeout(ActionHandler):
    """The server takes longer than the call allows."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        never_retry(context, inputs.get("retries", 0))
        response = await context.fetch(f"{inputs['server']}/delay/{inputs['seconds']}", timeout=1)
        return ActionResult(data={"status": response.status})


@clinic.action("malformed_json")
class MalformedJson(ActionHandler):
    """The server sends half of a JSON document; the SDK returns a string, which is invalid for the output schema."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        response = await context.fetch(f"{inputs['server']}/malformed-json")
        return ActionResult(data={"answer": response.data})


@clinic.action("unauthorized")
class Unauthorized(ActionHandler):
    """The server requires a bearer token: 401 while the auth form is empty, 200 with a token."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult | ActionError:
        token = credentials(context).get("api_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = await context.fetch(f"{inputs['server']}/bearer", headers=headers)
        authenticated = value_at(response.data, "authenticated")
        if not isinstance(authenticated, bool):
            return ActionError(message="The server's response does not say whether it accepted the token.")
        return ActionResult(data={"authenticated": authenticated})
