"""The page that replays a run with odd answers and odd inputs."""

import json
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
    tab = BeautifulSoup(visitor.get("/integrations/greeter/actions/greet/fuzz").text, "html.parser")
    assert [str(each["value"]) for each in tab.select("[name=source] option")] == [f"run:{run_id}", "live:"]
    assert tab.select_one(".handler-tabs [aria-current]").text == "Fuzz"  # type: ignore[union-attr]
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

    config["actions"] = {}
    (tmp_path / "greeter" / "config.json").write_text(json.dumps(config))
    assert visitor.get("/integrations/greeter/actions/greet/fuzz").status_code == 404
    assert "Crash" in visitor.get(f"/runs/{run_id}/fuzz").text


def test_the_tab_makes_the_run_first_of_a_test_or_live(
    make_site: MakeSite, write_integration: Callable[..., Path], config: dict[str, Any], tmp_path: Path
) -> None:
    config["actions"]["greet"]["input_schema"]["properties"]["name"]["default"] = "Ada"
    del config["auth"]["fields"]["required"]
    site = make_site(write_integration(tmp_path / "greeter", config, CODE))
    visitor, tab = site.inside(), "/integrations/greeter/actions/greet/fuzz"
    fuzz = site.app.extensions["workbench"].fuzz

    started = visitor.post(tab, {"source": "live:", "max": "3", "seed": "1"})
    assert started.location == "/runs/1/fuzz"
    elsewhere = "/integrations/greeter/triggers/visits/fuzz"
    assert "run 1 are being replayed" in BeautifulSoup(visitor.get(elsewhere).text, "html.parser").text
    assert visitor.post(elsewhere, {"source": "live:"}).status_code == 409
    fuzz.wait("1", 60)
    assert fuzz.get("1").progress.total == 3
    page = BeautifulSoup(visitor.get(tab).text, "html.parser")
    assert "3 replays" in page.text
    assert [each["value"] for each in page.select(".fuzz-start .number")] == ["3", "1"]
    assert visitor.post("/integrations/greeter/tests", {"run": "1", "name": "ada"}).status_code == 303
    site.app.extensions["workbench"].config.saves.wait("greeter", "greet/ada", 60)
    options = BeautifulSoup(visitor.get(tab).text, "html.parser").select("[name=source] option")
    assert str(options[0]["value"]) == "test:ada"

    recorded = visitor.post(tab, {"source": "test:ada", "max": "2"}).location.split("/")[2]
    fuzz.wait(recorded, 60)
    assert fuzz.get(recorded).progress.total == 2
    again = visitor.post(tab, {"source": f"run:{recorded}", "max": "1"})
    assert (again.status_code, again.location) == (307, f"/runs/{recorded}/fuzz")

    assert visitor.post(tab, {"source": "test:gone"}).status_code == 422
    (tmp_path / "greeter" / "greeter.py").write_text(CODE.replace("return {", "raise ValueError() or {"))
    failed = visitor.post(tab, {"source": "live:"}).location.split("/")[2]
    fuzz.wait(failed, 60)
    told = f"Run {failed} must succeed before it is varied. ValueError"
    assert told in BeautifulSoup(visitor.get(tab).text, "html.parser").text


def test_what_was_never_run_cannot_be_replayed(make_site: MakeSite) -> None:
    visitor = make_site().inside()
    assert visitor.post("/runs/77/fuzz").status_code == 404
    assert visitor.post("/runs/77/fuzz/cancellation").status_code == 404
