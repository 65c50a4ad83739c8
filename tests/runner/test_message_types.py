"""A message whose fields are not of their types is no message."""

from dataclasses import replace
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.domain import ErrorInfo, Frame, ReplacedValue, Returned, Status, Timings
from workbench.events import (
    ExchangeEnded,
    HandlerFinished,
    HandlerReturned,
    HandlerStarted,
    Message,
    OutputWritten,
    RequestSent,
    WireError,
)
from workbench.runner.message_types import check_types

FRAME = Frame("one.py", 3, "execute", "source")
ERROR = ErrorInfo("E", "m", "t", (FRAME,), (ErrorInfo("F", "n"),))
GOOD: list[Message] = [
    OutputWritten(1, "stdout", "text"),
    HandlerStarted(1.5, FRAME),
    RequestSent(1.0, 1, "GET", "1.1", (("A", "b"),), None),
    ExchangeEnded(1.0, 1, Timings(dns=1.0), "complete"),
    HandlerReturned(1.0, Returned("dict", {"any": [1, None]}, 0.5, (ReplacedValue("/a", "set", "repr"),)), None),
    HandlerFinished(1.0, Status.FAILED, error=ERROR),
]


@pytest.mark.parametrize("message", GOOD, ids=lambda message: type(message).__name__)
def test_what_is_right_passes(message: Message) -> None:
    check_types(message)


@each_case(
    ("message", "changes"),
    [
        (GOOD[0], {"text": 5}),
        (GOOD[0], {"stream": None}),
        (GOOD[0], {"at": float("nan")}),
        (GOOD[0], {"at": True}),
        (GOOD[1], {"handler": replace(FRAME, line="3")}),
        (GOOD[1], {"handler": None}),
        (GOOD[2], {"headers": (("A", 1),)}),
        (GOOD[2], {"headers": (("A", "b", "c"),)}),
        (GOOD[2], {"headers": [("A", "b")]}),
        (GOOD[2], {"reused": "yes"}),
        (GOOD[3], {"timings": Timings(dns="fast")}),
        (GOOD[4], {"returned": replace(GOOD[4].returned, lossy=("/a",))}),
        (GOOD[5], {"error": replace(ERROR, causes=(replace(ERROR, message=[]),))}),
    ],
)
def test_what_is_wrong_does_not(message: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(WireError, match=next(iter(changes))):
        check_types(replace(message, **changes))
