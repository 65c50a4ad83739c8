"""Handlers that return an error, or raise one."""

from typing import Any

from autohive_integrations_sdk import ActionError, ActionHandler, ActionResult, ExecutionContext, ValidationError
from clinic import clinic
from helpers import credentials

BEDS = {"north": 12, "south": 8}


class DiagnosisError(Exception):
    """The clinic's exception."""


@clinic.action("action_error")
class ReturnedError(ActionHandler):
    """Returns ActionError: an error of the handler's own, which no schema applies to."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionError:
        return ActionError(message=f"There is no patient called {inputs['patient']}.", cost_usd=0.001)


@clinic.action("invalid_auth")
class InvalidAuth(ActionHandler):
    """Requires a token. One that does not match the pattern of ``auth.fields`` is invalid for every action; without a
    token, the handler raises ValidationError."""

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
