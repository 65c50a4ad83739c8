"""Runs are kept, found and thrown away, in SQLite as in PostgreSQL."""

import threading
from dataclasses import replace
from pathlib import Path
from time import time

import pytest

from tests.history.conftest import made_run, summary
from workbench.domain import Answers, AnswerSource, Kind, Returned, Rule, RuleAction, Status
from workbench.domain.masked_text import MaskedBytes, MaskedSpan, MaskedText, spans_of
from workbench.history import EntryFilter, History, HistoryUnavailable, Retention, UnavailableReason, UnreadableRun
from workbench.history.run_document import read_run, write_run


def ids(history: History, wanted: EntryFilter = EntryFilter(), limit: int = 100) -> list[int]:  # noqa: B008
    """The ids of what is found."""
    return [entry.id for entry in history.entries(wanted, limit)]


def test_a_run_comes_back_as_it_was(history: History, url: str) -> None:
    run = made_run(7, profile="staging", last_poll_ts="5")
    history.save(run, summary(inputs="city: Wellington", revision="abc123", modified=True))
    assert history.get(7) == run
    history.close()
    with History.open(url) as again:  # as after a restart
        assert again.get(7) == run
        (entry,) = again.entries()
        assert (entry.id, entry.kind, entry.name, entry.pasted) == (7, Kind.ACTION, "read", False)
        assert (entry.profile, entry.contract, entry.duration) == ("staging", "2", 0.25)
        assert (entry.summary.headline, entry.summary.revision, entry.summary.modified) == (
            "Succeeded.",
            "abc123",
            True,
        )
    assert history.get(8) is None


def test_runs_are_chosen_by_what_they_are(history: History) -> None:
    history.save(made_run(1), summary())
    history.save(made_run(2, name="write"), summary(state=Status.FAILED, cause="KeyError at weather.py:5"))
    history.save(made_run(3, kind=Kind.TRIGGER), summary())
    history.save(made_run(4, integration_id="news"), summary(state=Status.FAILED, cause="timeout"))
    assert ids(history) == [4, 3, 2, 1]
    assert ids(history, EntryFilter(integration_id="weather")) == [3, 2, 1]
    assert ids(history, EntryFilter(kind=Kind.TRIGGER)) == [3]
    assert ids(history, EntryFilter(name="read", integration_id="weather", kind=Kind.ACTION)) == [1]
    assert ids(history, EntryFilter(state=Status.FAILED)) == [4, 2]
    assert ids(history, EntryFilter(cause="timeout")) == [4]
    assert ids(history, EntryFilter(since=1_790_000_003.0)) == [4, 3]
    assert ids(history, EntryFilter(before=3)) == [2, 1]
    assert ids(history, limit=2) == [4, 3]
    assert history.count(EntryFilter(integration_id="weather")) == 3


SEARCHES = {
    "gust": [2],
    "GUST must": [2],
    "gus": [2],
    "gust wellington": [],
    "api.example.com/now": [2, 1],
    "Zürich": [1],
    "zür": [1],
    '"quoted" OR -x*': [],
    "headline": [2, 1],
    "%": [],
    "  ": [2, 1],
}
"""What is typed into the search, and the runs that it finds."""


def test_texts_are_searched_by_the_beginnings_of_words(history: History) -> None:
    history.save(made_run(1), summary("https://api.example.com/now Zürich wellington", headline="The headline"))
    history.save(made_run(2), summary("https://api.example.com/now /gust must be a number", headline="The headline"))
    assert {searched: ids(history, EntryFilter(text=searched)) for searched in SEARCHES} == SEARCHES


def test_failures_with_one_cause_are_counted(history: History) -> None:
    for number, cause in enumerate(["timeout", "", "KeyError", "timeout"], 1):
        history.save(made_run(number), summary(cause=cause, headline=f"Failed {number}."))
    assert [(one.cause, one.count, one.since, one.headline) for one in history.causes()] == [
        ("timeout", 2, 1_790_000_001.0, "Failed 4."),
        ("KeyError", 1, 1_790_000_003.0, "Failed 3."),
    ]


def test_what_is_deleted_is_not_found(history: History) -> None:
    for number in range(1, 6):
        history.save(made_run(number, name=f"n{number % 2}"), summary("word"))
    history.delete_run(5)
    assert history.delete(EntryFilter(name="n0")) == 2
    assert ids(history, EntryFilter(text="word")) == [3, 1]
    assert history.get(4) is None
    assert history.totals().runs == 2


