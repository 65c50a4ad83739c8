"""What a replay shows: whether the handler coped with the change, and if not, in which way."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.domain import JSON, ContractVersion, ErrorInfo, ErrorKind, Exchange, Frame, Outcome, Run, Status
from workbench.explain import headline, reported_error
from workbench.explain.endings import is_workbench_failure
from workbench.explain.hints import reported
from workbench.explain.http import failed_requests
from workbench.explain.text import Sentence
from workbench.fuzz.python_text import is_python_text
from workbench.fuzz.variants import ChangeKind, Variant


class Verdict(StrEnum):
    """How a handler took a change, the worst first."""

    CRASH = "crash"
    HANG = "hang"
    HIDDEN_FAILURE = "hidden-failure"
    INVALID_OUTPUT = "invalid-output"
    PYTHON_TEXT = "python-text"
    HANDLED = "handled"

    @property
    def rank(self) -> int:
        """Its place in the order of weight, 0 for the worst."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """A variant and its verdict. ``headline`` is that of the replay, ``place`` the line that its error names.

    ``status`` is that of the replay. ``is_confirmed`` is False where a second replay came to another verdict.
    ``number`` is the place of the variant among those of its session.
    """

    variant: Variant
    verdict: Verdict
    status: Status
    headline: Sentence = ()
    place: Frame | None = None
    is_confirmed: bool = True
    number: int = 0


_REQUEST_ERRORS = frozenset({ErrorKind.NETWORK, ErrorKind.RATE_LIMIT, ErrorKind.TIMEOUT})
"""Errors that the SDK raises with words of its own: one that the handler lets through is not its failure."""


_PYTHON_ERRORS = frozenset({"AttributeError", "IndexError", "KeyError", "NameError", "TypeError", "UnboundLocalError"})


def find_verdict(variant: Variant, run: Run, recorded: Run, keys: frozenset[str]) -> Finding:
    """The verdict on the replay ``run`` of a variant of the run ``recorded``, whose :func:`keys_of` are ``keys``."""
    outcome = run.outcome
    status = outcome.status or Status.CRASHED
    verdict = Verdict.HANDLED if _ends_alike(outcome, recorded.outcome) else _verdict(variant, run, recorded, keys)
    return Finding(variant, verdict, status, headline.tell(run), _place(outcome))


def _ends_alike(outcome: Outcome, recorded: Outcome) -> bool:
    """Whether a run that does not succeed without the change fails in the same way with it: it is not its cause."""
    if is_workbench_failure(outcome) or recorded.status is Status.SUCCEEDED or outcome.status is not recorded.status:
        return False
    errors = ({(each.pointer, each.keyword) for each in one.errors} for one in (outcome, recorded))
    before, after = recorded.error, outcome.error
    is_same = (before and before.type, _place(recorded)) == (after and after.type, _place(outcome))
    return is_same and next(errors) == next(errors)


def _verdict(variant: Variant, run: Run, recorded: Run, keys: frozenset[str]) -> Verdict:
    outcome = run.outcome
    match outcome.status:
        case Status.TIMED_OUT if variant.kind is not ChangeKind.SAME_PAGE and _asked_more(outcome):
            return Verdict.HANDLED  # it waits for an answer that ends its loop, which only the service could give
        case Status.TIMED_OUT:
            return Verdict.HANG
        case Status.INVALID_OUTPUT:
            return Verdict.INVALID_OUTPUT
        case Status.INVALID_INPUT | Status.INVALID_AUTH | Status.CANCELLED:
            return Verdict.HANDLED
        case Status.FAILED if outcome.error is not None and _is_told(run, outcome.error, keys):
            return Verdict.HANDLED
        case Status.ACTION_ERROR:
            return Verdict.PYTHON_TEXT if is_python_text(reported.message(run) or "", keys) else Verdict.HANDLED
        case Status.SUCCEEDED:
            return _of_success(variant, run, recorded, keys)
    return Verdict.CRASH


def _of_success(variant: Variant, run: Run, recorded: Run, keys: frozenset[str]) -> Verdict:
    error = reported_error.find(run.outcome.result)
    if error is not None:
        return Verdict.PYTHON_TEXT if is_python_text(error.message, keys) else Verdict.HANDLED
    if not variant.kind.is_failure:
        return Verdict.HANDLED
    if failed_requests.of_outcome(run.outcome).all_failed or (
        _all_rejected(run.outcome.exchanges) and _is_claimed(run.outcome.result, recorded.outcome.result)
    ):
        return Verdict.HIDDEN_FAILURE
    return Verdict.HANDLED


def _is_told(run: Run, error: ErrorInfo, keys: frozenset[str]) -> bool:
    """Whether an exception tells its reader what happened: one of a request, or a message in words.

    The newer contracts have ``ActionError`` for words; under 0.1 an exception is the only way to report an error.
    """
    if error.kind in _REQUEST_ERRORS:
        return True
    is_own = error.type not in _PYTHON_ERRORS and not is_python_text(error.message, keys)
    return is_own and run.request.contract.version is ContractVersion.V0_1


def _asked_more(outcome: Outcome) -> bool:
    """Whether a request got the answer to another one, as the recording had none to it."""
    return any(exchange.origin.unmatched is not None for exchange in outcome.exchanges)


def _all_rejected(exchanges: Iterable[Exchange]) -> bool:
    """Whether the last attempt of each call brought an error status."""
    last = {each.group: each for each in exchanges}
    return bool(last) and all(each.response is not None and each.response.status >= 400 for each in last.values())


def _is_claimed(result: JSON, recorded: JSON) -> bool:
    """Whether a result says what it says when the service does as asked: a 404 may be an answer, this is none."""
    claims = isinstance(result, dict) and any(result.get(name) is True for name in ("success", "ok", "result"))
    return claims or (result == recorded and bool(result))


def _place(outcome: Outcome) -> Frame | None:
    if outcome.error is not None and outcome.error.frames:
        return outcome.error.frames[-1]
    return outcome.stuck_at[0] if outcome.stuck_at else None


def keys_of(recorded: Run) -> frozenset[str]:
    """The names of all objects in the recorded answers and in the inputs."""
    found: set[str] = set(_names(recorded.request.inputs))
    for exchange in recorded.outcome.exchanges:
        try:
            found.update(_names(json.loads(exchange.response.body if exchange.response else b"")))
        except (ValueError, RecursionError):
            continue
    return frozenset(found)


def _names(value: JSON) -> Iterator[str]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield from current
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
