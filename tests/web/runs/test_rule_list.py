"""The page of an integration's rules: each change is in the file at once, and can be undone."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.web.runs.test_rule_editor import fields, soup

PAGE = "/integrations/api-fetch/rules"
TEXT = """\
# of mine
[[rules]]
match = { host = "api.example.com" }  # the API
action = "delay"
seconds = 2

[[rules]]
action = "fail"
failure = "dns"
"""


@pytest.fixture
def file(own_folder: Any) -> Any:
    """The file with two rules."""
    path = own_folder / "workbench.toml"
    path.write_text(TEXT)
    yield path
    path.unlink(missing_ok=True)


def post(client: FlaskClient, page: BeautifulSoup, label: str) -> BeautifulSoup:
    """The page after a press on the button with that label."""
    button = page.find("button", attrs={"aria-label": label})
    assert button, label
    form = button.find_parent("form")
    assert form
    data = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    return soup(client.post(form["action"], data=data, follow_redirects=True))


def test_rules_are_moved_switched_removed_and_put_back(client: FlaskClient, file: Any) -> None:
    page = soup(client.get(PAGE))
    moved = post(client, page, "Move rule 2 up")
    assert file.read_text().index("dns") < file.read_text().index("# of mine")
    off = post(client, moved, "Switch off rule 2")
    assert [each.text for each in off.select("table.rules .pill")] == ["on", "off"]
    removed = post(client, off, "Remove rule 1")
    assert "dns" not in file.read_text()
    undo = removed.find(id="written")
    assert undo and "Removed rule 1." in undo.text
    token = {"csrf_token": undo.find("input")["value"]}  # type: ignore[index]
    undone = soup(client.post(f"{PAGE}/undo", data=token, follow_redirects=True))
    assert "Undone: Removed rule 1." in " ".join(undone.text.split())
    on = post(client, undone, "Switch on rule 2")
    post(client, on, "Move rule 1 down")
    assert file.read_text() == TEXT
    stale = page.find("button", attrs={"aria-label": "Remove rule 1"}).find_parent("form")  # type: ignore[union-attr]
    data = {each["name"]: each.get("value", "") for each in stale.find_all("input")}  # type: ignore[union-attr]
    file.write_text(TEXT + "# edited elsewhere\n")
    answer = client.post(f"{PAGE}/1/removal", data=data)
    assert answer.status_code == 409
    assert "workbench.toml has changed since this was shown" in answer.text


def test_a_rule_is_edited_and_added_with_errors_at_the_field(client: FlaskClient, file: Any) -> None:
    page = soup(client.get(f"{PAGE}/1"))
    typed = fields(page)
    assert (typed["action"], typed["host"], typed["seconds"]) == ("delay", "api.example.com", "2")
    wrong = soup(client.post(f"{PAGE}/1", data=typed | {"seconds": "soon"}), 422)
    assert "Time in seconds must be a number" in wrong.find(id="rule-error").text  # type: ignore[union-attr]
    assert fields(wrong)["seconds"] == "soon"
    saved = soup(client.post(f"{PAGE}/1", data=fields(wrong) | {"seconds": "0.5"}, follow_redirects=True))
    assert "Changed rule 1" in saved.text
    assert file.read_text() == TEXT.replace("seconds = 2", "seconds = 0.5")
    other = soup(client.post(f"{PAGE}/0/form", data=fields(soup(client.get(f"{PAGE}/0"))) | {"action": "forward"}))
    new = fields(other) | {"host": "b.example", "base_url": "http://127.0.0.1:8812"}
    soup(client.post(f"{PAGE}/0", data=new, follow_redirects=True))
    assert file.read_text().endswith('action = "forward"\nbase_url = "http://127.0.0.1:8812"\n')
    assert client.get(f"{PAGE}/4").status_code == 404


def test_a_rule_that_is_wrong_is_edited_at_its_field(client: FlaskClient, file: Any) -> None:
    file.write_text("[[rules]]\naction = 'delay'\nseconds = 'long'\n[rules.match]\nhost='x'\n[answer]\n")
    page = soup(client.get(PAGE))
    assert 'Line 3: seconds must be a number from 0 to 3,600, but is "long".' in page.text
    assert "Unknown table answer. Did you mean answers?" in page.text
    editor = soup(client.get(f"{PAGE}/1"))
    assert "Time in seconds must be a number" in editor.find(id="rule-error").text  # type: ignore[union-attr]
    assert (fields(editor)["seconds"], fields(editor)["host"]) == ("long", "x")
