"""The database of the history: opened, brought up to date, or said why not."""

import os
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from workbench.history.tables import STEPS, VERSION

_PRAGMAS: Final = ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 10000", "secure_delete = ON")
"""A write waits up to 10 s for another process; what was deleted is overwritten."""

_DAMAGED: Final = ("malformed", "not a database", "disk image")


class UnavailableReason(StrEnum):
    """Why there is no history."""

    NEWER = "newer"
    UNREACHABLE = "unreachable"
    UNKNOWN_URL = "unknown-url"
    DRIVER = "driver"


class HistoryUnavailable(Exception):
    """The database cannot be used: the kind of reason, its place without a password, and what the database said."""

    def __init__(self, reason: UnavailableReason, place: str, detail: str = "") -> None:
        super().__init__(f"{place}: {reason}{f' ({detail})' if detail else ''}")
        self.reason = reason
        self.place = place
        self.detail = detail


class Database:
    """An open database of today's form. ``set_aside`` is where a damaged file was moved to, None where it was sound."""

    def __init__(self, engine: Engine, set_aside: Path | None = None) -> None:
        self.engine = engine
        self.set_aside = set_aside

    @property
    def is_postgresql(self) -> bool:
        """Whether a server has it, rather than a file."""
        return self.engine.dialect.name == "postgresql"

    @property
    def place(self) -> str:
        """Its URL without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at ``url`` (``sqlite:///…``, ``postgresql://…``), made where it is not there.

    A damaged file is moved aside and a new one is begun; one of a newer version is left as it is. Raises
    :class:`HistoryUnavailable`.
    """
    engine = _engine(url)
    file = _file_of(engine)
    try:
        return _up_to_date(engine)
    except HistoryUnavailable:
        engine.dispose()
        raise
    except UnicodeDecodeError:  # SQLite's words on a schema that is damaged
        if file is None:
            raise
    except DatabaseError as error:
        if file is None or not any(word in str(error.orig) for word in _DAMAGED):
            raise _unreachable(engine, error) from error
    engine.dispose()
    aside = _move_aside(file)
    engine = _engine(url)
    try:
        return Database(_up_to_date(engine).engine, aside)
    except DatabaseError as error:
        raise _unreachable(engine, error) from error


def _unreachable(engine: Engine, error: DatabaseError) -> HistoryUnavailable:
    place = engine.url.render_as_string(hide_password=True)
    engine.dispose()
    return HistoryUnavailable(UnavailableReason.UNREACHABLE, place, str(error.orig).strip().partition("\n")[0])


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed, pool_pre_ping=True)
    except ArgumentError as error:
        raise HistoryUnavailable(UnavailableReason.UNKNOWN_URL, url) from error
    except (NoSuchModuleError, ImportError) as error:
        raise HistoryUnavailable(UnavailableReason.DRIVER, parsed.render_as_string(), str(error)) from error
    if engine.dialect.name == "sqlite":
        _prepare_file(engine)
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _file_of(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def _prepare_file(engine: Engine) -> None:
    """A file that only its owner can read, in a folder of the same kind where that is made here."""
    file = _file_of(engine)
    if file is None:
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))
    except OSError as error:
        raise HistoryUnavailable(UnavailableReason.UNREACHABLE, str(file), error.strerror or str(error)) from error


def _set_up_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _up_to_date(engine: Engine) -> Database:
    """The database after the steps that it lacks."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(820261126)"))  # one workbench at a time
        if not inspect(connection).has_table(VERSION.name):
            VERSION.create(connection)
            connection.execute(VERSION.insert().values(number=0))
        number = connection.execute(select(VERSION.c.number)).scalar_one()
        if number > len(STEPS):
            raise HistoryUnavailable(
                UnavailableReason.NEWER, engine.url.render_as_string(hide_password=True), str(number)
            )
        for step in STEPS[number:]:
            step(connection)
        connection.execute(VERSION.update().values(number=len(STEPS)))
    return Database(engine)


def _move_aside(file: Path) -> Path:
    """Rename the damaged file and what belongs to it; its new name."""
    aside = file.with_name(f"{file.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}{file.suffix}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{file}{suffix}").rename(Path(f"{aside}{suffix}"))
    return aside
