"""An integration to run, and the command in this process."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench import echo

COMMAND = [sys.executable, "-m", "workbench.cli"]

CODE = """
import asyncio, os, sys, time
from autohive_integrations_sdk import ActionHandler, ActionResult, ActionError, Integration, PollingTriggerHandler

one = Integration.load()

@one.action("call")
class Call(ActionHandler):
    async def execute(self, inputs, context):
        print("calling", inputs["url"])
        response = await context.fetch(inputs["url"], headers={"X-Key": context.auth["credentials"]["api_key"]})
        return ActionResult(data={"echoed": response.data}, cost_usd=0.25)

@one.action("show")
class Show(ActionHandler):
    async def execute(self, inputs, context):
        return ActionResult(data={"inputs": inputs, "auth": context.auth})

@one.action("given")
class Given(ActionHandler):
    async def execute(self, inputs, context):
        names = ("A", "B", "C", "FROM_HERE", "FROM_FILE", "WORKBENCH_RUN_FORMAT")
        environment = {name: os.environ.get(name) for name in names}
        return ActionResult(data={"metadata": context.metadata, "environment": environment})

@one.action("refuse")
class Refuse(ActionHandler):
    async def execute(self, inputs, context):
        return ActionError(message="not today")

@one.action("wrong")
class Wrong(ActionHandler):
    async def execute(self, inputs, context):
        return ActionResult(data={"n": "one"})

@one.action("fail")
class Fail(ActionHandler):
    async def execute(self, inputs, context):
        try:
            {}["missing"]
        except KeyError as error:
            raise ValueError(f"no {context.auth['credentials']['api_key']}\\x1b[31m") from error

@one.action("wait")
class Wait(ActionHandler):
    async def execute(self, inputs, context):
        open(inputs["file"], "w").write(str(os.getpid()))
        await asyncio.sleep(600)

@one.polling_trigger("news")
class News(PollingTriggerHandler):
    async def poll(self, inputs, last_poll_ts, context):
        return [{"id": "1", "data": {"since": last_poll_ts}}]
"""

FIELDS = {
    "type": "object",
    "properties": {"api_key": {"type": "string", "format": "password"}, "user_name": {"type": "string"}},
}


def action(output: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "description": "An action.",
        "input_schema": {"type": "object", "properties": properties, "required": list(properties)},
        "output_schema": output or {"type": "object"},
    }


CONFIG = {
    "name": "one",
    "version": "1.0.0",
    "description": "For tests.",
    "entry_point": "one.py",
    "auth": {"type": "custom", "identifier": "one", "fields": FIELDS},
    "actions": {
        "call": action(url={"type": "string"}),
        "show": action(),
        "given": action(),
        "refuse": action(),
        "wrong": action({"type": "object", "properties": {"n": {"type": "integer"}}}),
        "fail": action(),
        "wait": action(file={"type": "string"}),
    },
    "polling_triggers": {
        "news": {"description": "News.", "polling_interval": "5m", "input_schema": {}, "output_schema": {}}
    },
}

KEY = 'p)%>+$:"é'


@pytest.fixture
def integration(tmp_path: Path) -> Path:
    """An integration's folder with an action for each way to end."""
    root = tmp_path / "one"
    root.mkdir()
    (root / "config.json").write_text(json.dumps(CONFIG, indent=2), encoding="utf-8")
    (root / "one.py").write_text(CODE, encoding="utf-8")
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=2.0.1\n")
    return root


type Workbench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def workbench(in_process: Workbench) -> Workbench:
    """Call the command in this process."""
    return in_process


@pytest.fixture(scope="session")
def echo_url():
    """The echo server on a free port."""
    with echo.in_thread() as url:
        yield url
