"""Results that are invalid for the output schema, each in another way."""

from typing import Any

from autohive_integrations_sdk import ActionHandler, ActionResult, ExecutionContext
from clinic import clinic


@clinic.action("output_type")
class OutputType(ActionHandler):
    """A string for an integer, at the top of the result."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"ward": "north", "beds": "twelve"})  # workbench: ignore result-type On purpose.


@clinic.action("output_missing")
class OutputMissing(ActionHandler):
    """A missing required property, and one with a similar name."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"ward": "north", "bed": 12})  # workbench: ignore result-property-missing On purpose.


@clinic.action("output_deep")
class OutputDeep(ActionHandler):
    """Three errors in one result, each deeper than the one before."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        entries = [
            {"title": "Admission", "published": "2026-01-05", "author": {"name": "Ada", "ward": {"beds": [1, 2]}}},
            {"title": "Round", "published": "2026-01-06", "author": {"name": "Ben", "ward": {"beds": [3]}}},
            {"title": "Discharge", "published": "2026-01-07", "author": {"ward": {"beds": [4, "five"]}}},
            {"title": "Review", "published": None, "author": {"name": "Cyd", "ward": {"beds": []}}},
        ]
        return ActionResult(data={"entries": entries})


@clinic.action("output_one_of")
class OutputOneOf(ActionHandler):
    """A result that matches no branch of a ``oneOf``, or two."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        if inputs["case"] == "several":
            return ActionResult(data={"contact": {"email": "ada@example.com", "phone": "+44 20 7946 0000"}})
        return ActionResult(data={"contact": {"kind": "email", "email": 42}})


@clinic.action("invalid_schema")
class InvalidSchema(ActionHandler):
    """A result with an invalid output schema: ``required`` is a boolean inside a property."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        return ActionResult(data={"token": {"value": "abc"}})


@clinic.action("wrong_return_type")
class WrongReturnType(ActionHandler):
    """Not an ActionResult: a forgotten return, a bare dict, a tuple, or an object that JSON does not know."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> Any:
        return {
            "nothing": None,
            "a bare dict": {"ok": True},
            "a tuple": ("ok", True),
            "a set inside ActionResult": ActionResult(data={"ok": {1, 2, 3}}),
            "the context itself": context,
        }[inputs["kind"]]
