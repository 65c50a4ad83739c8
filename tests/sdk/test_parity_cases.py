"""The cases of the parity suite run. What they find in published releases is compared by ``parity/run.py`` alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PARITY = Path(__file__).parent / "parity"


@pytest.mark.parametrize(
    ("contract", "shape"),
    [("0.1", "flat"), pytest.param("1", "flat", marks=pytest.mark.exhaustive), ("2", "envelope")],
)
def test_the_cases_run_against_this_SDK(contract: str, shape: str) -> None:
    done = subprocess.run(
        [sys.executable, "cases.py", contract, shape],
        cwd=PARITY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)["outcomes"]
    assert len(outcomes) > 120
    assert outcomes["action: valid"] == (
        {"r": 1}
        if contract == "0.1"
        else {"type": "action", "result": {"class": "ActionResult", "data": {"r": 1}, "cost_usd": None}}
    )
    assert [name for name, outcome in outcomes.items() if "NameError" in json.dumps(outcome)] == []
