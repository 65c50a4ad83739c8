"""Secrets in what the code printed or logged, and the line that did."""

from collections.abc import Iterator

from workbench.domain import Output, Run, RunWarningKind
from workbench.domain.masked_text import spans_of
from workbench.explain import code_locations
from workbench.explain.text import Part, code, count, sentence
from workbench.explain.warnings.run_warning import RunWarning

_VERBS = {"log": "logs", "stdout": "prints", "stderr": "prints"}


def warnings(run: Run) -> Iterator[RunWarning]:
    """One warning for all of them, about the first; for a run whose secrets are masked."""
    found = [(entry, spans_of(entry.text)) for entry in run.outcome.output if entry.source in _VERBS]
    leaks = [(entry, spans[0].label) for entry, spans in found if spans]
    if not leaks:
        return
    first, label = leaks[0]
    others = len({(entry.place, name) for entry, name in leaks}) - 1
    more = f" {count(others, 'more line')} of output has secrets." if others == 1 else ""
    more = more or (f" {others} more lines of output have secrets." if others else "")
    yield RunWarning(
        RunWarningKind.SECRET_PRINTED,
        sentence(
            "The code ", _VERBS[first.source], " the secret ", code(label), *_place(run, first),
            ". Everyone who reads the logs sees it. Remove it from the output.", more,
        ),
    )  # fmt: skip


def _place(run: Run, entry: Output) -> tuple[str | Part, ...]:
    place = entry.place
    if place is None or not code_locations.is_own(place, run.request.root):
        return ()
    return " (", code_locations.link(place.file, place.line, run.request.root), ")"
