"""Runs that succeed, and inputs of every kind."""

from typing import Any

from autohive_integrations_sdk import ActionHandler, ActionResult, ExecutionContext
from clinic import clinic


@clinic.action("healthy")
class Healthy(ActionHandler):
    """A run that succeeds and has a cost."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        numbers = inputs["numbers"]
        return ActionResult(data={"count": len(numbers), "sum": sum(numbers)}, cost_usd=0.002)


@clinic.action("strict_input")
class StrictInput(ActionHandler):
    """Runs only with inputs that are valid for its strict schema."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"admitted": inputs["patient"]})


@clinic.action("intake_form")
class IntakeForm(ActionHandler):
    """Returns the inputs as they arrived."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"received": inputs})


@clinic.action("big_result")
class BigResult(ActionHandler):
    """A result of many records, for looking at a large document."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        records = [
            {"id": number, "name": f"Patient {number}", "temperature": 36.5 + number % 30 / 10, "tags": ["a", "b"]}
            for number in range(inputs["records"])
        ]
        if inputs.get("one_is_wrong"):
            records[len(records) // 2]["temperature"] = "feverish"
        return ActionResult(data={"records": records})
