"""``workbench echo``: the HTTP server on this machine that the samples call."""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import click

from workbench.cli.failure import CannotRun
from workbench.cli.ports import free_port

PORT = 8771


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"0 takes any free port.  [default: {PORT}, or the next free]"
)
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="End when stdin does: for a parent process.")
@click.option("--files", type=click.Path(path_type=Path), hidden=True, help="Serve this shelf; remove it at the end.")
def echo(port: int | None, until_stdin_ends: bool, files: Path | None) -> None:
    """Serve an HTTP echo for integrations to call, on 127.0.0.1 alone, until interrupted."""
    from workbench import echo as server  # aiohttp: no other command waits for it

    if until_stdin_ends:
        threading.Thread(target=_follow_stdin, daemon=True).start()
    try:
        server.run(free_port("127.0.0.1", PORT) if port is None else port, _say, files)
    except server.EchoError as error:
        raise CannotRun(str(error)) from error
    finally:
        if files is not None:
            shutil.rmtree(files, ignore_errors=True)  # here, so that it goes even where the parent process crashed


def _say(port: int) -> None:
    print(f"Echo ready: http://127.0.0.1:{port}", flush=True)


def _follow_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
