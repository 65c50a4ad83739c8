"""What the history keeps, by count, age and size."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import time
from typing import Final

from sqlalchemy import Connection, func, select

from workbench.history.tables import RUNS

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept: at most so many runs, days, and bytes; None is without limit. Pinned runs always stay."""

    runs: int | None
    days: int | None
    bytes: int | None


def beyond(connection: Connection, retention: Retention) -> Iterator[int]:
    """The ids of the runs beyond the limits. The size is counted from the newest to the oldest."""
    free = RUNS.c.pinned.is_(False)
    if retention.days is not None:
        oldest = time() - retention.days * _DAY
        yield from connection.execute(select(RUNS.c.id).where(free, RUNS.c.created_at < oldest)).scalars()
    if retention.runs is not None:
        query = select(RUNS.c.id).where(free).order_by(RUNS.c.id.desc()).offset(retention.runs)
        yield from connection.execute(query).scalars()
    if retention.bytes is not None:
        total = func.sum(RUNS.c.size).over(order_by=RUNS.c.id.desc()).label("total")
        sized = select(RUNS.c.id, RUNS.c.pinned, total).subquery()
        beyond = select(sized.c.id).where(sized.c.total > retention.bytes, sized.c.pinned.is_(False))
        yield from connection.execute(beyond).scalars()
