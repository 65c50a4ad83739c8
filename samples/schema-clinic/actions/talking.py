"""Handlers that print, log, and take their time."""

import asyncio
import logging
import os
import sys
from typing import Any

from autohive_integrations_sdk import ActionHandler, ActionResult, ExecutionContext
from clinic import clinic

log = logging.getLogger("clinic.talking")


@clinic.action("prints_and_logs")
class PrintsAndLogs(ActionHandler):
    """Output of every kind, between two requests, which shows their order."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        print("Before the first request: café, ☂, \N{GRINNING FACE}")
        await context.fetch(f"{inputs['server']}/test/first")
        print("On standard error, between the two", file=sys.stderr)
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            log.log(level, "A log record of level %s", logging.getLevelName(level))
        context.logger.info("Through the context's own logger")
        await context.fetch(f"{inputs['server']}/test/second")
        try:
            raise ValueError("logged, not raised")
        except ValueError:
            log.exception("A log record with a traceback")
        print("Without a newline at the end …", end="")
        os.write(1, b"and written to file descriptor 1\n")
        return ActionResult(data={"said": True})


@clinic.action("slow")
class Slow(ActionHandler):
    """Takes a while and prints its progress."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        steps = inputs["steps"]
        for step in range(1, steps + 1):
            await asyncio.sleep(inputs["seconds_a_step"])
            print(f"Step {step} of {steps}")
        return ActionResult(data={"steps": steps})
