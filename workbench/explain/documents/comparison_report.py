"""A comparison of two runs as a JSON document: what ``workbench diff --format json`` prints and the page exports."""

from typing import Any

from workbench.comparison import Comparison, ExchangePair, PartChanges, ValueChange, ValueChanges
from workbench.domain import ABSENT, JSON, Exchange, Run, ValidationError
from workbench.explain import headline
from workbench.explain.run_comparison import NOISE_WORDS, tell
from workbench.explain.text import plain


def comparison_report(comparison: Comparison) -> dict[str, JSON]:
    """The properties of the document, in order; ``sentence`` is that of the page."""
    was, now = comparison.seconds
    return {
        "sentence": plain(tell(comparison)),
        "differs": comparison.differs,
        "first": _side(comparison.first, was),
        "second": _side(comparison.second, now),
        "inputs": _changes(comparison.inputs),
        "settings": _changes(comparison.settings),
        "validation": {
            "gone": [_error(error) for error in comparison.validation.gone],
            "new": [_error(error) for error in comparison.validation.new],
            "both": comparison.validation.both,
        },
        "result": _changes(comparison.result),
        "exchanges": [_pair(pair) for pair in comparison.exchanges],
        "output": {
            "total": comparison.output.total,
            "lines": [
                {"run": "second" if line.is_new else "first", "line": line.number, "text": line.text}
                for line in comparison.output.lines
            ],
        },
    }


def _side(run: Run, seconds: float | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "handler": run.request.name,
        "status": run.outcome.status,
        "headline": plain(headline.tell(run)),
        "handler_ms": None if seconds is None else round(seconds * 1000, 1),
    }


def _changes(changes: ValueChanges) -> dict[str, Any]:
    return {
        "total": changes.total,
        "counted_all": not changes.is_open,
        "changes": [_change(change) for change in changes.changes],
        "noise": [_change(change) for change in changes.noise],
    }


def _change(change: ValueChange) -> dict[str, Any]:
    """``before`` and ``after`` are left out where there is no value."""
    moved = {"was_at": change.was_at} if change.was_at else {}
    kind = {"kind": NOISE_WORDS[change.noise]} if change.noise else {}
    before = {} if change.before is ABSENT else {"before": change.before}
    after = {} if change.after is ABSENT else {"after": change.after}
    return {"pointer": change.pointer} | moved | kind | before | after


def _error(error: ValidationError) -> dict[str, Any]:
    return {"where": error.where, "pointer": error.pointer, "message": error.message}


def _pair(pair: ExchangePair) -> dict[str, Any]:
    return {
        "first": _exchange(pair.first),
        "second": _exchange(pair.second),
        "differs": pair.differs,
        "parts": [_part(part) for part in pair.parts],
    }


def _exchange(exchange: Exchange | None) -> dict[str, Any] | None:
    if exchange is None:
        return None
    return {
        "number": exchange.id,
        "method": exchange.request.method,
        "url": exchange.request.url,
        "status": exchange.response.status if exchange.response else None,
        "total_ms": exchange.timings.total,
    }


def _part(part: PartChanges) -> dict[str, Any]:
    return {"part": part.part.value.replace(" ", "_")} | _changes(part.changes)
