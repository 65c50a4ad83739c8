"""Runs to compare."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.domain import (
    JSON,
    Contract,
    ContractVersion,
    Exchange,
    Kind,
    Outcome,
    Request,
    Response,
    Returned,
    Run,
    RunRequest,
    RunState,
    Status,
    Timings,
)

CONTRACT = Contract(ContractVersion.V2)


def run_of(number: int, result: JSON = None, *exchanges: Exchange, inputs: JSON = None, **more: Any) -> Run:
    """A finished run that succeeded, or as ``more`` says."""
    asked = RunRequest("x", Path("/x"), "x.py", Kind.ACTION, "act", CONTRACT, inputs or {})
    outcome = Outcome(
        state=RunState.FINISHED,
        status=Status.SUCCEEDED,
        result=result,
        returned=Returned("ActionResult", result),
        exchanges=exchanges,
        started_at=1.0,
        left_at=1.1,
        finished_at=1.2,
    )
    return Run(str(number), asked, 1_764_000_000.0 + number, replace(outcome, **more))


def exchange(number: int, url: str, body: bytes = b"{}", *, method: str = "GET", **more: Any) -> Exchange:
    """An answer of 200."""
    headers = (("Content-Type", "application/json"), *more.pop("headers", ()))
    return Exchange(
        number,
        number,
        1,
        "aiohttp",
        Request(method, url, body=more.pop("sent", b"")),
        0.1 * number,
        0.1 * number + 0.05,
        Response(more.pop("status", 200), headers=headers, body=body, size=len(body)),
        Timings(total=50.0),
        body_state="complete",
        **more,
    )
