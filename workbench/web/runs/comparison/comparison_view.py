"""Two runs side by side on one page: how each ended, then each part in which they differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from workbench.comparison import (
    Comparison,
    ExchangePair,
    ExchangePart,
    OutputChanges,
    ValueChange,
    ValueChanges,
    compare,
)
from workbench.domain import ABSENT, JSON, Absent, Exchange, Run, RunState, ValidationError
from workbench.domain.masked_text import json_text
from workbench.explain import durations, headline
from workbench.explain.run_comparison import NOISE_WORDS, label, more_text, place_text, tell, text_of
from workbench.explain.statuses import status_word
from workbench.explain.text import Sentence, count, sentence, span
from workbench.web.ui import line_diff
from workbench.web.ui.line_diff import Stretches
from workbench.web.ui.moments import Moment, moment
from workbench.web.ui.text_diff import DiffLine
from workbench.web.ui.widgets import Pill

SHOWN = 100
"""Changes of one value, and exchanges, that are shown."""
_GLANCE = 6
_COMPARED = 4_000
"""Characters of two texts up to which the words that changed are marked."""


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One of the two runs."""

    id: str
    label: str
    url: str
    pill: Pill
    headline: Sentence
    took: str
    at: Moment


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A place that differs. ``mark`` is ``+``, ``-`` or ``~``; ``was_at`` the place in the first if it is another."""

    mark: str
    place: str
    was_at: str
    before: Stretches
    after: Stretches


@dataclass(frozen=True, slots=True)
class ChangeTable:
    """The changes of one value; ``more`` says how many are not shown, ``noise`` what does not count."""

    rows: tuple[ChangeRow, ...]
    more: str = ""
    noise: str = ""

    def __bool__(self) -> bool:
        """Whether there is something to show."""
        return bool(self.rows or self.noise)


@dataclass(frozen=True, slots=True)
class PairView:
    """An exchange of both runs, or with ``mark`` ``+`` or ``-`` of one. ``tables`` are its parts that differ."""

    mark: str
    method: str
    url: str
    status: str
    took: str
    tables: tuple[tuple[str, ChangeTable], ...]

    @property
    def differs(self) -> bool:
        """Whether something differs that counts."""
        return bool(self.mark or self.titles)

    @property
    def titles(self) -> tuple[str, ...]:
        """The parts in which something differs that counts."""
        return tuple(title for title, table in self.tables if table.rows)

    @property
    def is_short(self) -> bool:
        """Whether all that differs is read at a glance."""
        return sum(len(table.rows) for _, table in self.tables) <= _GLANCE


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A validation error that one of the runs has; ``mark`` is ``+`` for the second, ``-`` for the first."""

    mark: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The page. While a run goes on it is ``live``, and nothing is compared yet.

    ``more_errors`` and ``more_pairs`` say how many are not shown.
    """

    runs: tuple[ComparedRun, ComparedRun]
    name: str
    text: Sentence
    tone: str
    live: bool = False
    values: tuple[tuple[str, ChangeTable], ...] = ()
    errors: tuple[ErrorRow, ...] = ()
    more_errors: str = ""
    pairs: tuple[PairView, ...] = ()
    more_pairs: str = ""
    same_pairs: str = ""
    output: tuple[DiffLine, ...] = ()
    swap_url: str = ""


def comparison_view(first: Run, second: Run) -> ComparisonView:
    """The page of two runs."""
    runs, name = (_run(first), _run(second)), second.request.name
    if any(run.outcome.state is not RunState.FINISHED for run in (first, second)):
        return ComparisonView(
            runs, name, sentence("What differs is shown when both runs have ended."), "live", live=True
        )
    found = compare(first, second)
    errors = (*_errors("-", found.validation.gone), *_errors("+", found.validation.new))
    differing = [pair for pair in found.exchanges if pair.differs]
    return ComparisonView(
        runs,
        name,
        tell(found),
        "" if found.differs else "ok",
        values=tuple(_values(found)),
        errors=errors[:SHOWN],
        more_errors=_more(len(errors), "error"),
        pairs=tuple(pair_view(pair) for pair in differing[:SHOWN]),
        more_pairs=_more(len(differing), "exchange"),
        same_pairs=_same(found),
        output=_output(found.output),
        swap_url=url_for("comparison.show", run_id=second.id, other_id=first.id),
    )


def _run(run: Run) -> ComparedRun:
    word = status_word(run)
    return ComparedRun(
        run.id,
        label(run).capitalize(),
        url_for("runs.show", run_id=run.id),
        Pill(word.text, word.tone),
        headline.tell(run),
        durations.took(run.outcome),
        moment(run.created_at),
    )


def _values(found: Comparison) -> Iterator[tuple[str, ChangeTable]]:
    for title, changes in (("Inputs", found.inputs), ("Settings", found.settings), ("Result", found.result)):
        if table := change_table(changes):
            yield title, table


def change_table(changes: ValueChanges, shown: int = SHOWN) -> ChangeTable:
    """The first ``shown`` changes of a value."""
    rows = tuple(_row(change) for change in changes.changes[:shown])
    return ChangeTable(rows, more_text(changes, len(rows)), _noise(changes))


def _noise(changes: ValueChanges) -> str:
    """``3 values that differ in each run (date-time): /a, /b, /c``; empty for none."""
    if not changes.noise:
        return ""
    kinds = dict.fromkeys(NOISE_WORDS[one.noise] for one in changes.noise if one.noise)
    places = ", ".join(place_text(one.pointer) for one in changes.noise[:5])
    more = ", …" if changes.total_noise > len(changes.noise[:5]) else ""
    verb = "value that differs" if changes.total_noise == 1 else "values that differ"
    return f"{changes.total_noise:,} {verb} in each run ({', '.join(kinds)}) not counted: {places}{more}"


def _row(change: ValueChange) -> ChangeRow:
    mark = "+" if change.before is ABSENT else "-" if change.after is ABSENT else "~"
    before, after = _stretches(change.before, change.after)
    return ChangeRow(mark, place_text(change.pointer), change.was_at, before, after)


def _stretches(before: JSON | Absent, after: JSON | Absent) -> tuple[Stretches, Stretches]:
    """Both values; of two texts the words that changed are marked."""
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) <= _COMPARED:
        return line_diff.compare(json_text(before), json_text(after))
    one, other = (
        line_diff.alone(text_of(value), changed=True) if value is not ABSENT else () for value in (before, after)
    )
    return one, other


def _errors(mark: str, errors: Iterable[ValidationError]) -> Iterator[ErrorRow]:
    for error in errors:
        yield ErrorRow(mark, error.where, error.message)


def pair_view(pair: ExchangePair) -> PairView:
    """The two exchanges of a pair, and the parts in which they differ."""
    one = pair.second or pair.first
    assert one is not None, "a pair has an exchange"  # noqa: S101
    tables = tuple((_title(part.part), table) for part in pair.parts if (table := change_table(part.changes)))
    return PairView(
        mark="+" if pair.first is None else "-" if pair.second is None else "",
        method=one.request.method,
        url=one.request.url,
        status=_both(_status(pair.first), _status(pair.second)),
        took=_both(_took(pair.first), _took(pair.second)),
        tables=tables,
    )


def _title(part: ExchangePart) -> str:
    return "URL" if part is ExchangePart.URL else part.value.capitalize()


def _status(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    return str(exchange.response.status) if exchange.response else "no response"


def _took(exchange: Exchange | None) -> str:
    total = exchange.timings.total if exchange else None
    return "" if total is None else span(total / 1000)


def _both(before: str, after: str) -> str:
    if before and after and before != after:
        return f"{before} → {after}"
    return after or before


def _more(differing: int, noun: str) -> str:
    """How many of those that differ are not shown; empty for none."""
    more = differing - SHOWN
    return f"{count(more, f'more {noun}')} not shown. The JSON export contains all." if more > 0 else ""


def _same(found: Comparison) -> str:
    same = sum(not pair.differs for pair in found.exchanges)
    return f"{count(same, 'exchange')} {'is' if same == 1 else 'are'} the same in both runs." if same else ""


def _output(changes: OutputChanges) -> tuple[DiffLine, ...]:
    lines = [
        DiffLine("+" if line.is_new else "-", line.number, line.text, line_diff.alone(line.text, changed=False))
        for line in changes.lines
    ]
    more = changes.total - len(lines)
    return (*lines, *([DiffLine("…", 0, count(more, "more line"))] if more else ()))
