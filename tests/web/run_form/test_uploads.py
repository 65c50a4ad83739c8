"""A file picked beside a field that asks for a public URL: served from the uploads folder, else rejected."""

import io
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from workbench import uploads
from workbench.uploads import Uploads

ACTION = "/integrations/greeter/actions/greet"
ORIGIN = "http://127.0.0.1:8771"


@pytest.fixture
def site(make_site: Any, config: Any, write_integration: Any, runner: Any, tmp_path: Path) -> Any:
    """A site whose action takes a picture, with an empty folder for uploads."""
    picture = {"type": "string", "x-autohive-input": "file-public-url"}
    properties = {"name": {"type": "string"}, "picture": picture}
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": properties}
    (tmp_path / "uploads").mkdir()
    folder = write_integration(tmp_path / "greeter", config)
    return make_site(folder, runner=runner, uploads=Uploads(tmp_path / "uploads", ORIGIN))


def parsed(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def control(page: BeautifulSoup, label: str) -> Tag:
    """The control of a field."""
    found = next(each for each in page.find_all("label") if each.text.strip() == label)
    tag = page.find(id=found["for"])
    assert isinstance(tag, Tag)
    return tag


def picked(page: BeautifulSoup, data: bytes) -> dict[str, Any]:
    """What a browser posts that has a name typed and a picture chosen, its button pressed."""
    button = page.select_one("button.sharer")
    assert button is not None
    return {
        str(control(page, "name")["name"]): "Ada",
        str(control(page, "picture")["name"]): "",
        str(control(page, "Choose a file for picture")["name"]): (io.BytesIO(data), "../a b.png", "image/png"),
        str(button["name"]): str(button["value"]),
    }


@pytest.mark.parametrize("target", ["", "node", "pane"])
def test_a_picked_file_becomes_a_url_in_its_field(site: Any, target: str) -> None:
    visitor = site.inside()
    page = parsed(visitor.get(f"{ACTION}?new=1").text)
    node = str(page.select_one("button.sharer")["hx-target"]) if target == "node" else "#request"  # type: ignore[index]  # it is there
    headers = {"HX-Target": f"div{node}"} if target else {}
    answer = visitor.post(f"{ACTION}/form", picked(page, b"png"), htmx=bool(target), headers=headers)
    assert answer.status_code == 200
    url = str(control(parsed(answer.text), "picture")["value"])
    assert url.startswith(f"{ORIGIN}/files/")
    assert url.endswith("/a%20b.png")
    assert ("Ada" in answer.text) == (target != "node")


def test_what_is_refused_is_said_and_nothing_typed_is_lost(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 2)
    visitor = site.inside()
    page = parsed(visitor.get(f"{ACTION}?new=1").text)
    for htmx, address in ((False, "form"), (True, "form"), (False, "runs")):
        posted = picked(page, b"png")
        if address == "runs":
            del posted["inputs.op"]
        answer = visitor.post(f"{ACTION}/{address}", posted, htmx=htmx, headers={"HX-Target": "div#node"})
        assert answer.status_code == 422
        shown = parsed(answer.text)
        assert "a b.png is larger than" in shown.select_one("[role=alert]").text  # type: ignore[union-attr]  # it is there
        assert control(shown, "name")["value"] == "Ada"
        assert answer.headers.get("HX-Retarget") == ("#request" if htmx else None)


def test_a_preview_serves_nothing(site: Any, tmp_path: Path) -> None:
    visitor = site.inside()
    page = parsed(visitor.get(f"{ACTION}?new=1").text)
    answer = visitor.post(f"{ACTION}/payload", picked(page, b"png"), htmx=True)
    assert "Ada" in answer.text
    assert list((tmp_path / "uploads").iterdir()) == []


def test_without_a_shelf_there_is_no_picker_but_a_word_about_it(
    make_site: Any, config: Any, write_integration: Any, runner: Any, tmp_path: Path
) -> None:
    picture = {"type": "string", "x-autohive-input": "file-public-url"}
    config["actions"]["greet"]["input_schema"] = {"type": "object", "properties": {"picture": picture}}
    text = make_site(write_integration(tmp_path / "greeter", config), runner=runner).inside().get(ACTION).text
    assert "start the workbench with --echo" in text
    assert parsed(text).select("#editor input[type=file]") == []
