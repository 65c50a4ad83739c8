"""Processor time of a command that does no work: what everyone waits for who asks for the version or presses Tab."""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Mapping

from benchmarks.measure import Figure

_ROUNDS = 10
_TARGET = 120
_COMPLETION = {
    "commands": {"COMP_WORDS": "workbench ", "COMP_CWORD": "1"},
    "options of run": {"COMP_WORDS": "workbench run --fo", "COMP_CWORD": "2"},
}


def run() -> list[Figure]:
    """``workbench --version`` and shell completion, user and system time together."""
    figures = [_figure("workbench --version", {}, "--version")]
    for name, words in _COMPLETION.items():
        figures.append(_figure(f"completion, {name}", {"_WORKBENCH_COMPLETE": "bash_complete", **words}))
    return figures


def _figure(name: str, variables: Mapping[str, str], *arguments: str) -> Figure:
    taken = statistics.median(_milliseconds(variables, arguments) for _ in range(_ROUNDS))
    return Figure(f"{name}, processor time", f"{taken:.0f} ms", f"≤ {_TARGET} ms", taken <= _TARGET)


def _milliseconds(variables: Mapping[str, str], arguments: tuple[str, ...]) -> float:
    before = _used()
    command = [sys.executable, "-c", "from workbench.cli import main; main(prog_name='workbench')", *arguments]
    subprocess.run(command, env={**os.environ, **variables}, capture_output=True, check=False)
    return (_used() - before) * 1000


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
