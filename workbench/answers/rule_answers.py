"""What rules make of an answer, and the answers that they give by themselves."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from workbench.answers.answer import NOT_HTTP, Answer, with_body
from workbench.domain import ABSENT, JSON, ExchangeError, FailureKind, Replacement, Response, Rule, RuleAction
from workbench.jsondoc import pointer

LONG_TEXT = 100_000
"""Characters of the text that ``Replacement.LONG_TEXT`` puts in."""

_PHASES = {
    FailureKind.NAME_NOT_FOUND: "dns",
    FailureKind.REFUSED: "connect",
    FailureKind.UNREACHABLE: "connect",
    FailureKind.CERTIFICATE: "tls",
    FailureKind.TLS: "tls",
    FailureKind.CUT: "receive",
}
_RESET = "Connection reset by peer"


def own_answer(rule: Rule, now: datetime | None = None) -> Answer | None:
    """The answer that a rule gives without asking anybody; None where it changes that of another."""
    match rule.action:
        case RuleAction.RESPOND:
            return Answer(_response(rule.status, rule))
        case RuleAction.RATE_LIMIT:
            after = timedelta(seconds=rule.seconds)
            at = format_datetime((now or datetime.now(UTC)) + after, usegmt=True)
            limit = at if rule.as_date else f"{rule.seconds:g}"
            return Answer(_response(429, rule, ("Retry-After", limit)))
        case RuleAction.FAIL:
            return failed(rule.failure)
    return None


def failed(kind: FailureKind) -> Answer:
    """The answer of a request that fails so."""
    failure = ExchangeError("", _RESET, _PHASES.get(kind, "wait"), kind)
    if kind is FailureKind.NOT_HTTP:
        return NOT_HTTP
    if kind is FailureKind.UNDECODABLE:
        response = Response(200, "OK", headers=(("Content-Encoding", "gzip"),), body=b"This is not gzip")
        return Answer(response, failure)
    if kind is FailureKind.CUT:
        return Answer(Response(200, "OK", headers=(("Content-Length", "100"),)), ExchangeError("", "", "receive", kind))
    return Answer(failure=failure)


def changed_answer(rule: Rule, answer: Answer) -> Answer:
    """The answer of the network or a recording as a rule changes it."""
    response = answer.response
    if response is None or answer.is_raw:
        return answer
    if rule.action is RuleAction.TRUNCATE:
        cut = replace(response, body=response.body[: rule.length])
        return replace(answer, response=cut, failure=ExchangeError("", "", "receive", FailureKind.CUT))
    if rule.action is RuleAction.REPLACE:
        body = replaced(response.body, rule)
        return answer if body is None else Answer(with_body(response, body), answer.failure)
    return answer


def replaced(body: bytes, rule: Rule) -> bytes | None:
    """A JSON body with the value at the rule's pointer replaced; None where it is none, or has no such value.

    Of a body of several lines of JSON (messages of gRPC, say) each line that has the value is changed.
    """
    try:
        document: JSON = json.loads(body)
    except (ValueError, RecursionError):
        lines = body.splitlines(keepends=True)
        made = [_replaced_line(line, rule) for line in lines] if len(lines) > 1 else []
        changed = b"".join(new if new is not None else old for new, old in zip(made, lines, strict=bool(made)))
        return changed if any(new is not None for new in made) else None
    old = pointer.resolve(document, rule.pointer)
    if old is ABSENT and rule.replacement is not Replacement.VALUE:
        return None
    if not rule.pointer:
        return _json(_NEW[rule.replacement](old, rule))
    holder, last = pointer.resolve(document, pointer.parent(rule.pointer)), pointer.last(rule.pointer)
    key: Any = last
    if isinstance(holder, list):
        place = pointer.index(last, len(holder))
        if place is None:
            return None
        key = place
    elif not isinstance(holder, dict):
        return None
    if rule.replacement is Replacement.NOTHING:
        del holder[key]
    else:
        holder[key] = _NEW[rule.replacement](old, rule)
    return _json(document)


def _replaced_line(line: bytes, rule: Rule) -> bytes | None:
    found = replaced(line, rule) if line.strip() else None
    return None if found is None else found + b"\n"


def _response(status: int, rule: Rule, *more: tuple[str, str]) -> Response:
    reason = next((known.phrase for known in HTTPStatus if known == status), "")
    headers = rule.headers
    if rule.body and not any(name.lower() == "content-type" for name, _ in headers):
        is_json = rule.body.lstrip()[:1] in (b"{", b"[")
        headers = (*headers, ("Content-Type", "application/json" if is_json else "text/plain; charset=utf-8"))
    return Response(status, reason, headers=(*headers, *more), body=rule.body, size=len(rule.body))


def _json(document: JSON) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _other_type(old: Any, rule: Rule) -> JSON:
    """A value of another type: a text for anything but a text, which becomes a number."""
    return 0 if isinstance(old, str) else "text"


def _value(old: Any, rule: Rule) -> JSON:
    try:
        value: JSON = json.loads(rule.value)
    except ValueError:
        return rule.value
    return value


_NEW: dict[Replacement, Callable[[Any, Rule], JSON]] = {
    Replacement.NULL: lambda old, rule: None,
    Replacement.NOTHING: lambda old, rule: None,
    Replacement.OTHER_TYPE: _other_type,
    Replacement.EMPTY_ARRAY: lambda old, rule: [],
    Replacement.LONG_TEXT: lambda old, rule: "x" * LONG_TEXT,
    Replacement.VALUE: _value,
}
