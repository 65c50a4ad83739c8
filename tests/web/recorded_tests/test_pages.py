"""Tests on the page: a run saved as one, the list with results, one that fails, one that is deleted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.web.conftest import Site
from workbench.cli.requests import make_request
from workbench.domain import Credentials
from workbench.web.recorded_tests import views

CODE = """\
import os, uuid
from autohive_integrations_sdk import ActionHandler, Integration

greeter = Integration.load()


@greeter.action("greet")
class Greet(ActionHandler):
    async def execute(self, inputs, context):
        while os.path.exists(os.path.join(os.path.dirname(__file__), "hold")): pass
        return {"hello": inputs["name"], "id": str(uuid.uuid4()), "key": context.auth["api_key"]}
"""


def text_of(page: Any, selector: str = "main") -> str:
    found = BeautifulSoup(page.text, "html.parser").select_one(selector)
    assert found is not None, page.text
    return " ".join(found.get_text(" ").split())


def test_a_run_becomes_a_test_that_fails_once_the_code_differs(
    make_site: Callable[..., Site],
    write_integration: Callable[..., Path],
    config: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "_MOMENT", 0.0)  # each page is that of work which goes on
    root = write_integration(tmp_path / "greeter", config, CODE)
    site = make_site(root)
    visitor = site.inside()
    [integration] = site.catalog.integrations()
    here = f"/integrations/{integration.id}"
    assert "There are no recordings" in text_of(visitor.get(f"{here}/tests"))

    credentials = Credentials({"password": "p", "api_key": "sk-830217-secret"})
    request = make_request(
        integration, "greet", None, inputs={"name": "Ada"}, credentials=credentials, timeout=60, last_poll_ts=None
    )
    run = site.runner.submit(request).id
    second = site.runner.submit(request).id
    site.store.wait_finished(run, 60)
    site.store.wait_finished(second, 60)
    page = visitor.get(f"/runs/{run}")
    link = BeautifulSoup(page.text, "html.parser").select_one("#outcome-test")
    assert link is not None
    form = visitor.get(str(link["href"]))
    assert BeautifulSoup(form.text, "html.parser").select_one("#test-name")["value"] == "succeeded"

    wrong = visitor.post(f"{here}/tests", {"run": run, "name": "../x"})
    assert (wrong.status_code, "is not a name for a test" in wrong.text) == (422, True)
    services, hold = site.app.extensions["workbench"].config, root / "hold"
    hold.touch()
    made = visitor.post(f"{here}/tests", {"run": run, "name": "first"})
    assert visitor.post(f"{here}/tests", {"run": run, "name": "first"}).location == made.location
    assert "Saving Run test 0 replays so far" in text_of(visitor.get(made.location))
    other = visitor.post(f"{here}/tests", {"run": second, "name": "first"})
    assert (other.status_code, "is being saved from another run" in other.text) == (422, True)
    hold.unlink()
    saved = services.saves.wait(integration.id, "greet/first", 60)
    assert saved is not None
    assert saved.replays >= 3
    [path] = (root / "tests/recordings").rglob("*.json")
    assert "sk-830217" not in path.read_text()
    shown = text_of(visitor.get(made.location))
    assert "Passed" in shown and "result /id: any UUID" in shown and "Masked password, api_key" in shown
    again = visitor.post(f"{here}/tests", {"run": run, "name": "first"})
    assert (again.status_code, "first.json exists" in again.text) == (422, True)

    code = root / "greeter.py"
    code.write_text(code.read_text().replace('inputs["name"]', '"nobody"'))
    visitor.post(f"{here}/tests/runs")
    services.tests.wait(integration.id, 60)
    part = visitor.get(f"{here}/tests?part=list", headers={"HX-Request": "true"})
    assert "1 test: 1 failed" in text_of(part, "#tests")
    assert 'Result /hello: expected "Ada", got "nobody".' in text_of(part, "#tests")
    assert "part=list" not in part.text  # nothing goes on, so it loads itself no more
    shown = text_of(visitor.get(made.location))
    assert 'Result /hello: expected "Ada", got "nobody".' in shown and "greeter.py:11" in shown

    named = {"handler": "greet", "name": "first"}

    def lines(page: Any) -> dict[str, str]:
        """The values that the page can compare in another way, and the words of their buttons."""
        found = BeautifulSoup(page.text, "html.parser").select(".test-noise button")
        return {str(each["aria-label"]).partition(": ")[2]: each.text for each in found}

    before = visitor.get(made.location)
    [hello] = (line for line, button in lines(before).items() if button == "Compare by kind")
    assert hello.startswith("result /hello: any text")

    def after(view: str, values: dict[str, str]) -> Any:
        """The page of the test once what the form began has ended."""
        location = visitor.post(f"{here}/tests/{view}", values).location
        services.tests.wait(integration.id, 60)
        services.saves.wait(integration.id, "greet/first", 60)
        return visitor.get(location)

    changed = after("noise", named | {"noise": hello})
    assert "Passed" in text_of(changed) and lines(changed)[hello] == "Compare exactly"
    exact = after("noise", named | {"noise": hello})
    assert "Failed" in text_of(exact) and lines(exact)[hello] == "Compare by kind"
    assert visitor.post(f"{here}/tests/noise", named | {"noise": "result /other: any text"}).status_code == 409
    recorded = path.read_text()
    path.write_text(recorded.replace('"name": "Ada"', '"name": "Bob"'))
    assert "first.json was changed after this replay. Nothing was written." in text_of(after("acceptance", named))
    path.write_text(recorded)
    accepted = after("acceptance", named)
    assert "Passed" in text_of(accepted) and '"hello": "nobody"' in path.read_text()
    assert visitor.post(f"{here}/tests/acceptance", named).status_code == 409

    second = path.with_name("second.json")
    second.write_text(path.read_text())
    hold.touch()
    visitor.post(f"{here}/tests/runs", named)
    visitor.post(f"{here}/tests/runs", named | {"name": "second"})
    assert services.tests.waiting(integration.id) == {"greet/first", "greet/second"}
    hold.unlink()
    services.tests.wait(integration.id, 60)
    assert "2 tests: 2 passed" in text_of(visitor.get(f"{here}/tests"))
    second.unlink()

    path.write_text(path.read_text().replace('"format": 1', '"format": 9'))
    assert "of a newer workbench" in text_of(visitor.get(made.location))
    assert visitor.post(f"{here}/tests/deletion", {"handler": "greet", "name": "../first"}).status_code == 404
    assert visitor.post(f"{here}/tests/deletion", {"handler": "greet", "name": "first"}).status_code == 303
    assert not path.exists()
    assert visitor.get(made.location).status_code == 404
