"""Handlers that never end, or end the whole process."""

import asyncio
import ctypes
import os
import sys
import time
from typing import Any

from autohive_integrations_sdk import ActionHandler, ActionResult, ExecutionContext
from clinic import clinic


@clinic.action("hanging")
class Hanging(ActionHandler):
    """Does not end: in an await, in a call that blocks the event loop, or while swallowing every cancellation."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        print("Waiting …")
        if inputs["how"] == "blocking the event loop":
            time.sleep(86_400)
        if inputs["how"] == "spinning":
            while True:
                pass
        if inputs["how"] == "swallowing cancellation":
            await self.stay()
        await asyncio.sleep(86_400)
        return ActionResult(data={"waited": True})

    async def stay(self) -> None:
        while True:
            try:
                await asyncio.sleep(86_400)
            except asyncio.CancelledError:
                print("Cancelled, and staying.")


@clinic.action("crash")
class Crash(ActionHandler):
    """Ends the process: by ``sys.exit``, by ``os._exit``, by ``os.abort``, or by reading where there is no memory."""

    async def execute(self, inputs: dict[str, Any], context: ExecutionContext) -> ActionResult:
        print("About to crash …", flush=True)
        match inputs["how"]:
            case "sys.exit":
                sys.exit(3)
            case "os._exit":
                os._exit(3)
            case "os.abort":
                os.abort()
            case _:
                ctypes.string_at(0)
        return ActionResult(data={"survived": True})
