"""The catalog's page: recent folders, layouts, last runs, and the search over actions."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from workbench.domain import Kind
from workbench.local_state import LocalState
from workbench.profiles import Profile
from workbench.web.catalog import cards, handler_search
from workbench.web.catalog.last_runs import last_runs
from workbench.web.ui.handlers import handlers
from workbench.web.ui.run_requests import request_of


@pytest.fixture
def folders(write_integration: Any, config: Any, tmp_path: Path) -> Path:
    """Two integrations in a folder: one says hello, the other has a trigger and an action of its own."""
    write_integration(tmp_path / "all" / "greeter", config)
    config |= {"name": "shop", "display_name": "Corner shop"}
    config["actions"] = {"sell_item": {"display_name": "Sell", "description": "Takes an item off the shelf."}}
    write_integration(tmp_path / "all" / "shop", config)
    return tmp_path / "all"


@pytest.fixture
def state(tmp_path: Path) -> LocalState:
    return LocalState(tmp_path / "state")


@pytest.fixture
def visitor(make_site: Any, folders: Path, state: LocalState, runner: Any) -> Any:
    return make_site(folders, runner=runner, local_state=state).inside()


def soup(visitor: Any, path: str = "/", **more: Any) -> BeautifulSoup:
    return BeautifulSoup(visitor.get(path, **more).text, "html.parser")


def press(visitor: Any, button: Tag) -> Any:
    """What a browser posts that presses ``button``."""
    form = button.find_parent("form")
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    return visitor.post(str(form["action"]), data | {str(button.get("name", "")): str(button.get("value", ""))})


def test_a_recent_folder_is_opened_by_a_press(visitor: Any, folders: Path, state: LocalState, tmp_path: Path) -> None:
    other = tmp_path / "other place" / "mine"
    shutil.copytree(folders / "shop", other)
    state.remember([other, folders])
    page = soup(visitor)
    assert [button["title"].partition(",")[0] for button in page.select(".recent .btn.small")] == [str(other)]
    answer = press(visitor, page.select(".recent .btn.small")[0])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/integrations/mine")
    assert soup(visitor).select(".recent") == []
    assert state.folders[0].path == str(other)


def test_a_recent_folder_that_is_gone_is_refused_as_any_other_and_can_be_removed(
    visitor: Any, state: LocalState, tmp_path: Path
) -> None:
    state.remember([tmp_path / "gone"])
    answer = press(visitor, soup(visitor).select(".recent .btn.small")[0])
    assert answer.status_code == 422
    assert f"Folder {tmp_path / 'gone'} not found." in answer.text
    remove = BeautifulSoup(answer.text, "html.parser").select(".recent .icon-only")[0]
    assert remove["aria-label"] == "Remove gone from the list"
    assert press(visitor, remove).status_code == 303
    assert (state.folders, soup(visitor).select(".recent")) == ((), [])


def test_the_layout_is_remembered_and_many_integrations_are_listed(
    visitor: Any, state: LocalState, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (len(soup(visitor).select(".card")), len(soup(visitor).select(".catalog-list tbody tr"))) == (2, 0)
    answer = press(visitor, soup(visitor).select("button[name=layout][value=list]")[0])
    assert answer.status_code == 303
    page = soup(visitor)
    assert (len(page.select(".card")), len(page.select(".catalog-list tbody tr"))) == (0, 2)
    assert [button["aria-pressed"] for button in page.select("button[name=layout]")] == ["false", "true"]
    assert page.select_one("tbody tr td .status") is not None
    state.choose(cards.Layout.CARDS)
    monkeypatch.setattr(cards, "_MANY", 1)
    assert len(soup(visitor).select(".card")) == 2
    assert visitor.post("/layout", {"layout": "nonsense"}).status_code == 303
    assert state.layout == "cards"


def test_more_integrations_than_fit_are_a_list(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "_MANY", 1)
    assert len(soup(visitor).select(".catalog-list tbody tr")) == 2


def test_actions_and_triggers_are_found_by_name_title_and_description(visitor: Any) -> None:
    def found(typed: str) -> list[str]:
        page = soup(visitor, "/handlers", query_string={"q": typed}, headers={"HX-Request": "true"})
        return [str(link["href"]) for link in page.select("#handler-matches a")]

    sell, greet = "/integrations/shop/actions/sell_item", "/integrations/greeter/actions/greet"
    visits = ["/integrations/greeter/triggers/visits", "/integrations/shop/triggers/visits"]
    assert found("SELL item") == found("shelf") == [sell]
    assert found("sell_item") == [sell]
    assert found("greet someone") == [greet]
    assert found("visits") == visits
    assert found("shop visits") == visits[1:]
    assert found("shop") == found("") == found("  ") == []
    page = soup(visitor, "/?q=<b>zzz")
    assert "No action or trigger matches “<b>zzz”." in page.text
    assert visitor.get("/handlers?q=sell").headers["Location"] == "/?q=sell"
    assert [str(link["href"]) for link in soup(visitor, "/?q=sell").select("#handler-matches a")] == [sell]


def test_names_come_before_descriptions_and_the_rest_is_counted(visitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_search, "SHOWN", 1)
    page = soup(visitor, "/?q=visits")
    assert "1 more." in page.text
    assert len(page.select("#handler-matches li")) == 1


def test_the_last_run_of_each_integration_and_the_folder_of_those_of_one_title(
    live: Any, greeter: Path, tmp_path: Path
) -> None:
    visitor = live.inside()
    assert "not run yet" in soup(visitor).select(".card .last")[0].text
    integration = live.catalog.get("greeter")
    with live.app.test_request_context():
        handler = handlers(integration, Kind.ACTION)[0]
        asked = request_of(integration, handler, {}, Profile(), integration.contract, 60)
    run = live.runner.wait(live.runner.submit(asked).id, 60)
    last = soup(visitor).select(".card .last")[0]
    assert last.select_one(".text").text.startswith("greet ")  # type: ignore[union-attr]  # it is there
    assert last.find("time")["title"]  # type: ignore[index]  # it is there
    resent = replace(run, request=replace(run.request, kind=Kind.REQUEST, name="request"))
    assert last_runs([resent, run])["greeter"].name == "greet"
    assert soup(visitor).select(".folder-label") == []
    shutil.copytree(greeter, tmp_path / "copy" / "greeter")
    assert visitor.post("/folders", {"path": str(tmp_path / "copy" / "greeter")}).status_code == 303
    ends = [f"{greeter.parent.name}/greeter", "copy/greeter"]
    assert [each.text for each in soup(visitor).select(".card .folder-label")] == ends
    for path in ("/integrations/greeter", f"/runs/{run.id}", "/runs"):
        assert [each.text for each in soup(visitor, path).select(".folder-label")] == ends[:1], path


def test_a_status_filter_counts_the_integrations_and_shows_those_of_one_status(
    write_integration: Any, config: Any, folders: Path, visitor: Any
) -> None:
    for number in range(4):
        write_integration(folders / f"more{number}", config)
    links = soup(visitor, "/?checked=1").select("#standings a")
    assert [link.text.split() for link in links] == [["All", "6"], ["Errors", "5"], ["Warnings", "0"], ["Ready", "1"]]
    page = soup(visitor, str(links[3]["href"]))
    assert [card["href"] for card in page.select(".card")] == ["/integrations/greeter"]
    assert [link.text.split()[0] for link in page.select("#standings [aria-current]")] == ["Ready"]
    assert "No integration is listed under “Warnings”." in soup(visitor, str(links[2]["href"])).text
