"""``workbench mock``: its options."""

import click

from workbench.cli.options import CommandOptions

option = CommandOptions("mock")


@click.command()
@click.argument("answers", metavar="RUN|FILE")
@option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="Port; 0 takes any free port. Default: 8772, or "
        "the next free port.")  # fmt: skip
@option("--history", default="", metavar="URL", help="Database of earlier runs for RUN, as for serve.")
def mock(answers: str, port: int | None, history: str) -> None:
    """Serve recorded answers as an HTTP server for other programs.

    RUN is the number of an earlier run, FILE a recording (tests/recordings/HANDLER/NAME.json) or an HTTP archive (HAR
    1.2) as browsers and proxies export it. It listens on 127.0.0.1 only; Ctrl+C stops it.

    A request is matched by method, path, query and body, whichever host it was recorded from. Equal requests get
    their answers in order of recording, then the last one again. A request that was not recorded gets 404 with the
    closest one and what differs; a HEAD gets what the GET has. Secrets of the recording match any value, and are made
    up in answers. Pages that this machine serves (http://localhost:3000, say) may call it; pages of the web may not.

    \b
    Examples:
      workbench mock 17 --port 8812
      workbench mock api.example.com.har
      workbench run . get_page --rule "forward api.example.com http://127.0.0.1:8812"
    """
    from workbench.cli.execution.mock import execute  # imports aiohttp

    execute(answers, port, history)
