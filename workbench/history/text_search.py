"""The search in the texts of runs: by FTS5 in SQLite, by its own search in PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from sqlalchemy import ColumnElement, Connection, text

from workbench.history.tables import RUNS

_MOST_WORDS: Final = 20


class Texts(Protocol):
    """The texts of runs in one kind of database."""

    def conditions(self, searched: str) -> Iterator[ColumnElement[bool]]:
        """What chooses the runs with all the words; nothing where no text is searched for."""

    def add(self, connection: Connection, run_id: int, words: str) -> None:
        """Add the text of a run."""

    def remove(self, connection: Connection, run_ids: Sequence[int]) -> None:
        """Remove the texts of runs."""


def _words(searched: str) -> list[str]:
    """The words that are searched for: letters and digits, as both databases cut texts. The last may be a beginning."""
    return "".join(one if one.isalnum() else " " for one in searched).split()[:_MOST_WORDS]


class SqliteTexts:
    """The texts in SQLite's FTS5."""

    def conditions(self, searched: str) -> Iterator[ColumnElement[bool]]:
        if words := _words(searched):
            found = text("SELECT rowid FROM texts WHERE texts MATCH :words").bindparams(
                words=" ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
            )
            yield RUNS.c.id.in_(found.columns(RUNS.c.id))
        elif searched.strip():
            yield RUNS.c.id < 0

    def add(self, connection: Connection, run_id: int, words: str) -> None:
        connection.execute(
            text("INSERT INTO texts (rowid, words) VALUES (:id, :words)"), {"id": run_id, "words": words}
        )

    def remove(self, connection: Connection, run_ids: Sequence[int]) -> None:
        connection.execute(text("DELETE FROM texts WHERE rowid = :id"), [{"id": run_id} for run_id in run_ids])


class PostgresTexts:
    """The texts in PostgreSQL's own search."""

    def conditions(self, searched: str) -> Iterator[ColumnElement[bool]]:
        if words := _words(searched):
            found = text("SELECT run_id FROM texts WHERE words @@ to_tsquery('simple', :words)").bindparams(
                words=" & ".join([*words[:-1], f"{words[-1]}:*"])
            )
            yield RUNS.c.id.in_(found.columns(RUNS.c.id))
        elif searched.strip():
            yield RUNS.c.id < 0

    def add(self, connection: Connection, run_id: int, words: str) -> None:
        # a URL is one word to the parser, so all but letters and digits is taken out first
        plain = "".join(one if one.isalnum() else " " for one in words)
        connection.execute(
            text("INSERT INTO texts (run_id, words) VALUES (:id, to_tsvector('simple', :words))"),
            {"id": run_id, "words": plain},
        )

    def remove(self, connection: Connection, run_ids: Sequence[int]) -> None:
        connection.execute(text("DELETE FROM texts WHERE run_id = :id"), [{"id": run_id} for run_id in run_ids])
