"""An integration whose requests and result change from run to run, beside the real echo server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.echo import in_thread

CODE = """
import random, time, uuid
from datetime import date, datetime, timezone
from autohive_integrations_sdk import ActionHandler, Integration

desk = Integration.load()

@desk.action("save")
class Save(ActionHandler):
    async def execute(self, inputs, context):
        url, key = inputs["url"], context.auth["api_key"]
        body = {"at": datetime.now(timezone.utc).isoformat(), "nonce": f"n-{random.getrandbits(64):016x}", "n": 1}
        first = await context.fetch(f"{url}/test?day={date.today()}&key={key}", method="POST", json=body)
        await context.fetch(f"{url}/test?id={uuid.uuid4()}&ts={time.time()}")
        data = {"id": str(uuid.uuid4()), "month": f"{datetime.now():%B}", "took": time.perf_counter(), "fixed": LEVEL}
        return {"data": data, "key": f"used {key}"}

@desk.action("week")
class Week(ActionHandler):
    async def execute(self, inputs, context):
        return {"data": {}, "key": [date.today().toordinal()] * (date.today().weekday() + 1)}

from contextlib import suppress
from urllib.request import Request, urlopen

LEVEL = 1

@desk.action("send")
class Send(ActionHandler):
    async def execute(self, inputs, context):
        with suppress(KeyError):
            urlopen(Request(inputs["url"], data=map({}.__getitem__, "x"), headers={"Content-Length": "1"}))
        return {}
"""
CONFIG = {
    "name": "desk",
    "version": "1.0.0",
    "entry_point": "desk.py",
    "auth": {
        "type": "custom",
        "fields": {
            "type": "object",
            "properties": {"api_key": {"type": "string", "pattern": "^sk-[0-9]{6}$", "format": "password"}},
        },
    },
    "actions": {
        "week": {"description": "Depends on the day.", "input_schema": {}, "output_schema": {"type": "object"}},
        "send": {"description": "Fails while it sends.", "input_schema": {}, "output_schema": {"type": "object"}},
        "save": {
            "description": "Saves.",
            "input_schema": {"type": "object", "properties": {"url": {"type": "string"}}},
            "output_schema": {
                "type": "object",
                "properties": {"data": {"properties": {"fixed": {"type": "integer"}}}},
            },
        },
    },
}
KEY = "sk-830217"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder of the integration."""
    root = tmp_path / "desk"
    root.mkdir()
    (root / "desk.py").write_text(CODE)
    (root / "config.json").write_text(json.dumps(CONFIG))
    (root / "requirements.txt").write_text("autohive-integrations-sdk~=0.1.0\n")
    return root


@pytest.fixture
def cli() -> CliRunner:
    """Calls the command in this process."""
    return CliRunner()


@pytest.fixture(scope="session")
def echo() -> Iterator[str]:
    """The echo server's URL."""
    with in_thread() as url:
        yield url
