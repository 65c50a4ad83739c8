"""The list of the HTTP tab: its filter, its order, its parts, and what the stream sends of it."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from workbench.domain import AnswerOrigin, Answers, AnswerSource, Rule, RuleAction, Run, Status
from workbench.explain.http.urls import host_and_path
from workbench.web.runs.exchanges import listing
from workbench.web.runs.exchanges.rows import ExchangeRow
from workbench.web.runs.exchanges.timings import clock
from workbench.web.runs.outcome import event_stream, outcome_page
from workbench.web.runs.query import OutcomeQuery
from workbench.web.runs.tabs import http


def urls(client: FlaskClient, path: str) -> list[str]:
    """The URLs of the rows, without scheme and host."""
    page = BeautifulSoup(client.get(path).text, "html.parser")
    return [str(link["title"]).partition("/v1/")[2] for link in page.select(".net tbody .url > a")]


@pytest.fixture
def six(tell: Any) -> str:
    """A run with two hosts, a failed exchange in the middle, and one that is slower than the others."""
    story = tell().started()
    for name, status, host, took in (
        ("a", 200, "one", 10), ("b", 404, "two", 20), ("c", 302, "one", 90), ("d", 200, "two", 5), ("e", 200, "one", 7),
        ("f", 500, "one", 8),
    ):  # fmt: skip
        story.exchange(url=f"https://{host}.example/v1/{name}", status=status, took=took, reason="R")
    return str(story.finished(Status.SUCCEEDED).run.id)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcdef"), ("q=ONE+get", "acef"), ("status=2xx", "ade"), ("status=none", ""), ("host=two.example", "bd"),
        ("failed=1", "bf"), ("failed=1&host=one.example", "f"), ("library=httpx", ""), ("library=aiohttp", "abcdef"),
        ("sort=time", "defabc"), ("sort=-time", "cbafed"), ("sort=status&failed=1", "bf"), ("sort=-url", "dbfeca"),
        ("sort=-start", "fedcba"), ("sort=start", "abcdef"), ("sort=-start&host=two.example", "db"),
        ("sort=nonsense", "abcdef"), ("q=404", "b"), ("q=-one", "bd"), ("q=one+-404+-500", "ace"), ("q=-", ""),
        ("q=body:METHOD", "abcdef"), ("q=body:accept:", "abcdef"), ("q=body:zzz", ""), ("q=-body:zzz+two", "bd"),
    ],
)  # fmt: skip
def test_the_address_filters_and_sorts(client: FlaskClient, six: str, query: str, found: str) -> None:
    assert urls(client, f"/runs/{six}?tab=http&{query}") == list(found)


def test_a_click_on_a_column_sorts_up_then_down_then_by_start(client: FlaskClient, six: str) -> None:
    for column, orders in (("time", ["defabc", "cbafed", "abcdef"]), ("start", ["fedcba", "abcdef", "fedcba"])):
        path = f"/runs/{six}?tab=http"
        for order in orders:
            page = BeautifulSoup(client.get(path).text, "html.parser")
            path = str(page.select(f"#exchange-sort-{column}")[0]["href"])
            assert urls(client, path) == list(order), column
        sorted_by = BeautifulSoup(client.get(path).text, "html.parser").select('.net th:not([aria-sort="none"]) a')
        assert [one["id"] for one in sorted_by] == ["exchange-sort-start"]


def test_a_filter_that_finds_nothing_says_so_and_can_be_cleared(client: FlaskClient, six: str) -> None:
    page = BeautifulSoup(client.get(f"/runs/{six}?tab=http&q=zzz&sort=url").text, "html.parser")
    blank = page.select_one(".blank")
    assert blank is not None
    assert blank.text.startswith("No exchanges match this filter.")
    assert urls(client, str(page.select(".blank a")[0]["href"])) == list("acefbd")


def test_the_form_works_without_scripts_and_the_part_names_its_address(client: FlaskClient, six: str) -> None:
    page = BeautifulSoup(client.get(f"/runs/{six}?tab=http&exchange=2&sort=-url&q=one").text, "html.parser")
    form = page.select_one("form.exchange-filter")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    assert sent == {"tab": "http", "exchange": "2", "sort": "-url"}
    query = "&".join(f"{name}={value}" for name, value in {**sent, "q": "two"}.items())
    assert urls(client, f"{form['action']}?{query}") == ["d", "b"]
    answer = client.get(f"{form['hx-get']}&{query}&host=&status=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Replace-Url"] == f"/runs/{six}?tab=http&exchange=2&q=two&sort=-url"


def test_an_opened_exchange_keeps_the_filter(client: FlaskClient, six: str) -> None:
    page = BeautifulSoup(client.get(f"/runs/{six}?tab=http&failed=1").text, "html.parser")
    assert urls(client, str(page.select(".net tbody .url > a")[0]["href"])) == ["b", "f"]


def long_run(tell: Any, size: int, failed: tuple[int, ...] = ()) -> str:
    """The address of the HTTP tab of a run with so many exchanges."""
    story = tell().started()
    for number in range(size):
        story.exchange(url=f"https://h.example/v1/{number}", status=500 if number in failed else 200, took=1)
    return f"/runs/{story.finished(Status.SUCCEEDED).run.id}?tab=http"


def test_a_long_list_is_shown_in_parts_and_all_of_it_is_reached(client: FlaskClient, tell: Any) -> None:
    base = long_run(tell, 170, failed=(100, 169))
    assert urls(client, base) == [str(number) for number in range(130, 170)]
    page = BeautifulSoup(client.get(base).text, "html.parser")
    (hidden,) = page.select(".hidden-rows")
    assert (hidden.text.strip(), hidden["data-start"], hidden["data-count"]) == (
        "130 more exchanges, 1 failed", "0", "130",
    )  # fmt: skip
    seen, left = set(), {base}
    while left:
        address = left.pop()
        found = set(urls(client, address))
        if found - seen:
            links = BeautifulSoup(client.get(address).text, "html.parser").select(".hidden-rows a")
            left |= {str(link["href"]) for link in links}
        seen |= found
    assert len(seen) == 170


@pytest.mark.parametrize(
    ("query", "opened"),
    [("", "5"), ("&exchange=3", "2"), ("&failed=1", "1"), ("&sort=-url", "5"), ("&sort=url", "0"), ("&q=v1/3", "3")],
)
def test_the_newest_is_open_or_what_a_filter_or_an_order_brings_first(
    client: FlaskClient, tell: Any, query: str, opened: str
) -> None:
    base = long_run(tell, 6, failed=(1, 4))
    page = BeautifulSoup(client.get(base + query).text, "html.parser")
    (chosen,) = page.select('.net [aria-current="true"]')
    assert str(chosen["title"]).endswith(f"/{opened}")


def test_an_exchange_opened_elsewhere_has_its_row_beside_the_part(client: FlaskClient, tell: Any) -> None:
    base = long_run(tell, 100)
    assert urls(client, f"{base}&exchange=90&from=0") == [*(str(number) for number in range(40)), "89"]
    links = BeautifulSoup(client.get(f"{base}&from=20").text, "html.parser").select(".net tbody .url > a")
    assert urls(client, str(links[3]["href"]))[0] == "20"


def begun_before(run: Run) -> Run:
    """The run half a minute later, when the clock of its bars stands for a while."""
    return replace(run, created_at=run.created_at - 35)


def test_rows_that_are_over_are_not_sent_again(app: Any, tell: Any) -> None:
    story = tell().started()
    for number in range(20):
        story.exchange(url=f"https://h.example/v1/{number}", took=1)
    query = OutcomeQuery(f"/runs/{story.run.id}", "http", exchange=1)
    with app.test_request_context("/"):
        first = outcome_page.render(begun_before(story.now), query)
        second = outcome_page.render(begun_before(story.exchange(url="https://h.example/v1/new").now), query)
    changes = event_stream.json_changes(first, second)
    assert changes.count("exchange-row-") == 1
    assert "exchange-row-21" in changes


def test_the_clock_of_a_live_run_grows_in_steps() -> None:
    assert [clock((), now, live=True).over for now in (0.0, 0.3, 1.2, 4.9, 61)] == [1.0, 0.5, 2, 5, 120]
    assert clock((), 1.2, live=False).over == 1.2


def test_a_waterfall_is_said_in_words(tell: Any) -> None:
    run = tell().started().exchange().finished(Status.SUCCEEDED).now
    (row,) = http.present(run, OutcomeQuery(), 1.0).rows
    assert isinstance(row, ExchangeRow)
    assert row.waterfall.text.startswith("at 25 ms: DNS 0.4 ms, connect 0.6 ms, wait 30 ms")


def test_a_row_says_what_did_not_come_from_the_network(tell: Any) -> None:
    story = tell().started().exchange().exchange().exchange()
    run = story.finished(Status.SUCCEEDED).now
    origins = (AnswerOrigin(), AnswerOrigin(AnswerSource.RECORDING, 7), AnswerOrigin(rule="Is down"))
    exchanges = tuple(replace(each, origin=origin) for each, origin in zip(run.outcome.exchanges, origins, strict=True))
    changed = replace(run, outcome=replace(run.outcome, exchanges=exchanges))
    found = http.present(changed, OutcomeQuery(exchange=3), 1.0)
    marks = [(row.mark.text, row.mark.tone) for row in found.rows if isinstance(row, ExchangeRow)]
    assert marks == [("", ""), ("recorded", ""), ("rule: Is down", "warn")]
    assert found.detail
    assert "changed by the rule “Is down”" in found.detail.facts
    rule = Rule("Is down", RuleAction.FORWARD, base_url="http://127.0.0.1:8812")
    asked = replace(changed.request, answers=Answers(rules=(rule,)))
    found = http.present(replace(changed, request=asked), OutcomeQuery(exchange=3), 1.0)
    assert found.detail
    assert "forwarded by the rule “Is down” to http://127.0.0.1:8812" in found.detail.facts


@pytest.mark.parametrize(
    "url",
    [
        "http://u:p@h:1/a/b?c=/",
        "https://h?x=/y",
        "http://h#/f",
        "h/no/scheme",
        "",
        "/path",
        "http://[::1]:8/a",
        "http://[bad/a",
    ],
)
def test_a_host_is_that_of_the_whole_url(tell: Any, url: str) -> None:
    run = tell().started().exchange(url=url).exchange(url=f"{url}/more").finished(Status.SUCCEEDED).now
    hosts = [one.host for one in listing.of_outcome(run.outcome).listed]
    assert hosts == [host_and_path(one.request.url)[0] for one in run.outcome.exchanges]
