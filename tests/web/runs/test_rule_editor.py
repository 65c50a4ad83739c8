"""A rule that begins from a captured exchange: its fields, its errors, and the line that it becomes."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import Status

pytestmark = pytest.mark.usefixtures("own_folder")

NEW = "/integrations/api-fetch/rules/new"


def fields(page: BeautifulSoup) -> dict[str, str]:
    """What the editor would post."""
    form = page.find("form", class_="rule-editor")
    assert form
    found = {one["name"]: one.get("value", "") for one in form.find_all("input") if one.get("type") != "checkbox"}
    found |= {one["name"]: one.text.removeprefix("\n") for one in form.find_all("textarea")}
    for one in form.find_all("select"):
        chosen = one.find("option", selected=True) or one.find("option")
        found[one["name"]] = chosen["value"]
    return {str(name): str(value) for name, value in found.items()}


def soup(response: Any, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status, response.text
    return BeautifulSoup(response.text, "html.parser")


def test_an_answer_begins_as_it_was_captured_and_becomes_a_rule(client: FlaskClient, tell: Any, folder: Any) -> None:
    headers = (("Content-Type", "application/json"), ("Content-Length", "99"), ("X-Page", "1"))
    story = tell().started().exchange(url="https://api.example.com/v1/beds?page=1", headers=headers)
    run = story.finished(Status.SUCCEEDED).run
    shown = soup(client.get(f"/runs/{run.id}?tab=http"))
    link = next(each for each in shown.find_all("a") if each.text == "Answer this with…")
    page = soup(client.get(link["href"]))
    typed = fields(page)
    assert (typed["method"], typed["host"], typed["path"], typed["status"]) == (
        "GET", "api.example.com", "/v1/beds", "200"
    )  # fmt: skip
    assert typed["headers"] == "Content-Type: application/json\nX-Page: 1"
    assert typed["body"] == '{"data": {"method": "GET"}}'
    changed = soup(client.post(NEW, data=typed | {"action": "fail", "body": "typed before"}))
    kept = fields(changed)
    assert (kept["action"], kept["body"], kept["failure"]) == ("fail", "typed before", "refused")
    wrong = soup(client.post("/integrations/api-fetch/rules/preview", data=typed | {"status": "20x"}), 422)
    assert "status must be a whole number" in wrong.find(id="rule-error").text  # type: ignore[union-attr]
    assert fields(wrong)["status"] == "20x"
    diff = soup(client.post("/integrations/api-fetch/rules/preview", data=typed | {"status": "503"})).find(
        class_="diff"
    )
    assert diff
    assert "status = 503" in diff.text
    assert not (folder / "workbench.toml").exists()


def test_the_editor_needs_an_exchange_that_is_there(client: FlaskClient, tell: Any) -> None:
    run = tell().started().finished(Status.SUCCEEDED).run
    assert client.get(f"{NEW}?run={run.id}&exchange=7").status_code == 404
    assert client.get(f"{NEW}?run=nope&exchange=1").status_code == 404
