"""A comparison of two runs as people read it in a terminal."""

from collections.abc import Iterator

from rich.text import Text

from workbench.comparison import Comparison, ExchangePair, ValueChange, ValueChanges
from workbench.domain import ABSENT, Exchange
from workbench.explain.run_comparison import NOISE_WORDS, label, more_text, place_text, tell, text_of
from workbench.explain.terminal_text import visible
from workbench.explain.text import count, plain, span

_SHOWN = 40
"""Changes of one value that are printed."""


def comparison_lines(comparison: Comparison) -> Iterator[Text]:
    """The sentence, then a section for each part that differs."""
    yield Text(visible(plain(tell(comparison))), style="bold")
    names = f"- {label(comparison.first)}   + {label(comparison.second)}"
    yield Text(visible(names), style="dim")
    yield from _values("Inputs", comparison.inputs)
    yield from _values("Settings", comparison.settings)
    yield from _validation(comparison)
    yield from _values("Result", comparison.result)
    for number, pair in enumerate((pair for pair in comparison.exchanges if pair.differs), 1):
        yield from _pair(pair, is_first=number == 1)
    yield from _output(comparison)
    was, now = comparison.seconds
    if was is not None and now is not None:
        yield Text(f"\nHandler: {span(was)} → {span(now)}", style="dim")


def _values(title: str, changes: ValueChanges) -> Iterator[Text]:
    if not changes.total and not changes.noise:
        return
    yield Text(f"\n{title}", style="bold")
    yield from _changes(changes, "  ")


def _changes(changes: ValueChanges, margin: str) -> Iterator[Text]:
    for change in changes.changes[:_SHOWN]:
        yield from _change(change, margin)
    if more := more_text(changes, min(_SHOWN, len(changes.changes))):
        yield Text(f"{margin}{more}", style="dim")
    if changes.noise:
        kinds = dict.fromkeys(NOISE_WORDS[one.noise] for one in changes.noise if one.noise)
        places = ", ".join(place_text(one.pointer) for one in changes.noise[:3])
        more = ", …" if changes.total_noise > 3 else ""
        told = f"{count(changes.total_noise, 'value')} that differ in each run ({', '.join(kinds)}): {places}{more}"
        yield Text(f"{margin}{visible(told)}", style="dim")


def _change(change: ValueChange, margin: str) -> Iterator[Text]:
    moved = f" (was {change.was_at})" if change.was_at else ""
    yield Text(f"{margin}{visible(place_text(change.pointer))}{visible(moved)}")
    if change.before is not ABSENT:
        yield Text(f"{margin}  - {visible(text_of(change.before))}", style="red")
    if change.after is not ABSENT:
        yield Text(f"{margin}  + {visible(text_of(change.after))}", style="green")


def _validation(comparison: Comparison) -> Iterator[Text]:
    if not comparison.validation:
        return
    yield Text("\nValidation", style="bold")
    for mark, style, errors in (("-", "red", comparison.validation.gone), ("+", "green", comparison.validation.new)):
        for error in errors[:_SHOWN]:
            yield Text(f"  {mark} {error.where}: {visible(error.message)}", style)


def _pair(pair: ExchangePair, *, is_first: bool) -> Iterator[Text]:
    if is_first:
        yield Text("\nHTTP", style="bold")
    if pair.first is None or pair.second is None:
        yield Text(f"  {_request(pair.first, '-')}{_request(pair.second, '+')}", style="red" if pair.first else "green")
        return
    yield Text(f"  {_request(pair.second, '')}")
    for part in pair.parts:
        if part.changes:
            yield Text(f"    {part.part}", style="dim")
            yield from _changes(part.changes, "      ")


def _request(exchange: Exchange | None, mark: str) -> str:
    if exchange is None:
        return ""
    status = f"  {exchange.response.status}" if exchange.response else ""
    return f"{mark} {visible(exchange.request.method)} {visible(exchange.request.url)}{status}".lstrip()


def _output(comparison: Comparison) -> Iterator[Text]:
    if not comparison.output:
        return
    yield Text("\nOutput", style="bold")
    for line in comparison.output.lines[:_SHOWN]:
        yield Text(f"  {'+' if line.is_new else '-'} {visible(line.text)}", style="green" if line.is_new else "red")
    if (more := comparison.output.total - _SHOWN) > 0:
        yield Text(f"  and {more:,} more", style="dim")
