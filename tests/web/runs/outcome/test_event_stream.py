"""The stream of a run: the same partial as the page, by version, coalesced, bounded, ended."""

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from workbench.domain import Status
from workbench.store import Store, TooManySubscribers
from workbench.web.runs.outcome import event_stream

type Tell = Callable[..., Any]


def read(response: TestResponse) -> Iterator[tuple[str, str]]:
    """The messages as a reader takes them: id and text, put together where only changes came."""
    pending = text = ""
    for chunk in response.response:
        pending += chunk.decode() if isinstance(chunk, bytes) else chunk
        while "\n\n" in pending:
            block, _, pending = pending.partition("\n\n")
            fields = [line.partition(": ")[::2] for line in block.split("\n")]
            data = [value for name, value in fields if name == "data"]
            if data:
                text = changed(text, "\n".join(data)) if ("event", "changes") in fields else "\n".join(data)
                yield dict(fields)["id"], text


def changed(text: str, changes: str) -> str:
    """What a page makes of a message of changes."""
    lines = text.split("\n")
    parts = ([part] if isinstance(part, str) else lines[part[0] : sum(part)] for part in json.loads(changes))
    return "\n".join(line for part in parts for line in part)


def follow(client: FlaskClient, run_id: str, **headers: str) -> TestResponse:
    return client.get(f"/runs/{run_id}/events", headers=headers, buffered=False)


def without_tokens(text: str) -> str:
    """The page without what differs from one moment to the next."""
    text = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", text)
    return re.sub(r'(value|data-elapsed)="[\d.]+"|>[\d.]+(?=</span> s)', "", text).strip()


