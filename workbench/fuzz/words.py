"""The words for variants and verdicts, the same in page, text, JSON and JUnit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workbench.domain import ABSENT, JSON, Run
from workbench.explain.code_locations import relative
from workbench.explain.http.network import request_words
from workbench.explain.text import Sentence, code, count, plain, sentence, value_text
from workbench.fuzz.session import Progress
from workbench.fuzz.variants import ChangeKind, Variant
from workbench.fuzz.verdicts import Finding, Verdict
from workbench.jsondoc import pointer as pointers

_CHANGES: Final[Mapping[ChangeKind, str]] = MappingProxyType(
    {
        ChangeKind.NULL: "is null",
        ChangeKind.ABSENT: "is missing",
        ChangeKind.OTHER_TYPE: "has another type",
        ChangeKind.EMPTY: "is an empty array",
        ChangeKind.LONG_TEXT: "is a very long text",
        ChangeKind.NO_BODY: "200 with an empty body",
        ChangeKind.EMPTY_ARRAY: "an empty array",
        ChangeKind.JSON_NULL: "null",
        ChangeKind.LOGIN_PAGE: "an HTML login page",
        ChangeKind.INVALID_JSON: "invalid JSON",
        ChangeKind.UNAUTHORIZED: "401",
        ChangeKind.FORBIDDEN: "403",
        ChangeKind.NOT_FOUND: "404",
        ChangeKind.CONFLICT: "409",
        ChangeKind.RATE_LIMIT_SECONDS: "429, Retry-After in seconds",
        ChangeKind.RATE_LIMIT_DATE: "429, Retry-After as a date",
        ChangeKind.SERVER_ERROR: "500 with text",
        ChangeKind.TIMEOUT: "no answer in time",
        ChangeKind.CUT: "a body cut in the middle",
        ChangeKind.SAME_PAGE: "the same page again and again",
    }
)
_VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.CRASH: "Crash",
        Verdict.HANG: "Hang",
        Verdict.HIDDEN_FAILURE: "Failure hidden",
        Verdict.INVALID_OUTPUT: "Output invalid",
        Verdict.PYTHON_TEXT: "Python text shown",
        Verdict.HANDLED: "Handled",
    }
)

_COUNTED: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.CRASH: "crashed",
        Verdict.HANG: "hung",
        Verdict.HIDDEN_FAILURE: "hid a failure",
        Verdict.INVALID_OUTPUT: "had an invalid output",
        Verdict.PYTHON_TEXT: "showed Python text",
        Verdict.HANDLED: "handled",
    }
)


def change(variant: Variant, recorded: Run) -> Sentence:
    """What a variant changes: ``/data/0/name`` of ``GET /items`` is null."""
    if variant.kind is ChangeKind.INPUT:
        return _input(variant)
    what = _CHANGES[variant.kind]
    if variant.exchange is None:
        return sentence(f"Every answer: {what}")
    known = recorded.request.answers.recorded or recorded.outcome.exchanges
    exchange = next((each for each in known if each.id == variant.exchange), None)
    asked = (request_words(exchange),) if exchange is not None else ()
    if variant.kind.is_of_value:
        return sentence(code(variant.pointer), " in the answer to ", *asked, f" {what}")
    return sentence("Answer to ", *asked, f": {what}")


def _input(variant: Variant) -> Sentence:
    inputs: JSON = {} if variant.inputs is ABSENT else variant.inputs
    if not variant.pointer:
        return sentence("Inputs are ", code(value_text(inputs)))
    value = pointers.resolve(inputs, variant.pointer)
    if value is ABSENT:
        return sentence("Input ", code(variant.pointer), " is missing")
    return sentence("Input ", code(variant.pointer), " is ", code(value_text(value)))


def verdict(value: Verdict) -> str:
    """A verdict as a title."""
    return _VERDICTS[value]


def summary(progress: Progress) -> str:
    """What came of a session: ``200 replays: 3 crashed, 12 handled``."""
    parts = [f"{progress.count(each)} {_COUNTED[each]}" for each in Verdict if progress.count(each)]
    done = progress.done
    begin = count(done, "replay") if done == progress.total else f"{done} of {count(progress.total, 'replay')}"
    ended = ", cancelled" if progress.is_cancelled else ""
    return f"{begin}{ended}: {', '.join(parts)}" if parts else f"{begin}{ended}"


def as_json(finding: Finding, recorded: Run) -> dict[str, JSON]:
    """A finding as the command's JSON has it."""
    place = finding.place
    return {
        "verdict": finding.verdict.value,
        "change": finding.variant.kind.value,
        "exchange": finding.variant.exchange,
        "pointer": finding.variant.pointer,
        "what": plain(change(finding.variant, recorded)),
        "status": finding.status.value,
        "headline": plain(finding.headline),
        "place": None if place is None else {"file": relative(place.file, recorded.request.root), "line": place.line},
        "confirmed": finding.is_confirmed,
    }
