"""The requirements on the page of an integration, their installation, and the button of a run that lacks one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from workbench.cli.requests import make_request
from workbench.domain import Credentials, Kind

CODE = """\
import tiny_thing
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        return {"tiny": tiny_thing.VALUE}
"""


def test_a_missing_requirement_is_installed_by_the_button(
    make_site: Callable[..., Any],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    make_wheel: Callable[..., Path],
) -> None:
    make_wheel("tiny_thing", "1.0", "VALUE = 7\n")
    root = write_integration(tmp_path / "greeter", config, code=CODE)
    (root / "requirements.txt").write_text("tiny_thing>=1\n")
    site = make_site(root)
    visitor = site.inside()

    page = BeautifulSoup(visitor.get("/integrations/greeter").text, "html.parser")
    [row] = page.select("table.requirements tbody tr")
    assert row.get_text(" ", strip=True) == "tiny_thing>=1 – – missing"
    assert "1 requirement missing" in visitor.get("/").text

    run = _run(site)
    shown = BeautifulSoup(visitor.get(f"/runs/{run.id}").text, "html.parser")
    assert "requires tiny_thing>=1, but it is not installed" in shown.select_one("h1.headline").text
    button = shown.select_one("#outcome-install").find_parent("form")
    assert visitor.post(button["action"]).location.endswith("/integrations/greeter#requirements")

    installs = site.app.extensions["workbench"].config.installs
    integration = site.catalog.get("greeter")
    installs.wait(integration, 90)
    part = visitor.get("/integrations/greeter/installation", headers={"HX-Request": "true"}).text
    assert "Installed 1 package in" in part, part
    assert "Successfully installed tiny_thing-1.0" in part
    assert 'hx-get="/integrations/greeter/installation"' not in part  # it asks no more, but for what else has changed
    [row] = BeautifulSoup(part, "html.parser").select("table.requirements tbody tr")
    assert row.get_text(" ", strip=True) == "tiny_thing>=1 1.0 – installed"
    assert _run(site).outcome.result == {"tiny": 7}


def _run(site: Any) -> Any:
    asked = make_request(
        site.catalog.get("greeter"), "greet", Kind.ACTION,
        inputs={"name": "Ada"}, credentials=Credentials({"password": "p"}), timeout=60, last_poll_ts=None,
    )  # fmt: skip
    return site.runner.wait(site.runner.submit(asked).id, 90)


def test_an_installation_goes_on_until_it_is_cancelled(
    make_site: Callable[..., Any],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    index: Path,
) -> None:
    root = write_integration(tmp_path / "greeter", config)
    (root / "requirements.txt").write_text("./slow\n")
    (root / "slow").mkdir()
    (root / "slow" / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (root / "slow" / "backend.py").write_text("import time\ntime.sleep(60)\n")
    visitor = make_site(root).inside()
    part = visitor.post("/integrations/greeter/installation", htmx=True).text
    assert 'hx-trigger="load"' in part
    assert "Installing with <code>pip</code>" in part
    assert visitor.get("/integrations/greeter/installation").status_code == 303
    part = visitor.post("/integrations/greeter/installation/cancellation", htmx=True).text
    for _ in range(20):
        if 'hx-get="/integrations/greeter/installation"' in part:
            part = visitor.get("/integrations/greeter/installation", headers={"HX-Request": "true"}).text
    assert "Installation cancelled." in part
    assert not (root / "dependencies").exists()
