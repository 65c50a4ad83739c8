"""The start of a run, the masked view of it, and what supervision costs."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Figure
from workbench.domain import AuthShape, Contract, ContractVersion, Kind, RunRequest
from workbench.events.redactor import Redactor
from workbench.runner import Runner
from workbench.store import Store

ROUNDS = 25
TARGET = 0.015
SECOND_TARGET = 0.03
MASKING_TARGET = 0.25

CONFIG = '{"name": "one", "version": "1.0.0", "entry_point": "one.py", "actions": {"go": {"input_schema": {}}}}'
CODE = """
from autohive_integrations_sdk import ActionHandler, Integration
one = Integration.load()
@one.action("go")
class Go(ActionHandler):
    async def execute(self, inputs, context):
        return {"data": inputs}
"""


def run() -> list[Figure]:
    """The figures of the runner."""
    starts, second = _starts(), _starts(at_once=2)
    mask = _masking()
    return [
        Figure(
            "run accepted to the handler's first line, warm spare",
            f"{starts * 1000:.1f} ms",
            "≤ 15 ms",
            starts <= TARGET,
        ),
        Figure("the same of a second run at once", f"{second * 1000:.1f} ms", "≤ 30 ms", second <= SECOND_TARGET),
        Figure("masking 1 MiB of text, five secrets", f"{mask * 1000:.0f} ms", "≤ 250 ms", mask <= MASKING_TARGET),
    ]


def _starts(at_once: int = 1) -> float:
    """The median of ``HandlerStarted.at - RunQueued.at`` of the last of ``at_once`` runs, at a person's pace."""
    with tempfile.TemporaryDirectory() as folder, Store() as store, Runner(store) as runner:
        root = Path(folder)
        (root / "config.json").write_text(CONFIG)
        (root / "one.py").write_text(CODE)
        taken = []
        for _ in range(ROUNDS):
            _wait_for_spares(runner)
            runs = [runner.submit(_request(root)).id for _ in range(at_once)]
            outcome = [runner.wait(run_id).outcome for run_id in runs][-1]
            assert outcome.started_at is not None, outcome
            taken.append(outcome.started_at)
        return statistics.median(taken)


def _wait_for_spares(runner: Runner) -> None:
    while runner.warm_spares < 2:
        time.sleep(0.01)


def _request(root: Path) -> RunRequest:
    contract = Contract(ContractVersion.V0_1)
    return RunRequest("one", root, "one.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT, input_schema={})


def _masking() -> float:
    secrets = {f"secret_{n}": f'p)%>+$:"é{n}sk_live_51Hq' for n in range(5)}
    text = '{"name": "Ada", "values": [1, 2, 3], "url": "http://127.0.0.1/a%20b"}\n' * (1024 * 1024 // 70)
    redactor = Redactor(secrets)
    return statistics.median(processor_seconds(lambda: redactor.text(text)) for _ in range(7))


def processor_seconds(work: Callable[[], object]) -> float:
    """The processor time of one call, which other work on the machine does not change."""
    start = time.process_time()
    work()
    return time.process_time() - start
