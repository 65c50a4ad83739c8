"""A store with a history: what is kept, what never is, and what happens when the database fails or the process dies."""

import base64
import gc
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.history.conftest import made_run, summary
from workbench.domain import Run, RunRequest, Status
from workbench.events import OutputWritten, RunFinished, RunQueued
from workbench.explain.run_summary import cause, summarize
from workbench.history import History, HistoryArchive
from workbench.history.writer import Saved
from workbench.store import Store

SECRET = 'p)%>+$:"é-kept-nowhere'


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[HistoryArchive]:
    """An empty history in a file."""
    opened = HistoryArchive(History.open(f"sqlite:///{tmp_path / 'history.sqlite'}"), summarize)
    yield opened
    opened.close()


def request(**more: Any) -> RunRequest:
    """A request with a credential that is a secret."""
    asked = made_run().request
    fields = {"type": "object", "properties": {"api_key": {"type": "string", "format": "password"}}}
    return replace(asked, auth={"api_key": SECRET}, auth_schema=fields, **more)


def finish(store: Store, asked: RunRequest, *events: Any) -> Run:
    """A run of that request that is over."""
    run = store.create(asked)
    for event in (RunQueued(monotonic()), *events, RunFinished(monotonic(), Status.SUCCEEDED)):
        store.append(run.id, event)
    return run


def test_a_finished_run_is_kept_and_ids_go_on(archive: HistoryArchive) -> None:
    run = finish(Store(archive=archive), request())
    assert archive.writer.flush()
    later = Store(archive=archive)
    assert later.get(run.id) == Store(archive=archive).get(run.id)
    assert later.get(run.id) is not None
    assert int(finish(later, request()).id) == int(run.id) + 1
    assert not later.holds(run.id)


def test_no_secret_is_in_any_file(archive: HistoryArchive, tmp_path: Path) -> None:
    echoed = f"key={SECRET} {base64.b64encode(SECRET.encode()).decode()}"
    run = finish(Store(archive=archive), request(inputs={"note": echoed}), OutputWritten(monotonic(), "stdout", echoed))
    assert archive.writer.flush()
    kept = archive.get(run.id)
    assert kept is not None
    assert kept.outcome.output
    (entry,) = archive.history.entries()
    plain = repr((kept, entry)).encode() + b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for form in (SECRET.encode(), repr(SECRET)[1:-1].encode(), base64.b64encode(SECRET.encode()), b"kept-nowhere"):
        assert form not in plain


def test_a_database_that_fails_stops_no_run(archive: HistoryArchive) -> None:
    archive.history.database.engine.dispose()
    Path(archive.history.database.engine.url.database or "").write_bytes(b"overwritten" * 1000)
    store = Store(archive=archive)
    run = finish(store, request())
    assert archive.writer.flush()
    assert store.get(run.id) is not None
    assert not run.id.isdecimal()
    assert archive.writer.saved == Saved(1, "The database could give it no id when it was started.")
    assert archive.get("1") is None


KILLED = """
import sys
from tests.history.conftest import made_run, summary
from workbench.history import History
history = History.open(sys.argv[1])
for number in range(1, 100_000):
    history.save(made_run(number), summary("some words"))
    print(number, flush=True)
"""


def test_a_process_that_is_killed_while_it_writes_loses_at_most_that_run(tmp_path: Path) -> None:
    url, root = f"sqlite:///{tmp_path / 'history.sqlite'}", Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ
    ) as process:
        assert process.stdout is not None
        for _ in range(20):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    with History.open(url) as history:
        assert history.totals().runs >= last
        assert history.get(last) == made_run(last)
        history.save(made_run(100_000), summary())


def test_failures_have_one_cause_whatever_the_item() -> None:
    first, second = made_run(1, status=Status.FAILED), made_run(2, status=Status.FAILED)
    assert cause(first) == cause(second) != ""
    assert cause(made_run(3)) == ""
    assert cause(made_run(4, status=Status.TIMED_OUT)) != cause(first)
    assert cause(made_run(5, status=Status.FAILED, name="other")) != cause(first)


def test_a_large_result_is_free_once_it_is_summarized() -> None:
    class Value(list[int]):
        """A list that can be watched."""

    value = Value(range(30_000))
    watch = weakref.ref(value)
    collects = gc.isenabled()
    gc.disable()
    try:
        summarize(made_run(result=value))
        del value
        assert watch() is None, "the summary takes its beginning, and keeps nothing"
    finally:
        if collects:
            gc.enable()


def test_a_handler_that_started_and_returned_is_summarized() -> None:
    told = summarize(made_run(1, inputs={"city": "Wellington", "days": 3, "options": {"a": [1]}}), "Weather")
    assert told.inputs == 'city: Wellington, days: 3, options: {"a": [1]}'
    assert (told.integration, told.state, told.exchanges) == ("Weather", "succeeded", 1)
    assert "https://api.example.com/now?city=Wellington 200" in told.text
