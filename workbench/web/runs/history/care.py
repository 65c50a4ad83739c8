"""What the history holds and keeps, as the list of runs shows it, and the form that changes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.explain.text import count, size
from workbench.history import HistoryArchive, Retention

_MEGA = 1_000_000
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class HistoryCare:
    """``holds`` and ``keeps`` are in words; the rest are the values of the form, empty for without limit.

    ``trouble`` says what could not be written, empty where all was.
    """

    place: str
    holds: str
    keeps: str
    runs: str
    days: str
    megabytes: str
    trouble: str


def present(archive: HistoryArchive | None) -> HistoryCare | None:
    """The history; None where there is none."""
    if archive is None:
        return None
    totals, kept, saved = archive.history.totals(), archive.history.retention, archive.writer.saved
    limits = [f"{kept.runs:,} run{'s' * (kept.runs != 1)}"] if kept.runs is not None else []
    limits += [f"the last {count(kept.days, 'day')}"] if kept.days is not None else []
    limits += [size(kept.bytes)] if kept.bytes is not None else []
    return HistoryCare(
        place=archive.history.database.place,
        holds=f"{count(totals.runs, 'run')}, {size(totals.bytes)}",
        keeps=f"at most {', '.join(limits)}" if limits else "everything",
        runs=_text(kept.runs),
        days=_text(kept.days),
        megabytes=_text(None if kept.bytes is None else kept.bytes // _MEGA),
        trouble=f"{count(saved.lost, 'run')} could not be saved: {saved.detail}" if saved.lost else "",
    )


def parse(form: Mapping[str, str]) -> Retention:
    """What is to be kept; an empty or unusable field is without limit."""
    megabytes = _number(form.get("megabytes", ""))
    return Retention(
        _number(form.get("runs", "")),
        _number(form.get("days", "")),
        None if megabytes is None else megabytes * _MEGA,
    )


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _number(text: str) -> int | None:
    text = text.strip()
    return min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < 15 else None
