"""The tables of the history, and the steps by which an older database becomes one of today."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    inspect,
    text,
)

METADATA: Final = MetaData()

RUN_ID: Final = BigInteger().with_variant(Integer, "sqlite")

RUNS: Final = Table(
    "runs",
    METADATA,
    Column("id", RUN_ID, primary_key=True, autoincrement=False),
    Column("created_at", Float, nullable=False),
    Column("integration_id", Text, nullable=False),
    Column("root", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("pasted", Boolean, nullable=False),
    Column("duration", Float),
    Column("profile", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("integration", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("exchanges", Integer, nullable=False),
    Column("revision", Text, nullable=False),
    Column("modified", Boolean, nullable=False),
    Column("handler_seconds", Float),
    Column("incomplete", Integer),
)
"""One row a run: what a list shows."""

DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    Column("run_id", RUN_ID, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
)
"""The runs themselves, apart, so that a list reads none of them."""

IDS: Final = Table("ids", METADATA, Column("next", BigInteger, nullable=False))
"""One row: the id of the next run, which several workbenches may ask for at once."""

RETENTION: Final = Table(
    "retention",
    METADATA,
    Column("runs", BigInteger),
    Column("days", BigInteger),
    Column("bytes", BigInteger),
)
"""One row: what is kept, null for without limit."""

VERSION: Final = Table("version", METADATA, Column("number", Integer, nullable=False))
"""One row: how many of :data:`STEPS` were taken."""

Index("runs_by_handler", RUNS.c.integration_id, RUNS.c.kind, RUNS.c.name, RUNS.c.pasted, RUNS.c.id)
Index("runs_by_state", RUNS.c.state, RUNS.c.id)
Index("runs_by_cause", RUNS.c.cause, RUNS.c.id)
Index("runs_by_age", RUNS.c.created_at)


def _create(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[RUNS, DOCUMENTS, IDS, RETENTION])
    connection.execute(IDS.insert().values(next=1))
    connection.execute(RETENTION.insert().values(runs=50_000, days=90, bytes=2_000_000_000))
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE TABLE texts (run_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"))
        connection.execute(text("CREATE INDEX texts_by_word ON texts USING GIN (words)"))
    else:
        connection.execute(text("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize = 'unicode61', prefix = '2 3')"))


def _add_handler_seconds(connection: Connection) -> None:
    """The handler's share of a run's time; not known of the runs before."""
    _add_column(connection, "handler_seconds", "FLOAT")


def _add_incomplete(connection: Connection) -> None:
    """How many responses were not stored whole; not known of the runs before."""
    _add_column(connection, "incomplete", "INTEGER")


def _add_column(connection: Connection, name: str, kind: str) -> None:
    if all(column["name"] != name for column in inspect(connection).get_columns("runs")):
        connection.execute(text(f"ALTER TABLE runs ADD COLUMN {name} {kind}"))


STEPS: Final[Sequence[Callable[[Connection], None]]] = (_create, _add_handler_seconds, _add_incomplete)
"""Each step makes a database of its index into one of the next; a step is never changed once it was released."""
