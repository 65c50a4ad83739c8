"""What lies between a save and the difference, and what a comparison of large results takes."""

import json
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.bench_runner import CODE, CONFIG, processor_seconds
from benchmarks.measure import Figure
from tests.comparison.conftest import run_of
from workbench.comparison import compare
from workbench.domain import JSON, AuthShape, Contract, ContractVersion, Kind, RunRequest
from workbench.explain.run_comparison import tell
from workbench.reruns import FileWatch, concerns, rerun_answers
from workbench.runner import Runner
from workbench.store import Store

ROUNDS = 15
TARGET = 0.3
LARGE_TARGET = 0.3


def run() -> list[Figure]:
    """The figures of the comparison and of reruns."""
    saved, large = _from_save(), _large()
    return [
        Figure("from a save to the difference", f"{saved * 1000:.0f} ms", "≤ 300 ms", saved <= TARGET),
        Figure("comparison of two results of 2 MB", f"{large * 1000:.0f} ms", "≤ 300 ms", large <= LARGE_TARGET),
    ]


def _from_save() -> float:
    """The median time from the write of a file to the sentence that says what differs."""
    with tempfile.TemporaryDirectory() as folder, Store() as store, Runner(store) as runner:
        root, taken = Path(folder), []
        (root / "config.json").write_text(CONFIG)
        (root / "one.py").write_text(CODE)
        contract = Contract(ContractVersion.V0_1)
        asked = RunRequest("one", root, "one.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT, input_schema={})
        before = runner.wait(runner.submit(asked).id)
        with FileWatch(root) as watch:
            for number in range(ROUNDS):
                while runner.warm_spares < 1:
                    time.sleep(0.01)
                began = time.perf_counter()
                (root / "one.py").write_text(CODE.replace('"data": inputs', f'"data": inputs, "n": {number}'))
                while not concerns(before, watch.wait(5)):
                    pass
                after = runner.wait(runner.submit(replace(asked, answers=rerun_answers(before, asked.answers))).id)
                tell(compare(before, after))
                taken.append(time.perf_counter() - began)
                before = after
        return statistics.median(taken)


def _large() -> float:
    rows: list[JSON] = [{"sku": f"s{number}", "price": number / 7, "text": "x" * 60} for number in range(20_000)]
    other: list[Any] = json.loads(json.dumps(rows[:100] + rows[300:]))
    for row in other[::3]:
        row["price"] = 0
    first, second = run_of(1, {"rows": rows}), run_of(2, {"rows": other})
    return statistics.median(processor_seconds(lambda: tell(compare(first, second))) for _ in range(5))
