"""The table of exchanges in a terminal and in a pipe."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from io import StringIO
from pathlib import Path, PurePath
from typing import Any

import pytest
from rich.console import Console

from workbench.cli.output.run_text import print_run
from workbench.domain import (
    AuthShape,
    Contract,
    ContractVersion,
    ErrorInfo,
    Exchange,
    ExchangeError,
    Frame,
    ImportedPackage,
    Kind,
    Outcome,
    Output,
    PackagePlace,
    Request,
    Response,
    Returned,
    Run,
    RunRequest,
    RunState,
    Side,
    Status,
    UnawaitedCall,
    UncapturedConnection,
    ValidationError,
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


EVIL = "\x1b]0;no\x07\x9b31m\u202e\n::error::no"
FILLED = Outcome(
    RunState.FINISHED,
    Status.FAILED,
    result="r",
    returned=Returned("str", "r"),
    error=ErrorInfo("E", "m", "t", frames=(Frame("one.py", 1, "f", "s", 1),), causes=(ErrorInfo("E", "m"),)),
    errors=(ValidationError(Side.OUTPUT, "/a", "/b", "type", "m"),),
    exchanges=(replace(FULL, error=ExchangeError("T", "m", "connect"), response=None),),
    output=(Output(0.1, "log", "t", "INFO", "l"), Output(0.1, "stdout", "t")),
    unawaited=(UnawaitedCall("f", Frame("one.py", 1)),),
    uncaptured=(UncapturedConnection("h", "l", Frame("one.py", 1)),),
    packages=(ImportedPackage("p", "1", PackagePlace.DEPENDENCIES),),
)


def hostile(value: Any) -> Any:
    """The value with :data:`EVIL` at the end of each of its texts, however deep."""
    if isinstance(value, Enum | PurePath) or value is None:
        return value
    if isinstance(value, str):
        return value + EVIL
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: hostile(getattr(value, one.name)) for one in fields(value)})
    return value


@pytest.mark.parametrize("status", [Status.FAILED, Status.SUCCEEDED, Status.LOAD_FAILED, Status.INVALID_OUTPUT])
def test_no_text_of_a_run_steers_the_terminal(status: Status) -> None:
    outcome = replace(hostile(FILLED), status=status)
    contract = Contract(ContractVersion.V2)
    request = RunRequest("i", Path("one"), "one.py", Kind.ACTION, EVIL, contract, {}, {}, AuthShape.ENVELOPE)
    out = StringIO()
    print_run(Run("1", request, 0.0, outcome), Console(file=out, width=80, no_color=True))
    assert not set("\x1b\x07\x9b\u202e") & set(out.getvalue())
    assert "::error" not in out.getvalue()
