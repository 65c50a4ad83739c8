"""Runs that are kept: listed, searched, opened, pinned and deleted, also after a restart."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.history.conftest import made_run
from workbench.domain import Exchange, Kind, Request, Returned, Run, Status
from workbench.domain.masked_text import MaskedSpan, MaskedText
from workbench.explain.run_summary import summarize
from workbench.history import EntryFilter, History, HistoryArchive

type Make = Callable[..., Any]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[HistoryArchive]:
    """An empty history."""
    opened = HistoryArchive(History.open(f"sqlite:///{tmp_path / 'history.sqlite'}"), summarize)
    yield opened
    opened.close()


@pytest.fixture
def visitor(make_site: Make, greeter: Path, runner: Any, archive: HistoryArchive) -> Any:
    """Somebody on the pages of a workbench that was restarted: nothing is in its memory."""
    return make_site(greeter, runner=runner, archive=archive).inside()


def keep(archive: HistoryArchive, number: int, **more: Any) -> Run:
    """A kept run of the greeter."""
    run = made_run(number, **{"integration_id": "greeter", "name": "greet"} | more)
    archive.history.save(run, summarize(run, "Greeter", revision="abc123def456"))
    return run


def rows(visitor: Any, query: str = "") -> list[str]:
    """The ids of the rows of the list."""
    page = BeautifulSoup(visitor.get(f"/runs{query}").text, "html.parser")
    return [cell.text for cell in page.select("#run-rows td:first-child a[href^='/runs/']")]


def test_a_kept_run_says_where_it_is_chosen_what_it_cannot_answer(visitor: Any, archive: HistoryArchive) -> None:
    run = keep(archive, 1)
    [found] = run.outcome.exchanges
    assert found.response
    cut = replace(found, response=replace(found.response, cut=True))
    partly = replace(run, id="2", outcome=replace(run.outcome, exchanges=(cut,)))
    archive.history.save(partly, summarize(partly))
    page = BeautifulSoup(visitor.get("/integrations/greeter/actions/greet").text, "html.parser")
    texts = [option.text for option in page.select("[name=answers] option")]
    assert texts == ["the network", "run 2 (1 exchange, 1 response not stored whole)", "run 1 (1 exchange)"]


def test_kept_runs_are_listed_and_opened_after_a_restart(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1)
    keep(archive, 2, status=Status.TIMED_OUT)
    page = visitor.get("/runs").text
    assert rows(visitor) == ["2", "1"]
    assert "city: Wellington" in page
    assert "revision abc123def456" in page
    assert "The history holds 2 runs" in page
    shown = visitor.get("/runs/1?tab=http")
    assert shown.status_code == 200
    assert "api.example.com" in shown.text
    assert visitor.get("/runs/1/export").json["result"] == {"gust": 12}
    assert visitor.get("/runs/3").status_code == 404


def test_kept_runs_are_filtered_and_searched(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1, inputs={"city": "Zürich"})
    keep(archive, 2, status=Status.TIMED_OUT)
    keep(archive, 3, name="other")
    assert rows(visitor, "?q=zürich") == ["1"]
    assert rows(visitor, "?q=example.com+now&status=timed_out") == ["2"]
    assert rows(visitor, "?integration=greeter&handler=action:other") == ["3"]
    assert rows(visitor, "?before=3") == ["2", "1"]
    assert rows(visitor, "?status=live") == []
    page = BeautifulSoup(visitor.get("/runs?q=zürich").text, "html.parser")
    assert [one["value"] for one in page.select("#filter-q")] == ["zürich"]
    assert "1 of 3 runs" in page.text
    assert "No runs match" in visitor.get("/runs?q=nowhere").text


def test_failures_with_one_cause_stand_together_and_can_be_chosen(visitor: Any, archive: HistoryArchive) -> None:
    for number in (1, 2):
        keep(archive, number, status=Status.TIMED_OUT)
    keep(archive, 3)
    page = BeautifulSoup(visitor.get("/runs").text, "html.parser")
    (link,) = page.select(".causes a")
    assert link.text.startswith("2 times")
    assert rows(visitor, str(link["href"]).removeprefix("/runs")) == ["2", "1"]


def test_a_long_history_is_reached_part_by_part(visitor: Any, archive: HistoryArchive) -> None:
    for number in range(1, 54):
        keep(archive, number)
    page = BeautifulSoup(visitor.get("/runs?integration=greeter").text, "html.parser")
    (more,) = page.select("tr.more a")
    assert "3 more" in page.select_one("tr.more").text  # type: ignore[union-attr]
    assert rows(visitor, str(more["hx-get"]).removeprefix("/runs")) == ["3", "2", "1"]


def test_a_run_is_pinned_and_deleted(visitor: Any, archive: HistoryArchive) -> None:
    for number in (1, 2, 3, 4):
        keep(archive, number, **({"status": Status.TIMED_OUT} if number > 2 else {}))
    assert visitor.post("/history/1/pin", {"pinned": "1", "filter": "q=gust"}).headers["Location"] == "/runs?q=gust"
    assert [entry.id for entry in archive.history.entries(EntryFilter(pinned=True))] == [1]
    visitor.get("/runs/2")
    visitor.post("/history/2/deletion")
    assert visitor.get("/runs/2").status_code == 404
    assert visitor.post("/history/deletion", {"filter": "status=timed_out"}).status_code == 303
    assert rows(visitor) == ["1"]


def test_what_is_kept_can_be_changed(visitor: Any, archive: HistoryArchive) -> None:
    for number in (1, 2, 3):
        keep(archive, number)
    visitor.post("/history/retention", {"runs": "2", "days": "", "megabytes": "nonsense"})
    assert rows(visitor) == ["3", "2"]
    assert "It keeps at most 2 runs;" in visitor.get("/runs").text


@pytest.mark.parametrize("run_id", ["0", "x", "9" * 30, "-1", "%2e%2e", "١"])
def test_an_id_that_no_run_has_is_not_found(visitor: Any, archive: HistoryArchive, run_id: str) -> None:
    keep(archive, 1)
    assert visitor.get(f"/runs/{run_id}").status_code == 404
    assert visitor.post(f"/history/{run_id}/deletion").status_code == 303
    assert rows(visitor) == ["1"]


def test_a_secret_that_was_not_kept_is_asked_for(visitor: Any, archive: HistoryArchive) -> None:
    masked = MaskedText("‹pin›", (MaskedSpan(0, 5, "pin"),))
    keep(archive, 1, inputs={"name": "Ada", "pin": masked})
    page = visitor.get("/integrations/greeter/actions/greet?run=1").text
    assert "keeps no secrets" in page
    assert "‹pin›" not in BeautifulSoup(page, "html.parser").select_one("form#inputs, form").text  # type: ignore[union-attr]
    assert visitor.post("/runs/1/repetition").status_code == 409
    url = MaskedText("https://x.example/‹pin›", (MaskedSpan(18, 23, "pin"),))
    keep(archive, 2, exchanges=(Exchange(1, 1, 1, "aiohttp", Request("GET", url), 0.1, 0.2),))
    page = visitor.get("/runs/2?tab=http").text
    assert "Secrets are not stored. Run again to see them." in page
    assert "Show secrets" not in page
    assert visitor.post("/runs/2/exchanges/1/revelation").status_code == 404


def test_without_a_history_there_is_none(make_site: Make, greeter: Path, runner: Any) -> None:
    visitor = make_site(greeter, runner=runner).inside()
    assert "until the workbench stops" in visitor.get("/runs").text
    assert visitor.post("/history/deletion").status_code == 404


def test_the_last_outcomes_are_shown_after_a_restart(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1)
    keep(archive, 2, status=Status.TIMED_OUT)
    assert "greet timed out" in visitor.get("/").text
    page = BeautifulSoup(visitor.get("/integrations/greeter").text, "html.parser")
    (row,) = [link for link in page.select("nav a") if "greet" in link.text and "actions/greet" in str(link["href"])]
    assert "Timed out" in str(row)
    action = BeautifulSoup(visitor.get("/integrations/greeter/actions/greet").text, "html.parser")
    assert [link["id"] for link in action.select(".history li a[id]")] == ["history-2", "history-1"]
    assert "No run yet" not in action.text
    (shown,) = action.select(".history [aria-current]")
    assert shown["id"] == "history-2"
    earlier = visitor.get(str(action.select_one("#history-1")["href"]))  # type: ignore[index]  # it is there
    assert "keeps no secrets" not in earlier.text


def test_kept_runs_are_compared_and_stand_above_an_outcome(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1, created_at=1000.0, started_at=0.1, left_at=0.2, finished_at=2.0)
    keep(archive, 2, created_at=2000.0, name="other")
    keep(archive, 3, created_at=3000.0, returned=Returned("ActionResult", {"gust": 13}), inputs={"city": "Paris"})
    page = BeautifulSoup(visitor.get("/runs").text, "html.parser")
    assert [cell["title"] for cell in page.select("td[title]")] == ["2 s, of which handler 100 ms"]
    assert page.select_one("#choose-1")["form"] == page.select_one("button[data-compare]").find_parent("form")["id"]
    strip = BeautifulSoup(visitor.get("/runs/3").text, "html.parser").select(".history li a, #compare-previous")
    assert [one["href"] for one in strip] == ["/runs/3", "/runs/1", "/runs/3/comparison"]
    assert visitor.get("/runs/3/comparison").location == "/runs/1/comparison/3"
    assert visitor.get("/runs/comparison?run=3&run=1").location == "/runs/1/comparison/3"
    shown = BeautifulSoup(visitor.get("/runs/1/comparison/3").text, "html.parser")
    assert shown.h1.text == "1 value of the inputs differs; 1 value of the result differs."
    assert [row.get_text(" ", strip=True) for row in shown.select(".changes tbody tr")] == [
        '/city "Wellington" "Paris"',
        "/gust 12 13",
    ]
    assert "1 exchange is the same in both runs." in shown.text
    assert visitor.get("/runs/1/comparison/3/export").json["sentence"] == shown.h1.text
    assert visitor.get("/runs/1/comparison").status_code == 404
    assert visitor.get("/runs/comparison?run=1").status_code == 400


def test_a_poll_starts_from_the_last_kept_one_that_succeeded(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1, kind=Kind.TRIGGER, name="visits")
    keep(archive, 2, kind=Kind.TRIGGER, name="visits", status=Status.TIMED_OUT)
    ends = archive.history.entries(EntryFilter(kind=Kind.TRIGGER))[-1].created_at
    page = visitor.get("/integrations/greeter/triggers/visits").text
    assert f"Empty sends <code>{int(ends)}</code> (last poll)" in page


def test_a_database_that_fails_meanwhile_is_said(visitor: Any, archive: HistoryArchive) -> None:
    keep(archive, 1)
    with archive.history.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE runs")
    for answer in (visitor.get("/runs"), visitor.post("/history/retention", {"runs": "5"})):
        assert answer.status_code == 503
        assert "The history cannot be used" in answer.text
        assert "no such table: runs" in answer.text
        assert "Start the workbench again" in answer.text