def test_a_finished_run_is_told_once_and_equals_the_page(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().exchange().returned({"data": 1}).finished(Status.SUCCEEDED, valued=True)
    response = follow(client, story.run.id)
    assert response.content_type == "text/event-stream; charset=utf-8"
    messages = list(read(response))
    assert len(messages) == 1
    part = client.get(f"/runs/{story.run.id}/outcome", headers={"HX-Request": "true"}).text
    page = client.get(f"/runs/{story.run.id}").text
    assert without_tokens(messages[0][1]) == without_tokens(part)
    assert without_tokens(part) in without_tokens(page)


def test_a_run_is_followed_to_its_end(client: FlaskClient, tell: Tell) -> None:
    story = tell().started()
    messages = read(follow(client, story.run.id))
    number, first = next(messages)
    assert int(number) == story.store.version(story.run.id)
    assert "Running" in first
    story.prints("news\n")
    number, second = next(messages)
    assert int(number) == story.store.version(story.run.id)
    assert "data-events=" in second
    story.returned({}).finished(Status.SUCCEEDED, valued=True)
    rest = list(messages)
    assert "Succeeded" in rest[-1][1]
    assert "data-events=" not in rest[-1][1]


def test_many_events_are_one_picture(store: Store, tell: Tell) -> None:
    story = tell().started()
    drawn: list[int] = []

    def draw() -> str:
        drawn.append(len(story.now.outcome.output))
        if len(drawn) == 1:
            for number in range(200):
                story.prints(f"{number}\n")
        elif not story.now.outcome.status:
            story.finished(Status.SUCCEEDED)
        return str(len(story.now.outcome.output)) + str(story.now.outcome.status)

    list(event_stream.stream(store.subscribe(story.run.id), draw, event_stream.Pace(interval=0.001)))
    assert drawn == [0, 200, 200]


@pytest.mark.parametrize(
    ("pace", "drawing"), [(event_stream.Pace(interval=0.4), 0.0), (event_stream.Pace(interval=0.0, rest=40.0), 0.01)]
)
def test_a_run_that_talks_without_end_is_drawn_at_its_pace(
    store: Store, tell: Tell, pace: event_stream.Pace, drawing: float
) -> None:
    story = tell().started()
    drawn: list[int] = []

    def talk() -> None:
        for number in range(150):
            story.prints(f"{number}\n")
            time.sleep(0.001)
        story.finished(Status.SUCCEEDED)

    def draw() -> str:
        time.sleep(drawing)
        drawn.append(len(drawn))
        return str(len(drawn))

    talker = threading.Thread(target=talk)
    began = time.monotonic()
    talker.start()
    list(event_stream.stream(store.subscribe(story.run.id), draw, pace))
    talker.join()
    assert len(drawn) <= 2 + (time.monotonic() - began) / 0.4


def test_an_unchanged_picture_is_not_sent_again(store: Store, tell: Tell) -> None:
    story = tell().started()
    left = iter([story.prints, story.prints, lambda text: story.finished(Status.SUCCEEDED)])

    def draw() -> str:
        if (step := next(left, None)) is not None:
            step("x\n")
        return "always the same"

    chunks = list(event_stream.stream(store.subscribe(story.run.id), draw, event_stream.Pace(interval=0.0)))
    assert sum(chunk.startswith(b"id:") for chunk in chunks) == 1


def test_a_silent_run_beats(store: Store, tell: Tell) -> None:
    story = tell().started()
    chunks = event_stream.stream(
        store.subscribe(story.run.id, after=store.version(story.run.id)), lambda: "x", event_stream.Pace(heartbeat=0.01)
    )
    assert [next(chunks) for _ in range(3)] == [b"retry: 500\n\n", b": alive\n\n", b": alive\n\n"]
    chunks.close()  # type: ignore[attr-defined]  # a generator


def test_a_reader_that_reconnects_gets_only_what_it_missed(client: FlaskClient, store: Store, tell: Tell) -> None:
    story = tell().started()
    seen = store.version(story.run.id)
    story.finished(Status.SUCCEEDED)
    missed = list(read(follow(client, story.run.id, **{"Last-Event-ID": str(seen)})))
    assert [number for number, _ in missed] == [str(store.version(story.run.id))]
    again = list(read(follow(client, story.run.id, **{"Last-Event-ID": missed[-1][0]})))
    assert again == []
    odd = list(read(follow(client, story.run.id, **{"Last-Event-ID": "not a number"})))
    assert len(odd) == 1


def test_too_many_readers_are_refused_and_the_part_stays_open_to_them(
    client: FlaskClient, store: Store, tell: Tell
) -> None:
    story = tell().started()
    with store.subscribe(story.run.id), store.subscribe(story.run.id):
        response = client.get(f"/runs/{story.run.id}/events?tab=output")
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        part = client.get(f"/runs/{story.run.id}/outcome?tab=output", headers={"HX-Request": "true"})
        assert 'data-state="live"' in part.text
    story.finished(Status.SUCCEEDED)
    assert follow(client, story.run.id).status_code == 200


def test_a_reader_that_goes_away_gives_its_place_back(client: FlaskClient, store: Store, tell: Tell) -> None:
    story = tell().started()
    for _ in range(5):
        response = follow(client, story.run.id)
        next(read(response))
        response.close()
    for _ in range(3):  # a body that is never begun
        client.head(f"/runs/{story.run.id}/events").close()
    with store.subscribe(story.run.id), store.subscribe(story.run.id), pytest.raises(TooManySubscribers):
        store.subscribe(story.run.id)


def test_a_run_that_is_dropped_ends_its_stream(store: Store, tell: Tell) -> None:
    story = tell().started()
    chunks = list(event_stream.stream(store.subscribe(story.run.id), lambda: None))
    assert chunks == [b"retry: 500\n\n"]


def test_one_connection_does_not_last_for_ever(store: Store, tell: Tell) -> None:
    story = tell().started()
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(0.002):
            story.prints("x\n")

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        pace = event_stream.Pace(interval=0.001, longest=0.05)
        assert list(event_stream.stream(store.subscribe(story.run.id), lambda: "x", pace))
    finally:
        stop.set()
        talker.join()


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb"])
def test_every_line_end_stays_within_its_message(text: str) -> None:
    assert event_stream.message(text, "7") == b"id: 7\ndata: a\ndata: b\n\n"


def test_text_cannot_forge_a_message() -> None:
    forged = event_stream.message("x\n\nevent: evil\ndata: y", "1").decode()
    assert all(line.startswith("data: ") for line in forged.strip().split("\n")[1:])
    assert event_stream.message("\ud800", "1") == b"id: 1\ndata: ?\n\n"


def test_a_page_names_the_stream_and_the_part_of_its_own_view(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().prints("news\n")

    def named(query: str) -> tuple[str, str]:
        text = client.get(f"/runs/{story.run.id}?{query}").text
        events, part = (html.unescape(re.findall(rf'data-{name}="([^"]*)"', text)[0]) for name in ("events", "part"))
        return events, part

    events, part = named("tab=output&source=stdout")
    first = next(read(client.get(events, buffered=False)))[1]
    assert without_tokens(first) == without_tokens(client.get(part, headers={"HX-Request": "true"}).text)
    assert 'id="outcome-panel-output"' in first
    assert named("tab=http") != (events, part)


def test_cancelling_a_run_that_is_over_changes_nothing(client: FlaskClient, tell: Tell) -> None:
    story = tell().started().finished(Status.SUCCEEDED)
    answer = client.post(f"/runs/{story.run.id}/cancellation", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Succeeded" in answer.text
    assert client.get(f"/runs/{story.run.id}/cancellation").status_code == 405
