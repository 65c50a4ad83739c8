"""A recording as the JSON document of its file, with large bodies beside it."""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from workbench.domain import Exchange, Headers, Request, Response
from workbench.domain.answers import Noise
from workbench.explain.http import http_body
from workbench.recordings.har import har_text
from workbench.recordings.recording import FORMAT, Expected, Given, Recording

LARGE: Final = 64 * 1024
"""Bytes of a body from which on it stands in a file of its own."""


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a recording's file, and the files of bodies beside it by their names."""

    text: str
    bodies: dict[str, bytes]


def write_document(recording: Recording, name: str) -> Written:
    """The file of the recording called ``name``: keys in one order, a line for each value."""
    bodies: dict[str, bytes] = {}
    log = json.loads(har_text(recording.exchanges, recording.recorded_at, f"{recording.handler}; secrets are masked"))
    entries = zip(log["log"]["entries"], recording.exchanges, strict=True)
    log["log"]["entries"] = [_entry(entry, exchange, name, bodies) for entry, exchange in entries]
    document = {
        "format": FORMAT,
        "handler": recording.handler,
        "kind": recording.kind,
        "contract": recording.contract,
        "recorded_at": datetime.fromtimestamp(recording.recorded_at, UTC).isoformat(timespec="seconds"),
        **({"clock": "recorded"} if recording.has_clock else {}),
        "secrets": list(recording.secrets),
        **_given(recording.given),
        "expected": _expected(recording.expected),
        "noise": [_noise(one) for one in recording.noise],
        **log,
    }
    return Written(json.dumps(document, ensure_ascii=False, indent=2) + "\n", bodies)


def _given(given: Given) -> dict[str, Any]:
    """What the handler was given; of what has a default only what differs."""
    members: dict[str, Any] = {"inputs": given.inputs}
    if given.auth not in ({}, None):
        members["auth"] = given.auth
    for name in ("auth_type", "auth_shape", "metadata"):
        if value := getattr(given, name):
            members[name] = value
    if given.environment:
        members["environment"] = dict(given.environment)
    members |= {"chosen_contract": given.contract} if given.contract else {}
    members["last_poll_ts"] = given.last_poll_ts
    default = Given()
    for name in ("max_retries", "fetch_timeout", "timeout"):
        if (value := getattr(given, name)) != getattr(default, name):
            members[name] = value
    for name in ("secret_names", "public_names"):
        members |= {name: list(names)} if (names := getattr(given, name)) else {}
    return members


def _expected(expected: Expected) -> dict[str, Any]:
    return {
        "status": expected.status,
        "result": expected.result,
        "error": asdict(expected.error) if expected.error else None,
        "errors": [asdict(error) for error in expected.errors],
    }


def _noise(noise: Noise) -> dict[str, Any]:
    members: dict[str, Any] = {"place": noise.place, "pointer": noise.pointer, "kind": noise.kind}
    if noise.exchange is not None:
        members = {"exchange": noise.exchange, **members}
    return members | ({"pattern": noise.pattern} if noise.pattern else {})


def _entry(entry: dict[str, Any], exchange: Exchange, name: str, bodies: dict[str, bytes]) -> dict[str, Any]:
    """The entry of a HTTP archive with what such archives lack."""
    _put_request_body(entry["request"], exchange.request, f"{name}.{exchange.id}.request", bodies)
    if exchange.response is not None:
        _put_response_body(entry["response"], exchange.response, f"{name}.{exchange.id}.response", bodies)
        if exchange.response.raw_size is not None:
            entry["response"]["_rawSize"] = exchange.response.raw_size
        if exchange.response.sent_before:
            entry["response"]["_sentBefore"] = list(exchange.response.sent_before)
        if exchange.response.latin:
            entry["response"]["_latin"] = list(exchange.response.latin)
    own = {
        "_id": exchange.id,
        "_group": exchange.group,
        "_attempt": exchange.attempt,
        "_library": exchange.library,
        "_startedAt": round(exchange.started_at, 6),
        "_endedAt": None if exchange.ended_at is None else round(exchange.ended_at, 6),
        "_bodyState": exchange.body_state,
        "_timings": {part: round(took, 3) for part, took in asdict(exchange.timings).items() if took is not None},
    }
    entry["time"] = round(entry["time"], 3)
    entry["timings"] = {part: round(took, 3) for part, took in entry["timings"].items()}
    if exchange.reused is not None:
        own["_reused"] = exchange.reused
    if exchange.proxy:
        own["_proxy"] = exchange.proxy
    if exchange.error is not None:
        own["_error"] = asdict(exchange.error)
    if exchange.retry is not None:
        own["_retry"] = asdict(exchange.retry)
    if (site := exchange.call_site) is not None:
        own["_callSite"] = {"file": site.file, "line": site.line, "function": site.function}
    return entry | own


def _put_request_body(entry: dict[str, Any], request: Request, stem: str, bodies: dict[str, bytes]) -> None:
    if not request.body:
        return
    post = entry["postData"]
    post |= {"_cut": True} if request.cut else {}
    _put_body(post, request.body, request.headers, stem, bodies)
    if post.get("encoding"):
        post["_encoding"] = post.pop("encoding")  # HAR has none for what is sent


def _put_response_body(entry: dict[str, Any], response: Response, stem: str, bodies: dict[str, bytes]) -> None:
    _put_body(entry["content"], response.body, response.headers, stem, bodies)


def _put_body(content: dict[str, Any], body: bytes, headers: Headers, stem: str, bodies: dict[str, bytes]) -> None:
    """The body as text that gives the same bytes again, as base64, or in a file of its own."""
    if len(body) > LARGE:
        media = http_body.content_type(headers)[0]
        file = f"{stem}.{'json' if media.endswith('json') else 'body'}"
        bodies[file] = bytes(body)
        content["text"] = ""
        content.pop("encoding", None)
        content.pop("params", None)
        content["_file"] = file
        return
    charset = text_charset(headers)
    text = http_body.decode(bytes(body), charset)
    if text is not None and encoded(text, charset) == body:
        content["text"] = text
        content.pop("encoding", None)
        return
    content["text"] = base64.b64encode(body).decode()
    content["encoding"] = "base64"


def text_charset(headers: Headers) -> str:
    """The charset of a body's text in a recording."""
    return http_body.content_type(headers)[1]


def encoded(text: str, charset: str) -> bytes | None:
    """The bytes of a text, None where the charset cannot write it; UTF-8 where there is no such charset."""
    try:
        return text.encode(charset)
    except LookupError:
        return encoded(text, "utf-8")
    except ValueError:
        return None
