"""The work of ``workbench mock``: the server, until a signal stops it."""

from functools import partial
from typing import Final

import click

from workbench.cli.failure import CannotRun
from workbench.cli.ports import free_port, say_moved
from workbench.cli.recorded_answers import LIVE, read_answers
from workbench.echo.server import EchoError, run_app
from workbench.explain.terminal_text import visible
from workbench.mock import Replies, create_app
from workbench.mock.replies import recorded_requests

MOCK_PORT: Final = 8772
"""The port that is tried first."""
_LISTED: Final = 20


def execute(source: str, port: int | None, history: str) -> None:
    """Serve the answers of a run or a file. Raises :class:`CannotRun`."""
    if source == LIVE:
        raise CannotRun("Name the number of a run or the file of a recording: live answers are those of the network.")
    answers = read_answers(source, history)
    replies = Replies(answers)
    if not replies.exchanges:
        raise CannotRun(f"{answers.label} has no HTTP exchanges to serve.")
    app = create_app(replies, lambda line: click.echo(visible(line)))
    chosen = free_port("127.0.0.1", MOCK_PORT) if port is None else port
    try:
        run_app(app, chosen, partial(_say_ready, replies, answers.label, is_chosen=port is not None))
    except EchoError as error:
        raise CannotRun(str(error)) from error


def _say_ready(replies: Replies, label: str, port: int, *, is_chosen: bool) -> None:
    if not is_chosen:
        say_moved("The mock server", MOCK_PORT, port)
    click.echo(f"Mock ready: http://127.0.0.1:{port} ({label})")
    requests = recorded_requests(replies.exchanges)
    for line in requests[:_LISTED]:
        click.echo(f"  {visible(line)}")
    if len(requests) > _LISTED:
        click.echo(f"  and {len(requests) - _LISTED} more")
    if replies.left_out:
        click.echo(f"Not served: {replies.left_out} exchanges of gRPC or with a proxy.")
