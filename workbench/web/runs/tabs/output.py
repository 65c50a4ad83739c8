"""The Output tab: what was printed, logged and remarked, on one clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbench.domain import Output, Run
from workbench.explain import code_locations
from workbench.explain.text import Part, count, span
from workbench.web.runs.exchanges.output_tone import output_tone
from workbench.web.runs.tabs.tab import Badge, Tab, TabContext

LINES = 1_000
"""Entries that are shown; where there are more, the last ones."""
TEXT = 4_000
"""Characters of one entry that are shown."""
SOURCES = ("stdout", "stderr", "log", "note")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``tone`` is ``bad``, ``warn`` or empty; ``place`` is the line that wrote it."""

    at: str
    source: str
    level: str
    text: str
    tone: str
    logger: str
    place: Part | None


@dataclass(frozen=True, slots=True)
class Console:
    """The tab: the entries of the sources wanted, and how many there are of each source."""

    entries: tuple[Entry, ...]
    counts: tuple[tuple[str, str], ...]
    shown: str
    hidden: str
    """How many lines are left out, empty for none."""


def present(run: Run, source: str = "") -> Console:
    """The entries, of one source where ``source`` names one."""
    merged = list(_merged(sorted(run.outcome.output, key=lambda line: line.at)))
    wanted = [line for line in merged if source not in SOURCES or line.source == source]
    counts = tuple((name, f"{number:,}") for name in SOURCES if (number := sum(line.source == name for line in merged)))
    hidden = max(0, len(wanted) - LINES)
    return Console(
        entries=tuple(_entry(line, run) for line in wanted[-LINES:]),
        counts=counts,
        shown=source if source in SOURCES else "",
        hidden=count(hidden, "earlier line") if hidden else "",
    )


def _merged(lines: list[Output]) -> Iterator[Output]:
    """Printed text cut at its line ends: ``print`` writes the text and its newline apart."""
    pending: Output | None = None
    for line in lines:
        if pending is not None and (line.source != pending.source or pending.text.endswith("\n")):
            yield pending
            pending = None
        if line.source not in ("stdout", "stderr"):
            yield line
        elif pending is None:
            pending = line
        else:
            pending = replace(pending, text=pending.text + line.text)
    if pending is not None:
        yield pending


def _entry(line: Output, run: Run) -> Entry:
    cut = f" … {len(line.text) - TEXT:,} more characters" if len(line.text) > TEXT else ""
    return Entry(
        at=span(line.at),
        source=line.source,
        level=line.level,
        text=line.text[:TEXT].rstrip("\n") + cut,
        tone=output_tone(line),
        logger=line.logger,
        place=code_locations.link(line.place.file, line.place.line, run.request.root) if line.place else None,
    )


class OutputTab(Tab):
    """Standard output, standard error, log records and the workbench's notes, on one clock."""

    name = "output"
    title = "Output"
    template = "runs/tabs/output.html"

    def badge(self, run: Run) -> Badge:
        """How many lines there are."""
        return Badge.of(sum(bool(line.text.strip()) for line in run.outcome.output))

    def present(self, context: TabContext) -> Console:
        """The lines of the source that the query names, or of all."""
        return present(context.run, context.query.source)
