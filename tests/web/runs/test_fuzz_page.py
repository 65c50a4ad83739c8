"""The page that replays a run with odd answers and odd inputs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from tests.web.conftest import MakeSite

CODE = """\
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        return {"name": inputs["name"].upper()[0]}
"""


def test_a_run_is_replayed_and_a_finding_opens_as_a_run(
    make_site: MakeSite, write_integration: Callable[..., Path], config: dict[str, Any], tmp_path: Path
) -> None:
    del config["actions"]["greet"]["input_schema"]["properties"]["times"]
    del config["polling_triggers"], config["auth"]["fields"]["required"]
    site = make_site(write_integration(tmp_path / "greeter", config, CODE))
    visitor = site.inside()
    page = BeautifulSoup(visitor.get("/integrations/greeter/actions/greet").text, "html.parser")
    control = page.find(id=page.find("label", string="name")["for"])["name"]  # type: ignore[index]
    sent = visitor.post("/integrations/greeter/actions/greet/runs", {str(control): "Ada"})
    run_id = sent.location.rpartition("=")[2]
    site.runner.wait(run_id, 30)
    assert "not replayed yet" in visitor.get(f"/runs/{run_id}/fuzz").text
    assert visitor.post(f"/runs/{run_id}/fuzz/0/run").status_code == 404

    assert visitor.post(f"/runs/{run_id}/fuzz", {"seed": "7"}).location == f"/runs/{run_id}/fuzz"
    session = site.app.extensions["workbench"].fuzz.get(run_id)
    assert session.wait(60)
    page = visitor.get(f"/runs/{run_id}/fuzz").text
    assert "Crash" in page
    assert "handled changes" in page
    crash = session.progress.worst_first[0]
    assert crash.variant.inputs == {"name": ""}

    opened = visitor.post(f"/runs/{run_id}/fuzz/{crash.number}/run").location
    site.runner.wait(opened.rpartition("/")[2], 30)
    assert "IndexError" in visitor.get(opened).text
    assert visitor.post(f"/runs/{run_id}/fuzz/9999/run").status_code == 404
    assert visitor.post(f"/runs/{run_id}/fuzz/cancellation").status_code == 303


def test_what_was_never_run_cannot_be_replayed(make_site: MakeSite) -> None:
    visitor = make_site().inside()
    assert visitor.post("/runs/77/fuzz").status_code == 404
    assert visitor.post("/runs/77/fuzz/cancellation").status_code == 404
