"""Runs every benchmark, or those named on the command line, and prints one Markdown table.

The figures go to docs/figures.json, too; ``make docs`` writes them to docs/performance.md.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import benchmarks
from benchmarks.measure import Figure

_SAVED = Path(__file__).parent.parent / "docs" / "figures.json"


def main(names: list[str]) -> int:
    """Print the table; 1 where a figure misses its target."""
    known = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name.startswith("bench_")]
    chosen = [f"bench_{name}" for name in names] or known
    figures: list[Figure] = []
    for name in chosen:
        print(f"measuring {name.removeprefix('bench_')} …", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"benchmarks.{name}").run()
    print("| figure | measured | target | |\n|---|---|---|---|")
    for figure in figures:
        print(f"| {figure.name} | {figure.value} | {figure.target} | {'holds' if figure.holds else '**missed**'} |")
    _save(figures)
    return 0 if all(figure.holds for figure in figures) else 1


def _save(figures: Sequence[Figure]) -> None:
    """Write them over those of the same names; the others stay as they were measured."""
    saved = {row["name"]: row for row in json.loads(_SAVED.read_text(encoding="utf-8"))}
    saved |= {figure.name: asdict(figure) for figure in figures}
    _SAVED.write_text(json.dumps([*saved.values()], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
