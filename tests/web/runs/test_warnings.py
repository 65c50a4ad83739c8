"""Runs that succeeded by their status alone: word, headline and tone on the page, in the list and beside the action."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rich.console import Console

from workbench.cli.execution.run import exit_code
from workbench.cli.output.run_text import print_run
from workbench.domain import Cut, CutReason, ExchangeError, Kind, ReplacedValue, Status
from workbench.events import RetryScheduled, WarningsFound
from workbench.explain import headline
from workbench.explain.documents.report import report
from workbench.explain.statuses import StatusWord, status_word
from workbench.explain.text import plain
from workbench.runner.return_rules import record_warnings
from workbench.web.runs.tabs import result

type Tell = Callable[..., Any]

NO_HOST = ExchangeError("aiohttp.ClientConnectorDNSError", "Cannot connect [Name or service not known]", "dns")
CUT = ExchangeError("asyncio.CancelledError", "", "wait")
URL = "https://api.example.com/items"


def told(story: Any) -> str:
    return plain(headline.tell(story.now))


def succeeded(story: Any, value: Any) -> Any:
    return story.returned(value).finished(Status.SUCCEEDED, valued=True)


def text_of(run: Any) -> str:
    out = StringIO()
    print_run(run, Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_an_error_in_the_data_is_a_warning_everywhere(client: FlaskClient, tell: Tell) -> None:
    value = {"result": False, "error": "access_token is required <b>"}
    story = succeeded(tell().started(), value)
    said = "The handler returned an error: access_token is required <b>."
    assert (told(story), status_word(story.now)) == (said, StatusWord("Returned an error", "warn"))
    page = client.get(f"/runs/{story.run.id}").text
    assert '<span class="pill warn">Returned an error</span>' in page
    assert '<h1 class="headline warn"' in page
    assert "access_token is required &lt;b&gt;" in page
    assert '<span class="pill warn">Returned an error</span>' in client.get("/runs?status=returned_error").text
    assert '<span class="pill' not in client.get("/runs?status=succeeded").text
    document = report(story.now)
    assert (document["status"], document["headline"], document["result"]) == ("succeeded", said, value)
    assert document["warnings"] == [{"code": "returned_error", "where": "run", "pointer": "/error", "message": said}]
    assert text_of(story.now).startswith("! Returned an error: action call_api")
    assert (exit_code(story.now), exit_code(story.now, strict=True)) == (0, 1)


def test_a_success_without_warnings_is_strict_enough(tell: Tell) -> None:
    story = succeeded(tell().started(), {"data": 1})
    assert (exit_code(story.now, strict=True), report(story.now)["warnings"]) == (0, [])
    assert text_of(story.now).startswith("✓ Succeeded")


def test_a_failure_without_a_text_names_its_flag(tell: Tell) -> None:
    assert told(succeeded(tell().started(), {"ok": False})) == (
        "The handler reports a failure at /ok and gives no reason."
    )


def test_an_error_that_ends_like_a_sentence_gets_no_second_full_stop(tell: Tell) -> None:
    assert told(succeeded(tell().started(), {"ok": False, "error": "Gone!"})) == "The handler returned an error: Gone!"


def test_records_and_accounts_are_no_reports(tell: Tell) -> None:
    poll = succeeded(tell(kind=Kind.TRIGGER).started(), [{"id": "1", "data": {"error": "x"}}])
    assert told(poll) == "Returned 1 record."
    account = succeeded(tell(kind=Kind.ACCOUNT).started(), {"email": "", "error": "x"})
    assert status_word(account.now).tone == "ok"


def test_attempts_that_all_failed_are_no_success(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    for attempt in (1, 2, 3, 4):
        story.exchange(url=URL, status=None, error=NO_HOST, attempt=attempt, group=1)
    succeeded(story, [])
    assert told(story) == (
        "All 4 attempts of GET api.example.com/items failed: the host api.example.com was not found. "
        "The handler returned an empty array all the same."
    )
    assert status_word(story.now) == StatusWord("Requests failed", "warn")
    page = client.get(f"/runs/{story.run.id}").text
    assert "Succeeded" not in page
    assert 'id="outcome-tab-http"' in page.partition('aria-current="true"')[0].rpartition("<a ")[2]


@pytest.mark.parametrize(
    ("value", "statuses", "said"),
    [
        ([], [503], "GET /test failed: HTTP 503 OK. The handler returned an empty array all the same."),
        ({"items": []}, [401, 500], "All 2 requests failed, GET /test as the last: HTTP 500 OK. "
         "The handler returned an object with items all the same."),
        ({"exists": False}, [404], "Returned an object with exists."),
        ({"status": 503}, [503], "Returned an object with status."),
        ({"data": {"status": 503}}, [503], "Returned an object with data."),
        ([1], [503, 200], "Returned an array of 1 item, although 1 of 2 requests failed."),
        ([1], [302], "Returned an array of 1 item."),
    ],
)  # fmt: skip
def test_responses_with_an_error_status(tell: Tell, value: Any, statuses: list[int], said: str) -> None:
    story = tell().started()
    for number, status in enumerate(statuses):
        story.exchange(status=status, request_body=b"%d" % number)
    assert told(succeeded(story, value)) == said


def test_a_request_that_is_sent_again_is_a_retry(tell: Tell) -> None:
    """By a package on top of the library, or by a loop of the handler: each is a call of its own as captured."""
    story = tell().started().exchange(status=429).exchange(status=500)
    failed = tell().started().exchange(status=429).exchange(status=500)
    assert told(succeeded(story.exchange(), [1])) == "Returned an array of 1 item, after retrying twice."
    assert told(succeeded(failed, [])).startswith("All 2 attempts of GET /test failed: HTTP 500 OK.")


def test_a_poll_whose_request_failed_does_not_say_nothing_new(tell: Tell) -> None:
    story = tell(kind=Kind.TRIGGER).started().exchange(url=URL, status=None, error=NO_HOST)
    assert told(succeeded(story, [])).endswith("was not found. The handler returned no records all the same.")


def test_what_was_cancelled_or_helped_by_a_retry_did_not_fail(tell: Tell) -> None:
    story = tell().started().exchange(status=None, error=CUT)
    assert told(succeeded(story, {"data": 1})) == "Returned an object with data."
    story = tell().started().exchange(status=None, error=NO_HOST, group=1).exchange(status=302, attempt=2, group=1)
    assert told(succeeded(story.exchange(attempt=3, group=1), [])) == "Returned an empty array, after one retry."


def test_waits_between_attempts_stand_at_their_exchanges(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(url=URL, status=None, error=NO_HOST, group=1)
    story.tell(RetryScheduled(story.later(1), 1, 1.0, 2, 4))
    assert told(story).startswith("Waiting 1 s before attempt 2 of 4 of GET api.example.com/items: ")
    tab = f"/runs/{story.run.id}?tab=http"
    assert "waiting 1 s before attempt 2 of 4" in client.get(tab).text
    story.exchange(url=URL, status=None, error=NO_HOST, group=1, attempt=2)
    assert "waiting" not in told(story).lower()
    story.tell(RetryScheduled(story.later(1), 2, 2.0, 3, 4)).finished(Status.TIMED_OUT)
    assert '<span class="follows">attempt 2 of 4</span>' in client.get(tab).text
    assert "waited 1 s before attempt 2 of 4" in client.get(tab).text
    assert "ended while waiting 2 s before attempt 3 of 4" in client.get(tab).text
    assert told(story).startswith("Timed out after 1 min, waiting 2 s before attempt 3 of 4 of GET api.example.com")
    assert "wait 1 s before attempt 2 of 4" in text_of(story.now)


def test_what_a_library_sends_again_by_itself_is_no_attempt_of_fetch(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange(url=URL, status=None, error=NO_HOST, group=1)
    story.exchange(url=URL, status=None, error=NO_HOST, group=1, attempt=2).tell(
        RetryScheduled(story.later(1), 2, 1.0, 2, 4)
    )
    story.exchange(url=URL, group=1, attempt=3).exchange(url=URL).finished(Status.SUCCEEDED)
    for order in ("", "&sort=-time"):
        page = BeautifulSoup(client.get(f"/runs/{story.run.id}?tab=http{order}").text, "html.parser")
        assert {row.text for row in page.select(".follows")} == {"sent again by aiohttp", "attempt 2 of 4"}


def test_parts_that_are_not_json_are_listed_in_the_terminal(tell: Tell) -> None:
    parts = (
        ReplacedValue("/when", "datetime.datetime", "datetime.datetime(2026, 1, 2)"),
        ReplacedValue("", "", "3 more"),
    )
    story = tell().started().returned({"when": "datetime.datetime(2026, 1, 2)"}, lossy=parts)
    text = text_of(story.finished(Status.SUCCEEDED, valued=True).now)
    assert "Not JSON\n  /when  datetime.datetime\n  (whole)  3 more\n" in text


def test_parts_that_are_nested_too_deep_are_told_as_that(client: FlaskClient, tell: Tell) -> None:
    parts = (ReplacedValue("/a" * 200, "dict", "{'a': {...}}"), ReplacedValue("/when", "bytes", "b'x'"))
    story = tell().started().returned({"a": 1, "when": "b'x'"}, lossy=parts)
    story.finished(Status.SUCCEEDED, valued=True)
    page = client.get(f"/runs/{story.run.id}?tab=result").text
    endless = page.partition("Some values are nested too deep, or contain themselves.")[2]
    assert f"<code>{'/a' * 30} … {'/a' * 30}</code>" in endless
    assert "/when" not in endless.partition("</ul>")[0]
    assert "<code>/when</code>" in page.partition("Some values are not JSON.")[2].partition("</ul>")[0]
    story = tell().started().returned({"a": 1}, lossy=parts[:1])
    text = text_of(story.finished(Status.SUCCEEDED, valued=True).now)
    assert "Nested too deep, or containing itself\n" in text


def test_an_id_that_is_not_unique_is_marked_in_the_table_and_listed(client: FlaskClient, tell: Tell) -> None:
    records = [{"id": "a<b", "data": {}}, {"id": "b", "data": {}}, {"id": "a<b", "data": {}}]
    story = tell(kind=Kind.TRIGGER, output_schema={}).started().returned(records, "list")
    story.tell(WarningsFound(story.later(1), tuple(record_warnings(records)))).finished(Status.SUCCEEDED, valued=True)
    page = client.get(f"/runs/{story.run.id}?tab=result").text
    assert page.count('<tr class="warn">') == 1
    assert "as record 0 has. Each record needs an id of its own." in page.partition('<tr class="warn">')[2]
    validation = client.get(f"/runs/{story.run.id}?tab=validation&warning=0").text
    assert "record-id-repeated" in validation
    assert 'Record 2 has the id "a<b", as record 0 has.' in text_of(story.now)


def test_a_value_that_was_dropped_or_cut_says_so(tell: Tell) -> None:
    run = tell().started().returned({"n": 1}).finished(Status.SUCCEEDED, valued=True).now
    assert run.outcome.returned
    for cut, words, empty in (
        (Cut(1_000_000, 2_000_000), "The value is larger than the workbench stores: 1 MB of 2 MB kept.", False),
        (Cut(0, 2_000_000, CutReason.MADE_ROOM), "The value (2 MB) was dropped to make room for newer runs.", True),
    ):
        outcome = replace(run.outcome, returned=replace(run.outcome.returned, cut=cut))
        shown = replace(run, outcome=outcome)
        document: Any = report(shown)
        assert document["returned"]["cut"]["size"] == 2_000_000
        assert any(warning["message"].startswith(words) for warning in document["warnings"])
        tab = result.present(shown)
        assert tab.empty.startswith(words) if empty else tab.size == "1 MB of 2 MB kept"
        assert exit_code(shown) == 1
