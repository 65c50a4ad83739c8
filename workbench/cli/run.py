"""``workbench run``: one run without a browser."""

import signal
import sys
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from workbench.cli.documents import JsonDocument, OneOf
from workbench.cli.requests import make_request, open_integration
from workbench.cli.text import print_run
from workbench.domain import JSON, AuthShape, ContractVersion, Kind, Run, RunRequest, Status
from workbench.runner import Runner
from workbench.store import Store
from workbench.trace.report import as_json, report

_OURS = ("WorkerFailedToStart", "WorkbenchFailed")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("name", required=False, default="")
@click.option("--kind", type=OneOf(Kind), help="What NAME is; found out where not said.")
@click.option("--inputs", type=JsonDocument(), default="{}", show_default=True, help="The inputs.")
@click.option("--auth", type=JsonDocument(), default="{}", show_default=True, help="The values of the auth fields.")
@click.option("--auth-shape", type=OneOf(AuthShape), help="How they reach the handler.")
@click.option("--contract", type=OneOf(ContractVersion), help="The SDK contract, instead of the detected one.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("--last-poll-ts", help="For triggers: the time of the previous poll.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--reveal", is_flag=True, help="Show secrets instead of ‹their names›.")
def run(
    path: Path,
    name: str,
    kind: Kind | None,
    inputs: JSON,
    auth: JSON,
    auth_shape: AuthShape | None,
    contract: ContractVersion | None,
    timeout: float,
    last_poll_ts: str | None,
    form: str,
    reveal: bool,
) -> None:
    """Run the action or trigger NAME of the integration at PATH and print what happened.

    Exits with 0 where it succeeded, 1 for any other outcome of the integration, 2 where it could not be run.
    """
    request = make_request(
        open_integration(path, contract),
        name,
        kind,
        inputs=inputs,
        auth=auth,
        auth_shape=auth_shape,
        timeout=timeout,
        last_poll_ts=last_poll_ts,
    )
    done = _do(request, reveal=reveal)
    _show(done, form)
    sys.exit(exit_code(done))


def exit_code(run: Run) -> int:
    """0, 1 or 2, as the command's help says."""
    if run.outcome.status is Status.SUCCEEDED:
        return 0
    return 2 if run.outcome.error is not None and run.outcome.error.type in _OURS else 1


def _do(request: RunRequest, *, reveal: bool) -> Run:
    """Do the run to its end. A first Ctrl+C (or SIGTERM) cancels it, a second ends everything."""
    signal.signal(signal.SIGTERM, _interrupt)
    store = Store()
    with Runner(store, max_running=1, spare=False) as runner:
        run_id = runner.submit(request).id
        try:
            with Console(stderr=True).status(f"Running {request.name} …"):
                runner.wait(run_id)
        except KeyboardInterrupt:
            runner.cancel(run_id)
            runner.wait(run_id)
    done = store.get(run_id, reveal=reveal)
    assert done is not None, "the store keeps its newest run"  # noqa: S101
    return done


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _show(run: Run, form: str) -> None:
    if form == "json":
        sys.stdout.buffer.write(as_json(report(run)).encode() + b"\n")
        sys.stdout.flush()
    else:
        print_run(run, Console(highlight=False))
