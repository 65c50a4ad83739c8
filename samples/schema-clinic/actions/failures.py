"""Handlers that say no, or fall over."""

from typing import Any

from autohive_integrations_sdk import ActionError, ActionHandler, ActionResult, ExecutionContext, ValidationError
from clinic import clinic
from helpers import credentials

BEDS = {"north": 12, "south": 8}


class DiagnosisError(Exception):
    """What the clinic raises when it gives up."""


@clinic.action("action_error")
class Refusal(ActionHandler):
    """Returns ActionError: the handler's own way to say no, which no schema judges."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionError:
        return ActionError(message=f"There is no patient called {inputs['patient']}.", cost_usd=0.001)


@clinic.action("invalid_auth")
class InvalidAuth(ActionHandler):
    """Wants a token. One that breaks the pattern of ``auth.fields`` stops this and every other action before its start;
    where there is none at all, the handler says so itself."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        token = credentials(context).get("api_token")
        if not token:
            raise ValidationError("The clinic's token is empty: fill it in on the auth page.", source="auth")
        return ActionResult(data={"token_length": len(token)})


@clinic.action("exception")
class ExceptionWithCause(ActionHandler):
    """An exception raised from another, three calls deep."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"beds": self.diagnose(inputs["ward"])})

    def diagnose(self, ward: str) -> int:
        try:
            return self.look_up(ward)
        except KeyError as error:
            raise DiagnosisError(f"The ward {ward!r} could not be diagnosed.") from error

    def look_up(self, ward: str) -> int:
        return BEDS[ward]
