"""Runs that wait for a worker: the list says how many, and one press cancels them all."""

import re
import time
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from tests.web.runs.conftest import Browser
from workbench.catalog import Catalog
from workbench.domain import RunState, Status
from workbench.runner import Runner
from workbench.store import Store
from workbench.web import WebConfig, create_app

WAITS = """\
import asyncio, os
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        while not os.path.exists(inputs["name"]):
            await asyncio.sleep(0.02)
        return {}
"""


def test_the_queue_is_shown_and_cancelled(write_integration: Any, config: Any, tmp_path: Path) -> None:
    del config["auth"]
    root, done = write_integration(tmp_path / "greeter", config, WAITS), tmp_path / "done"
    with Store() as store, Runner(store, max_running=1) as runner:
        app = create_app(WebConfig(Catalog([root]), store, runner, "token"))
        app.test_client_class = Browser
        client = app.test_client()
        page = client.get("/?token=token", follow_redirects=True).text
        token = re.search(r'"X-CSRFToken": "([^"]+)"', page)
        assert token
        form = BeautifulSoup(client.get("/integrations/greeter/actions/greet?new=1").text, "html.parser")
        control = form.find(id=form.find("label", string="name")["for"])["name"]
        sent = {"csrf_token": token[1], control: str(done)}
        for _ in range(3):
            assert client.post("/integrations/greeter/actions/greet/runs", data=sent).status_code == 303
        while [run.outcome.state for run in store.list()].count(RunState.QUEUED) != 2:
            time.sleep(0.01)
        assert "2 runs wait for a worker." in client.get("/runs").text
        assert client.post("/runs/queue/cancellation", data=sent).status_code == 303
        assert "Cancel queued runs" not in client.get("/runs").text
        done.touch()
        ended = [runner.wait(run.id, 60).outcome.status for run in store.list()]
    assert ended == [Status.CANCELLED, Status.CANCELLED, Status.SUCCEEDED], "what runs goes on"
