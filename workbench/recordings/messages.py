"""What is said of a replay that differs from its recording: by pages, commands and test reports alike."""

from typing import Final

from workbench.answers.messages import difference_text as request_difference_text
from workbench.domain import Noise, NoiseKind, NoisePlace
from workbench.recordings.differences import DifferencePart, ReplayDifference

_SHOWN: Final = 3
_KINDS: Final = {
    NoiseKind.DATE_TIME: "any date and time",
    NoiseKind.UUID: "any UUID",
    NoiseKind.NUMBER: "any number",
    NoiseKind.TEXT: "any text",
    NoiseKind.ANY: "any value",
}


def difference_text(one: ReplayDifference) -> str:
    """The difference as a sentence."""
    match one.part:
        case DifferencePart.STATUS:
            return f"Status: expected {one.expected}, got {one.actual}."
        case DifferencePart.ERROR:
            return f"Error: {_both(one)}."
        case DifferencePart.NEW_VALIDATION_ERROR:
            return f"New validation error: {one.actual}"
        case DifferencePart.LOST_VALIDATION_ERROR:
            return f"Missing validation error: {one.expected}"
        case DifferencePart.RESULT:
            return f"Result {one.pointer or '(whole)'}: {_both(one)}."
        case DifferencePart.NEW_REQUEST:
            return _new_request(one)
        case DifferencePart.LOST_REQUEST:
            return f"Request {one.expected} (exchange {one.exchange} of the recording) was not sent."


def noise_text(noise: Noise) -> str:
    """Where a noise stands, and what is accepted there."""
    place = {
        NoisePlace.RESULT: "result",
        NoisePlace.ERROR: "error",
        NoisePlace.PATH: f"request {noise.exchange}, segment",
    }.get(noise.place, f"request {noise.exchange}, {noise.place}")
    kind = f"{_KINDS[noise.kind]} of the pattern {noise.pattern}" if noise.pattern else _KINDS[noise.kind]
    return f"{place} {noise.pointer or '(whole)'}: {kind}"


def _both(one: ReplayDifference) -> str:
    if one.expected is None:
        return f"expected none, got {one.actual}"
    return f"expected {one.expected}, got none" if one.actual is None else f"expected {one.expected}, got {one.actual}"


def _new_request(one: ReplayDifference) -> str:
    first = f"Request {one.actual} is not in the recording."
    if one.exchange is None or not one.details:
        return first
    told = [request_difference_text(each) for each in one.details[:_SHOWN]]
    more = len(one.details) - len(told)
    listed = "; ".join(told) + (f"; and {more} more" if more > 0 else "")
    return f"{first} The closest is exchange {one.exchange}, which differs in {listed}."
