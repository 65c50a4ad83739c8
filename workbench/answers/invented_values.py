"""Values of a run's requests that its code made up: identifiers and times, which another run makes up again."""

import base64
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
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_TIME_WITHIN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_BLOCK = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
"""The id of a block of Azure's storage: of random bytes or digits."""
_LONGEST = 100_000
"""Characters of a text in which other values are looked for at most."""
_AWAY = 32 * 24 * 3600
"""Seconds before or after the run within which a number is taken for a time."""
_MOST = 1000
"""Values that are found at most."""
_MOST_STEPS = 2_000_000_000
"""Characters that are looked through at most for where such values come from."""


def invented_noise(run: Run) -> tuple[Noise, ...]:
    """A noise for each identifier and time in a request that neither the run was given nor an earlier response has.

    Equal requests are matched first: what another run sends again in the same way is not touched by it.
    """
    asked = run.request
    given = [asked.inputs, asked.auth, asked.metadata, asked.last_poll_ts, [one.value for one in asked.environment]]
    known = [json.dumps(given, ensure_ascii=False, default=str)]
    found: list[Noise] = []
    invented: dict[str, str] = {}
    size, steps = len(known[0]), 0
    for exchange in run.outcome.exchanges:
        for place, where, value in request_values(exchange.request):
            kind, pattern = _kind(value, run.created_at), None
            if kind is None and place is not NoisePlace.PATH:
                pattern = _pattern(where, value) or ("" if where else _with_others(value, invented))
                kind = NoiseKind.TEXT if pattern else None
            if kind is None:
                continue
            if (steps := steps + size) > _MOST_STEPS or len(found) == _MOST:
                return tuple(found)
            if not any(str(value) in text for text in known):
                found.append(Noise(place, where, kind, exchange.id, pattern or ""))
                if kind in (NoiseKind.TEXT, NoiseKind.UUID):
                    invented[str(value)] = pattern or f".{{{len(str(value))}}}"
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
    if where.endswith("/blockid") and _BLOCK.fullmatch(value):
        return f"[A-Za-z0-9+/=]{{{len(value)}}}"
    if _BASE64.fullmatch(value) and _TIME_WITHIN.search(_of_base64(value)):  # the policy of a presigned upload
        return _BASE64.pattern
    if scope := _SCOPE.fullmatch(value):
        return f"{re.escape(scope[1])}/[0-9]{{8}}/{re.escape(scope[2])}"
    return f"[0-9a-f]{{{len(value)}}}" if _HEX.fullmatch(value) else ""


def _of_base64(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return ""


def _with_others(value: JSON, invented: dict[str, str]) -> str:
    """What a body of text looks like that has values which the code made up before; empty where it has none."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    held = [one for one in invented if one in value]
    if not held or value in held:
        return ""
    parts = re.split("(" + "|".join(map(re.escape, sorted(held, key=len, reverse=True))) + ")", value)
    return "".join(invented[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))


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
