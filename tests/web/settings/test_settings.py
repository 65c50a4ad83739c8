"""The settings page: the editor is chosen once, and every link to code opens there."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from workbench.local_state import LocalState


@pytest.fixture
def visitor(make_site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"name": "own", "entry_point": "own.py", "actions": {}, "x": 1}))
    (folder / "own.py").write_text("import os\n")
    return make_site(folder, local_state=LocalState(tmp_path / "state")).inside()


def places(visitor: Any) -> set[str]:
    page = BeautifulSoup(visitor.get("/integrations/own").text, "html.parser")
    return {str(link["href"]) for link in page.select("a.place")}


def test_the_chosen_editor_opens_places_of_code_until_another_is_chosen(visitor: Any, tmp_path: Path) -> None:
    assert all(place.startswith("/integrations/own/files/") for place in places(visitor))
    assert visitor.post("/settings", {"editor": "vscode", "back": "/runs"}).headers["Location"] == "/runs"
    assert f"vscode://file{tmp_path / 'own' / 'config.json'}:1:1" in places(visitor)
    assert "Open in Visual Studio Code" in visitor.get("/integrations/own/files/own.py").text
    assert LocalState(tmp_path / "state").editor == "vscode"
    visitor.post("/settings", {"editor": "own", "address": "ed://{path}#{line}"})
    assert f"ed://{tmp_path / 'own' / 'config.json'}#1" in places(visitor)
    visitor.post("/settings", {"editor": "none"})
    assert all(place.startswith("/integrations/own/files/") for place in places(visitor))


def test_an_address_that_a_browser_would_follow_is_not_taken(visitor: Any, tmp_path: Path) -> None:
    answer = visitor.post("/settings", {"editor": "own", "address": "javascript:alert('{path}')"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert "is an address for browsers" in page.select_one("[role=alert]").text  # type: ignore[union-attr]  # it is there
    assert page.select_one("input[name=address]")["value"] == "javascript:alert('{path}')"  # type: ignore[index]
    assert LocalState(tmp_path / "state").editor is None
    assert (
        visitor.post("/settings", {"editor": "none", "back": "//evil.com"}).headers["Location"] == "/settings?saved=1"
    )


def test_the_environment_decides_where_nothing_was_chosen(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "zed --wait")
    assert all(place.startswith("zed://file/") for place in places(visitor))


def test_what_the_contract_means_stands_on_every_page_of_the_integration(visitor: Any) -> None:
    page = BeautifulSoup(visitor.get("/integrations/own").text, "html.parser")
    chip = page.select_one("details.contract")
    assert chip is not None
    assert [term.text for term in chip.select("dt")][:3] == [
        "A handler returns", "context.fetch returns", "context.auth is read as",
    ]  # fmt: skip
    assert "await context.fetch(url)" in chip.text
