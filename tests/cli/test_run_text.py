"""The table of exchanges in a terminal and in a pipe."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from workbench.cli.run_text import print_run
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    ErrorInfo,
    Exchange,
    Kind,
    Outcome,
    Request,
    Response,
    Run,
    RunRequest,
    RunState,
    Status,
)

URL = "https://api.example.com/items?" + "&".join(f"filter_{number}=value_{number}" for number in range(30))
FULL = Exchange(1, 1, 1, "aiohttp", Request("GET", URL), 0.1, 0.2, Response(200, body=b"{}", size=2))
EXCHANGES = (
    replace(FULL, body_state="complete"),
    replace(FULL, id=2, body_state="cut"),
    replace(FULL, id=3, body_state="unread", response=Response(200, body=b"{}", size=5_000_000, cut=True)),
)


def lines(*, terminal: bool, error: ErrorInfo | None = None) -> list[str]:
    request = RunRequest(
        "one", Path("one"), "one.py", Kind.ACTION, "go", Contract(ContractVersion.V2), {}, {}, AuthShape.ENVELOPE
    )
    run = Run("1", request, 0.0, Outcome(RunState.FINISHED, Status.FAILED, error=error, exchanges=EXCHANGES))
    out = StringIO()
    print_run(run, Console(file=out, width=80, force_terminal=terminal, highlight=False, no_color=True))
    return out.getvalue().splitlines()


def test_exchanges_are_numbered_and_their_urls_whole_in_a_pipe() -> None:
    rows = [line for line in lines(terminal=False) if URL in line]
    assert [row.split()[0] for row in rows] == ["1", "2", "3"]
    assert max(map(len, rows)) < len(URL) + 80
    assert not any(URL in line for line in lines(terminal=True))


def test_a_body_that_is_not_whole_says_so() -> None:
    whole, cut, unread = (line.partition(URL)[2].split("  ") for line in lines(terminal=False) if URL in line)
    assert [part.strip() for part in whole if part.strip()] == ["200", "2"]
    assert [part.strip() for part in cut if part.strip()] == ["200", "2, cut off"]
    assert [part.strip() for part in unread if part.strip()] == ["200", "5000000, 2 recorded, unread"]


def test_an_error_is_told_once() -> None:
    """By the headline alone, or also by the last line of a traceback that has more to say."""
    text = "TypeError: Go.execute is not a coroutine"
    for traceback in (f"{text}\n", f"Traceback (most recent call last):\n  File …\n{text}\n"):
        told = lines(terminal=False, error=ErrorInfo("TypeError", text.partition(": ")[2], traceback=traceback))
        assert sum(text in line for line in told) == 1 + (traceback[:4] == "Trac"), told
