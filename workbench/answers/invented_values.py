"""Values of a run's requests that its code made up: identifiers and times, which another run makes up again."""

import json
import re
from contextlib import suppress
from datetime import datetime

from workbench.answers.noise_values import is_uuid
from workbench.answers.request_values import request_values
from workbench.domain import JSON, Noise, NoiseKind, NoisePlace, Run

_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:?\d\d.*)?|\d{8}T\d{6}Z?")
_SCOPE = re.compile(r"([^/]+)/\d{8}/([^/]+/[^/]+/(?:aws|goog)4_request)")
"""``X-Amz-Credential`` of a presigned URL: of the key's day."""
_EPOCH = re.compile(r"\d{10}(\d{3})?(\.\d+)?")
_HEX = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{16,64}")
"""A span, a trace or a nonce."""
_AWAY = 32 * 24 * 3600
"""Seconds before or after the run within which a number is taken for a time."""
_MOST = 1000
"""Values that are found at most."""
_MOST_STEPS = 2_000_000_000
"""Characters that are looked through at most for where such values come from."""


def invented_noise(run: Run) -> tuple[Noise, ...]:
    """A noise for each identifier and time in a request that neither the inputs nor an earlier response have.

    Equal requests are matched first: what another run sends again in the same way is not touched by it.
    """
    asked = run.request
    known = [json.dumps([asked.inputs, asked.metadata, asked.last_poll_ts], ensure_ascii=False, default=str)]
    found: list[Noise] = []
    size, steps = len(known[0]), 0
    for exchange in run.outcome.exchanges:
        for place, where, value in request_values(exchange.request):
            kind, pattern = _kind(value, run.created_at), None
            if kind is None and place is not NoisePlace.PATH and (pattern := _pattern(where, value)):
                kind = NoiseKind.TEXT
            if kind is None:
                continue
            if (steps := steps + size) > _MOST_STEPS or len(found) == _MOST:
                return tuple(found)
            if not any(str(value) in text for text in known):
                found.append(Noise(place, where, kind, exchange.id, pattern or ""))
        if exchange.response is not None:
            known.append(bytes(exchange.response.body).decode("utf-8", "replace"))
            known += [value for _, value in exchange.response.headers]
            size += len(known[-1 - len(exchange.response.headers)])
    return tuple(found)


def _pattern(where: str, value: JSON) -> str:
    """What a value of another run looks like, where this one is random digits; empty where it is not.

    A path has such digits where it names a thing, as a hash of git.
    """
    if not isinstance(value, str):
        return ""
    if where.endswith("/oauth_nonce"):
        return r"\w+"
    if scope := _SCOPE.fullmatch(value):
        return f"{re.escape(scope[1])}/[0-9]{{8}}/{re.escape(scope[2])}"
    return f"[0-9a-f]{{{len(value)}}}" if _HEX.fullmatch(value) else ""


def _kind(value: JSON, now: float) -> NoiseKind | None:
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if is_uuid(text):
        return NoiseKind.UUID
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return NoiseKind.DATE_TIME if abs(seconds - now) < _AWAY else None
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            datetime.fromisoformat(text)
            return NoiseKind.DATE_TIME
    return None
