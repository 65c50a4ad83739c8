"""The history: finished runs by id, newest first, found by their text, and thrown away by count, age and size."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Connection, Row, Select, case, delete, func, insert, select, true, update

from workbench.domain import Kind, Run, RunSummary
from workbench.history.database import Database, open_database
from workbench.history.entry import Entry, EntryFilter
from workbench.history.retention import Retention, beyond
from workbench.history.run_document import read_run, write_run
from workbench.history.tables import DOCUMENTS, IDS, RETENTION, RUNS
from workbench.history.text_search import PostgresTexts, SqliteTexts, Texts

_LONGEST_TEXT: Final = 64_000
_SUMMARIZED: Final = tuple(field.name for field in fields(RunSummary) if field.name != "text")
"""What stands of a summary in its own columns; its text is in the search."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a history holds."""

    runs: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures with the same cause: how many, since when, and the headline of the newest of them."""

    cause: str
    count: int
    since: float
    name: str
    headline: str


class History:
    """An open history. Every method may be called from any thread; each is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._texts: Texts = PostgresTexts() if database.is_postgresql else SqliteTexts()

    @classmethod
    def open(cls, url: str) -> Self:
        """The history at a database URL. Raises :class:`workbench.history.HistoryUnavailable`."""
        return cls(open_database(url))

    @property
    def database(self) -> Database:
        """The database."""
        return self._database

    def reserve_id(self) -> int:
        """An id that no run has and that nobody else gets."""
        with self._database.engine.begin() as connection:
            return (
                int(connection.execute(update(IDS).values(next=IDS.c.next + 1).returning(IDS.c.next)).scalar_one()) - 1
            )

    def save(self, run: Run, summary: RunSummary) -> None:
        """Keep a finished run, masked as it is given; one of the same id is replaced.

        Raises :class:`ValueError` for a run that has no id of this database.
        """
        if not run.id.isdecimal():
            raise ValueError("The database could give it no id when it was started.")
        document, request = write_run(run), run.request
        row = {
            "id": int(run.id),
            "created_at": run.created_at,
            "integration_id": request.integration_id,
            "root": str(request.root),
            "kind": request.kind,
            "name": request.name,
            "pasted": request.pasted,
            "duration": run.outcome.duration,
            "handler_seconds": run.outcome.handler_seconds,
            "profile": request.profile,
            "contract": request.contract.version,
            "pinned": False,
            "size": len(document),
            **{name: getattr(summary, name) for name in _SUMMARIZED},
        }
        with self._database.engine.begin() as connection:
            self._delete(connection, [int(run.id)])
            connection.execute(insert(RUNS).values(**row))
            connection.execute(insert(DOCUMENTS).values(run_id=int(run.id), document=document))
            self._texts.add(connection, int(run.id), f"{summary.headline} {summary.text}"[:_LONGEST_TEXT])

    def entries(self, wanted: EntryFilter = EntryFilter(), limit: int = 100) -> tuple[Entry, ...]:  # noqa: B008
        """The newest runs that are chosen."""
        query = self._chosen(select(RUNS), wanted).order_by(RUNS.c.id.desc()).limit(limit)
        with self._database.engine.connect() as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def count(self, wanted: EntryFilter = EntryFilter()) -> int:  # noqa: B008
        """How many are chosen."""
        query = self._chosen(select(func.count()).select_from(RUNS), wanted)
        with self._database.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def counts(self, wanted: EntryFilter = EntryFilter()) -> tuple[int, int]:  # noqa: B008
        """How many are chosen whatever ``wanted.before`` says, and how many of them are before it; in one look."""
        before = RUNS.c.id < wanted.before if wanted.before is not None else true()
        columns: Select[Any, Any] = select(func.count(), func.coalesce(func.sum(case((before, 1), else_=0)), 0))
        query = self._chosen(columns.select_from(RUNS), replace(wanted, before=None))
        with self._database.engine.connect() as connection:
            whole, rest = connection.execute(query).one()
        return int(whole), int(rest)

    def causes(self, wanted: EntryFilter = EntryFilter(), limit: int = 20) -> tuple[Cause, ...]:  # noqa: B008
        """The causes of failures among those that are chosen, those of the newest failures first."""
        count, since, newest = func.count().label("count"), func.min(RUNS.c.created_at), func.max(RUNS.c.id)
        summed: Select[Any, Any, Any] = select(count, since.label("since"), newest.label("newest"))
        query = self._chosen(summed, wanted)
        query = query.where(RUNS.c.cause != "").group_by(RUNS.c.cause).order_by(newest.desc()).limit(limit)
        found = query.subquery()
        rows = select(RUNS.c.cause, found.c.count, found.c.since, RUNS.c.name, RUNS.c.headline)
        rows = rows.join(found, RUNS.c.id == found.c.newest).order_by(RUNS.c.id.desc())
        with self._database.engine.connect() as connection:
            return tuple(Cause(*row) for row in connection.execute(rows))

    def latest(self, integration_id: str | None = None) -> tuple[Entry, ...]:
        """The newest run of each handler that was not pasted, the newest first; of one integration or of all."""
        handler = RUNS.c.integration_id, RUNS.c.kind, RUNS.c.name
        query = select(func.max(RUNS.c.id)).where(RUNS.c.pasted.is_(False)).group_by(*handler)
        if integration_id is not None:
            query = query.where(RUNS.c.integration_id == integration_id)
        rows = select(RUNS).where(RUNS.c.id.in_(query)).order_by(RUNS.c.id.desc())
        with self._database.engine.connect() as connection:
            return tuple(_entry(row) for row in connection.execute(rows))

    def integrations(self) -> tuple[str, ...]:
        """The ids of all integrations that have runs."""
        return tuple(row[0] for row in self._different(select(RUNS.c.integration_id)))

    def handlers(self, integration_id: str) -> tuple[tuple[str, str], ...]:
        """The kinds and names of the handlers of an integration that have runs."""
        rows = self._different(select(RUNS.c.kind, RUNS.c.name).where(RUNS.c.integration_id == integration_id))
        return tuple((row[0], row[1]) for row in rows)

    def states(self, wanted: EntryFilter = EntryFilter()) -> tuple[str, ...]:  # noqa: B008
        """The states of the runs that are chosen."""
        return tuple(row[0] for row in self._different(self._chosen(select(RUNS.c.state), wanted)))

    def _different(self, query: Select[Any]) -> list[tuple[str, ...]]:
        with self._database.engine.connect() as connection:
            rows = connection.execute(query.distinct().order_by(*query.selected_columns))
            return [tuple(row) for row in rows]

    def get(self, run_id: int) -> Run | None:
        """The run, masked; None where there is none. Raises :class:`UnreadableRun`."""
        query = select(DOCUMENTS.c.document).where(DOCUMENTS.c.run_id == run_id)
        with self._database.engine.connect() as connection:
            document = connection.execute(query).scalar_one_or_none()
        return None if document is None else read_run(document)

    def pin(self, run_id: int, *, pinned: bool = True) -> None:
        """Keep a run whatever the retention says, or no longer."""
        with self._database.engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(pinned=pinned))

    def delete(self, wanted: EntryFilter) -> int:
        """Throw the chosen runs away, pinned ones too; how many."""
        with self._database.engine.begin() as connection:
            found = list(connection.execute(self._chosen(select(RUNS.c.id), wanted)).scalars())
            self._delete(connection, found)
        return len(found)

    def delete_run(self, run_id: int) -> None:
        """Throw one run away."""
        with self._database.engine.begin() as connection:
            self._delete(connection, [run_id])

    def totals(self) -> Totals:
        """How much there is."""
        query = select(func.count(), func.coalesce(func.sum(RUNS.c.size), 0))
        with self._database.engine.connect() as connection:
            runs, size = connection.execute(query).one()
        return Totals(int(runs), int(size))

    @property
    def retention(self) -> Retention:
        """What is kept."""
        with self._database.engine.connect() as connection:
            return Retention(*connection.execute(select(RETENTION)).one())

    def retain(self, retention: Retention) -> int:
        """Change what is kept, and throw away what is beyond it; how many."""
        with self._database.engine.begin() as connection:
            connection.execute(update(RETENTION).values(asdict(retention)))
        return self.enforce()

    def enforce(self) -> int:
        """Throw away what is beyond the limits, the oldest first; how many."""
        retention = self.retention
        with self._database.engine.begin() as connection:
            gone = set(beyond(connection, retention))
            self._delete(connection, sorted(gone))
        return len(gone)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _chosen[Query: Select[*tuple[Any, ...]]](self, query: Query, wanted: EntryFilter) -> Query:
        return query.where(*_conditions(wanted), *self._texts.conditions(wanted.text))

    def _delete(self, connection: Connection, run_ids: Sequence[int]) -> None:
        for start in range(0, len(run_ids), _AT_ONCE):
            ids = run_ids[start : start + _AT_ONCE]
            connection.execute(delete(RUNS).where(RUNS.c.id.in_(ids)))
            connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.run_id.in_(ids)))
            self._texts.remove(connection, ids)


def _conditions(wanted: EntryFilter) -> Iterator[ColumnElement[bool]]:
    exact = {
        RUNS.c.integration_id: wanted.integration_id,
        RUNS.c.kind: wanted.kind,
        RUNS.c.name: wanted.name,
        RUNS.c.cause: wanted.cause,
        RUNS.c.pinned: wanted.pinned,
        RUNS.c.state: wanted.state,
    }
    yield from (column == value for column, value in exact.items() if value is not None)
    if wanted.since is not None:
        yield RUNS.c.created_at >= wanted.since
    if wanted.before is not None:
        yield RUNS.c.id < wanted.before


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        created_at=row.created_at,
        integration_id=row.integration_id,
        root=row.root,
        kind=Kind(row.kind),
        name=row.name,
        pasted=row.pasted,
        duration=row.duration,
        handler_seconds=row.handler_seconds,
        profile=row.profile,
        contract=row.contract,
        pinned=row.pinned,
        size=row.size,
        summary=RunSummary(**{name: getattr(row, name) for name in _SUMMARIZED}),
    )
