"""A poll beside the earlier ones of its trigger: which records are new, and whose id changes from poll to poll."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from workbench.domain import JSON, Kind, Run, Status
from workbench.explain.text import Sentence, code, count, sentence, shorten
from workbench.jsondoc.equality import key

_MOST = 5_000
"""Records of earlier polls that are compared with."""


@dataclass(frozen=True, slots=True)
class ChangedId:
    """A record whose data an earlier poll had under another id. ``number`` is its place, ``run_id`` that poll."""

    number: int
    id: str
    earlier_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class PollComparison:
    """``new`` are the places of the records whose ids no earlier poll had; ``total`` counts all records."""

    total: int
    new: frozenset[int]
    changed: tuple[ChangedId, ...] = ()

    @property
    def summary(self) -> str:
        """``20 records, 3 new``."""
        return f"{count(self.total, 'record')}, {len(self.new) or 'none'} new"


def compare(run: Run, others: Iterable[Run]) -> PollComparison | None:
    """What ``run`` brought beyond the polls among ``others`` that were made before it; None where there is none."""
    earlier = [other for other in others if other.created_at < run.created_at and _records(other)]
    records = _records(run)
    if not records or not earlier:
        return None
    known, by_data = set[Hashable](), dict[Hashable, tuple[JSON, str]]()
    for run_id, record in islice(_of_runs(earlier), _MOST):
        known.add(key(record.get("id")))
        by_data.setdefault(key(record.get("data")), (record.get("id"), run_id))
    new = frozenset(number for number, record in enumerate(records) if key(record.get("id")) not in known)
    own = {key(record.get("id")) for record in records}
    return PollComparison(len(records), new, tuple(_changed(records, new, by_data, own)))


def warning(comparison: PollComparison) -> Sentence:
    """The sentence on ids that change from poll to poll; empty where none does."""
    if not comparison.changed:
        return ()
    first, others = comparison.changed[0], len(comparison.changed) - 1
    more = f" The ids of {count(others, 'more record')} changed, too." if others else ""
    return sentence(
        f"Record {first.number} has the id ", code(first.id), f", but poll {first.run_id} gave the same data the id ",
        code(first.earlier_id), ". The platform would treat it as new at every poll: make the id from the record.",
        more,
    )  # fmt: skip


def _changed(
    records: Sequence[dict[str, JSON]],
    new: frozenset[int],
    by_data: dict[Hashable, tuple[JSON, str]],
    own: set[Hashable],
) -> Iterator[ChangedId]:
    for number in sorted(new):
        before, run_id = by_data.get(key(records[number].get("data")), (None, ""))
        if run_id and key(before) not in own:
            yield ChangedId(number, _text(records[number].get("id")), _text(before), run_id)


def _of_runs(runs: Sequence[Run]) -> Iterator[tuple[str, dict[str, JSON]]]:
    """The records of the polls, the newest poll first."""
    for run in sorted(runs, key=lambda each: -each.created_at):
        yield from ((run.id, record) for record in _records(run))


def _records(run: Run) -> list[dict[str, JSON]]:
    """The records of a poll that succeeded."""
    value = run.outcome.result
    if run.request.kind is not Kind.TRIGGER or run.request.pasted or run.outcome.status is not Status.SUCCEEDED:
        return []
    return [record for record in value if isinstance(record, dict)] if isinstance(value, list) else []


def _text(value: JSON) -> str:
    return shorten(value if isinstance(value, str) else str(value), 40)