def test_the_oldest_go_first_and_pinned_ones_stay(history: History) -> None:
    for number in range(1, 7):
        history.save(made_run(number, created_at=time() - 86_400 * (10.5 - number)), summary())
    history.pin(1)
    size = history.totals().bytes // 6
    everything = Retention(None, None, None)
    assert history.retain(everything) == 0
    assert history.retain(Retention(4, None, None)) == 1
    assert ids(history) == [6, 5, 4, 3, 1]
    assert history.retain(Retention(None, 7, None)) == 1
    assert ids(history) == [6, 5, 4, 1]
    assert history.retain(Retention(None, None, 2 * size + 50)) == 1
    assert ids(history) == [6, 5, 1]
    history.pin(1, pinned=False)
    assert history.retain(Retention(2, None, None)) == 1
    assert ids(history, EntryFilter(pinned=False)) == [6, 5]


def test_nobody_gets_an_id_twice(history: History, url: str) -> None:
    found: list[int] = []
    with History.open(url) as other:

        def reserve(one: History) -> None:
            found.extend(one.reserve_id() for _ in range(20))

        threads = [threading.Thread(target=reserve, args=(one,)) for one in (history, other, history)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == list(range(1, 61))


def test_a_database_of_a_newer_version_is_left_as_it_is(history: History, url: str) -> None:
    from workbench.history.tables import VERSION

    history.save(made_run(1), summary())
    with history.database.engine.begin() as connection:
        connection.execute(VERSION.update().values(number=99))
    history.close()
    with pytest.raises(HistoryUnavailable) as caught:
        History.open(url)
    assert caught.value.reason is UnavailableReason.NEWER


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    file.write_bytes(b"no database" * 500)
    with History.open(f"sqlite:///{file}") as opened:
        opened.save(made_run(1), summary())
        aside = opened.database.set_aside
    assert aside is not None
    assert aside.read_bytes() == b"no database" * 500
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", UnavailableReason.UNKNOWN_URL),
        ("oracle://x", UnavailableReason.DRIVER),
        ("postgresql://ada:secret@127.0.0.1:1/x", UnavailableReason.UNREACHABLE),
        ("sqlite:////proc/nowhere/history.sqlite", UnavailableReason.UNREACHABLE),
    ],
)
def test_what_cannot_be_opened_is_told_without_its_password(url: str, reason: UnavailableReason) -> None:
    with pytest.raises(HistoryUnavailable) as caught:
        History.open(url)
    assert caught.value.reason is reason
    assert "secret" not in str(caught.value)


def test_masks_come_back_and_a_text_that_looks_like_one_stays_a_text() -> None:
    masked = MaskedText("Bearer ‹key›", (MaskedSpan(7, 12, "key"),))
    body = MaskedBytes("a ‹key›".encode(), (MaskedSpan(2, 11, "key"),))
    run = made_run(1, inputs={"a": "‹key›", "b": masked, "c": [masked[7:], {masked: None}]})
    exchange = run.outcome.exchanges[0]
    run = made_run(
        1, inputs=run.request.inputs, exchanges=(_with_body(exchange, body),), result="‹key›", auth={"key": masked}
    )
    again = read_run(write_run(run))
    assert again == run
    assert isinstance(again.request.inputs, dict)
    assert [spans_of(again.request.inputs[name]) for name in "ab"] == [(), masked.spans]
    assert [spans_of(key) for key in again.request.inputs["c"][1]] == [masked.spans]
    found = again.outcome.exchanges[0].response
    assert found is not None
    assert isinstance(found.body, MaskedBytes)
    assert found.body.spans == body.spans


def test_a_result_that_the_handler_returned_is_written_once_and_read_as_both() -> None:
    value = [{"id": number, "name": f"item {number}"} for number in range(2000)]
    run = made_run(1, result=value, returned=Returned("list", value, size=1))
    again = read_run(write_run(run))
    assert again == run
    assert again.outcome.returned is not None
    assert again.outcome.result is again.outcome.returned.value
    without = made_run(1, result=None, returned=Returned("list", value, size=1))
    assert len(write_run(run)) - len(write_run(without)) < 100
    assert read_run(write_run(without)) == without


def _with_body(exchange, body):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(exchange, response=replace(exchange.response, body=body))


@pytest.mark.parametrize("cut", [0, 3, 5, 40, -1])
def test_a_damaged_document_is_told(cut: int) -> None:
    whole = write_run(made_run(1))
    with pytest.raises(UnreadableRun, match="damaged"):
        read_run(whole[:cut])


def test_a_document_of_a_newer_version_is_told() -> None:
    with pytest.raises(UnreadableRun, match="newer version"):
        read_run(b"\xff" + write_run(made_run(1))[1:])


def test_the_recording_that_answered_a_run_is_not_stored_with_it() -> None:
    run = made_run(1)
    rules = (Rule("slow", RuleAction.DELAY, seconds=1.0),)
    answers = Answers(AnswerSource.RECORDING, "run 7", run.outcome.exchanges, rules=rules)
    run = replace(run, request=replace(run.request, answers=answers))
    again = read_run(write_run(run)).request.answers
    assert again == replace(answers, recorded=())
