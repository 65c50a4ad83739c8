"""Runs every benchmark, or those named on the command line, and prints one Markdown table."""

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.measure import Figure

_HELPERS = {"__main__", "measure"}


def main(names: list[str]) -> int:
    """Print the table; 1 where a figure misses its target."""
    known = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name.startswith("bench_")]
    chosen = [f"bench_{name}" for name in names] or known
    figures: list[Figure] = []
    for name in chosen:
        print(f"measuring {name.removeprefix('bench_')} …", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"benchmarks.{name}").run()
    print("| figure | measured | asked for | |\n|---|---|---|---|")
    for figure in figures:
        print(f"| {figure.name} | {figure.value} | {figure.target} | {'holds' if figure.holds else '**missed**'} |")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
