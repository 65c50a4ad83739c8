"""What a history of 50,000 runs takes to list, to filter, to search and to write to."""

import random
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import insert, text

from benchmarks.measure import Figure, median_seconds
from tests.history.conftest import made_run, summary
from workbench.history import EntryFilter, History
from workbench.history.run_document import write_run
from workbench.history.tables import DOCUMENTS, RUNS

RUNS_KEPT = 50_000
LIMIT_MS = 50
_FAILED = 7
"""One of so many runs fails."""


def run() -> list[Figure]:
    """The figures, with SQLite."""
    with (
        tempfile.TemporaryDirectory() as folder,
        History.open(f"sqlite:///{Path(folder) / 'history.sqlite'}") as history,
    ):
        _fill(history)
        asked: dict[str, EntryFilter] = {
            "the newest": EntryFilter(),
            "those of one handler": EntryFilter(integration_id="i3", name="a3"),
            "failures": EntryFilter(state="failed"),
            "a word": EntryFilter(text="word77"),
            "two words": EntryFilter(text="word17 word18"),
            "a word among failures": EntryFilter(text="word77", state="failed"),
        }
        return [
            *(
                _figure(f"history of 50,000 runs: {name}", partial(history.entries, wanted), LIMIT_MS)
                for name, wanted in asked.items()
            ),
            _figure("history: the id of a new run", history.reserve_id, 1),
        ]


def _figure(name: str, work: Callable[[], object], limit: float) -> Figure:
    took = median_seconds(work) * 1000
    return Figure(name, f"{took:.1f} ms", f"≤ {limit} ms", took <= limit)


def _fill(history: History) -> None:
    """Runs as they would be after a year, written at once."""
    dice = random.Random(13)
    words = [f"word{number}" for number in range(3000)]
    run, told = made_run(1), summary()
    history.save(run, told)
    document = write_run(run)
    with history.database.engine.begin() as connection:
        row = dict(connection.execute(RUNS.select()).mappings().one())
        rows = [
            row
            | {
                "id": number,
                "integration_id": f"i{number % 40}",
                "name": f"a{number % 300}",
                "state": "succeeded" if number % _FAILED else "failed",
                "cause": "" if number % _FAILED else f"cause {number % 50}",
            }
            for number in range(2, RUNS_KEPT + 1)
        ]
        connection.execute(insert(RUNS), rows)
        connection.execute(insert(DOCUMENTS), [{"run_id": row["id"], "document": document} for row in rows])
        texts = [{"id": row["id"], "words": " ".join(dice.choices(words, k=120))} for row in rows]
        connection.execute(text("INSERT INTO texts (rowid, words) VALUES (:id, :words)"), texts)
