"""A finished run in short: what a list shows, what is searched, and which failures have one cause."""

import json
from collections.abc import Iterator
from typing import Final

from workbench.answers.recording import incomplete_responses
from workbench.domain import JSON, Run, RunState, RunSummary, RunWarningKind, Status
from workbench.explain import code_locations, headline
from workbench.explain.text import plain, shorten
from workbench.explain.warnings import run_warnings

_LONGEST_INPUTS: Final = 160
_LONGEST_TEXT: Final = 60_000
_LONGEST_VALUE: Final = 20_000
# Its notes against circles would keep a value whose beginning alone is taken, until cycles are looked for
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=str, check_circular=False)


def summarize(run: Run, integration: str = "", *, revision: str = "", modified: bool = False) -> RunSummary:
    """The summary of a finished, masked run; ``integration`` is the title of its integration."""
    return RunSummary(
        integration=integration or run.request.integration_id,
        state=state(run),
        headline=plain(headline.tell(run)),
        cause=cause(run),
        inputs=inputs_line(run),
        exchanges=len(run.outcome.exchanges),
        text=" ".join(_texts(run))[:_LONGEST_TEXT],
        revision=revision,
        modified=modified,
        incomplete=incomplete_responses(run.outcome.exchanges),
    )


LIVE: Final = "live"
"""The state of a run in progress."""


def inputs_line(run: Run) -> str:
    """The inputs on one line, cut."""
    return shorten(", ".join(_pairs(run.request.inputs)), _LONGEST_INPUTS)


def state(run: Run) -> str:
    """The value of the run's status, or of the warning with which it succeeded; ``live`` while it runs."""
    outcome = run.outcome
    if outcome.status is None or outcome.state is not RunState.FINISHED:
        return LIVE
    warning = run_warnings.doubt(run)
    return warning.kind.value if warning else outcome.status.value


def has_succeeded(state: str) -> bool:
    """Whether a run of that :func:`state` succeeded, with a warning or without."""
    return state == Status.SUCCEEDED or state in tuple(RunWarningKind)


def cause(run: Run) -> str:
    """What failures of one cause have in common: the handler, how it ended, and the place; empty for a success."""
    outcome, request = run.outcome, run.request
    if outcome.status is None or state(run) == Status.SUCCEEDED:
        return ""
    parts: list[str] = [request.integration_id, request.kind, request.name, state(run)]
    if outcome.errors:
        first = outcome.errors[0]
        parts += [first.where, _without_numbers(first.pointer), first.rule]
    elif outcome.error is not None:
        place = code_locations.of_error(outcome.error, request.root)
        parts += [outcome.error.kind, outcome.error.type, f"{place.file}:{place.function}" if place else ""]
    return " ".join(map(str, parts))


def _without_numbers(pointer: str) -> str:
    """The pointer with ``*`` for the indexes of arrays: the third item's error is the first item's, too."""
    return "/".join("*" if part.isdecimal() else part for part in pointer.split("/"))


def _pairs(inputs: JSON) -> Iterator[str]:
    if isinstance(inputs, dict):
        for name, value in inputs.items():
            yield f"{name}: {_text(value)}"
    elif inputs is not None:
        yield _text(inputs)


def _texts(run: Run) -> Iterator[str]:
    request, outcome = run.request, run.outcome
    yield f"{request.integration_id} {request.name}"
    yield _text(request.inputs)
    for exchange in outcome.exchanges[:200]:
        status = exchange.response.status if exchange.response else ""
        yield f"{exchange.request.method} {exchange.request.url} {status}"
    for error in outcome.errors[:50]:
        yield f"{error.pointer} {error.message}"
    if outcome.error is not None:
        yield f"{outcome.error.type} {outcome.error.message}"
    yield _text(outcome.result)
    for output in outcome.output[:200]:
        yield output.text


def _text(value: JSON) -> str:
    if isinstance(value, str):
        return value[:_LONGEST_VALUE]
    pieces: list[str] = []
    length = 0
    for piece in _ENCODER.iterencode(value):  # a large value is not written whole for its beginning
        pieces.append(piece)
        length += len(piece)
        if length >= _LONGEST_VALUE:
            break
    return "".join(pieces)[:_LONGEST_VALUE]
