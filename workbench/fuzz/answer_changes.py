"""The changes of answers: each value of each JSON body, each answer as a whole, and all answers at once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.domain import (
    JSON,
    Exchange,
    FailureKind,
    Headers,
    Replacement,
    Response,
    Rule,
    RuleAction,
    RuleMatch,
)
from workbench.domain.split_url import split_url
from workbench.fuzz.variants import ChangeKind, Variant
from workbench.jsondoc import pointer as pointers

_MOST_VALUES: Final = 2_000
_DEEPEST: Final = 30
_LOGIN_PAGE: Final = b"<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>"
_JSON: Final[Headers] = (("Content-Type", "application/json"),)
_HTML: Final[Headers] = (("Content-Type", "text/html; charset=utf-8"),)
_TEXT: Final[Headers] = (("Content-Type", "text/plain; charset=utf-8"),)
_WAIT: Final = 30.0
"""Seconds that a limited service asks to wait."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a service sends in place of the recorded answer."""

    kind: ChangeKind
    status: int
    body: bytes
    headers: Headers = _JSON


_ANSWERS: Final = (
    _Answer(ChangeKind.NO_BODY, 200, b""),
    _Answer(ChangeKind.EMPTY_ARRAY, 200, b"[]"),
    _Answer(ChangeKind.JSON_NULL, 200, b"null"),
    _Answer(ChangeKind.LOGIN_PAGE, 200, _LOGIN_PAGE, _HTML),
    _Answer(ChangeKind.INVALID_JSON, 200, b'{"data": [{"id": 1,'),
    _Answer(ChangeKind.UNAUTHORIZED, 401, b'{"message": "Unauthorized"}'),
    _Answer(ChangeKind.FORBIDDEN, 403, b'{"message": "Forbidden"}'),
    _Answer(ChangeKind.NOT_FOUND, 404, b'{"message": "Not found"}'),
    _Answer(ChangeKind.CONFLICT, 409, b'{"message": "Conflict"}'),
    _Answer(ChangeKind.SERVER_ERROR, 500, b"Internal Server Error", _TEXT),
)
_REPLACEMENTS: Final = (
    (ChangeKind.NULL, Replacement.NULL),
    (ChangeKind.ABSENT, Replacement.NOTHING),
    (ChangeKind.OTHER_TYPE, Replacement.OTHER_TYPE),
    (ChangeKind.EMPTY, Replacement.EMPTY_ARRAY),
    (ChangeKind.LONG_TEXT, Replacement.LONG_TEXT),
)


def answer_variants(exchanges: Sequence[Exchange]) -> Iterator[Variant]:
    """Every change of the recorded answers: first all answers alike, then each alone, then the values of each."""
    answered = [each for each in exchanges if each.response is not None and each.response.status >= 200]
    if len(answered) > 1:
        yield from _whole(None, RuleMatch(), None)
    matches = {each.id: _match(each, exchanges) for each in answered}
    for each in answered:
        yield from _whole(each.id, matches[each.id], each.response)
    for each in answered:
        yield from _values(each, matches[each.id])


def _match(exchange: Exchange, exchanges: Sequence[Exchange]) -> RuleMatch:
    """What matches this request alone: the one of its method, host and path that comes at its turn."""
    method, host, path = _target(exchange)
    earlier = sum(_target(each) == (method, host, path) for each in exchanges if each.id < exchange.id)
    return RuleMatch(method, host, path, nth=earlier + 1)


def _target(exchange: Exchange) -> tuple[str, str, str]:
    parts = split_url(exchange.request.url)
    return exchange.request.method, parts.netloc.rpartition("@")[2], parts.path or "/"


def _whole(exchange: int | None, match: RuleMatch, recorded: Response | None) -> Iterator[Variant]:
    def variant(kind: ChangeKind, rule: Rule) -> Variant:
        return Variant(kind, exchange, rules=(replace(rule, name=kind.value),))

    for answer in _ANSWERS:
        if recorded is None or (recorded.status, recorded.body) != (answer.status, answer.body):
            of = _from_then_on(match) if answer.status >= 500 else match
            rule = Rule("", RuleAction.RESPOND, of, status=answer.status, headers=answer.headers, body=answer.body)
            yield variant(answer.kind, rule)
    lasting = _from_then_on(match)  # what the libraries try again must fail again
    for kind, as_date in ((ChangeKind.RATE_LIMIT_SECONDS, False), (ChangeKind.RATE_LIMIT_DATE, True)):
        yield variant(kind, Rule("", RuleAction.RATE_LIMIT, lasting, seconds=_WAIT, as_date=as_date))
    yield variant(ChangeKind.TIMEOUT, Rule("", RuleAction.FAIL, lasting, failure=FailureKind.TIMEOUT))
    if recorded is not None and len(recorded.body) > 1:
        yield variant(ChangeKind.CUT, Rule("", RuleAction.TRUNCATE, lasting, length=len(recorded.body) // 2))
        yield variant(ChangeKind.SAME_PAGE, _same_page(match, recorded))


def _from_then_on(match: RuleMatch) -> RuleMatch:
    return replace(match, nth=None, after=(match.nth or 1) - 1)


def _same_page(match: RuleMatch, recorded: Response) -> Rule:
    """The recorded answer to this request and all later ones to its path: pages that never end."""
    later = _from_then_on(match)
    headers = tuple((name, value) for name, value in recorded.headers if name.casefold() in ("content-type", "link"))
    return Rule("", RuleAction.RESPOND, later, status=recorded.status, headers=headers, body=recorded.body)


def _values(exchange: Exchange, match: RuleMatch) -> Iterator[Variant]:
    body = exchange.response.body if exchange.response and not exchange.response.cut else b""
    try:
        value: JSON = json.loads(body)
    except (ValueError, RecursionError):
        return
    for pointer, inner in _places(value):
        for kind, replacement in _REPLACEMENTS:
            if not _is_same(kind, inner):
                rule = Rule(kind.value, RuleAction.REPLACE, match, pointer=pointer, replacement=replacement)
                yield Variant(kind, exchange.id, pointer, (rule,))


def _is_same(kind: ChangeKind, value: JSON) -> bool:
    """Whether the change would leave the value as it is, or says what another change says."""
    match kind:
        case ChangeKind.NULL:
            return value is None
        case ChangeKind.EMPTY:
            return value == [] or not isinstance(value, list)
        case ChangeKind.LONG_TEXT:
            return not isinstance(value, str)
        case _:
            return False


def _places(value: JSON) -> Iterator[tuple[str, JSON]]:
    """The places below a value, and their values: of an array the first item alone, which stands for the others."""
    waiting: list[tuple[str, JSON, int]] = [("", value, 0)]
    left = _MOST_VALUES
    while waiting and left:
        pointer, current, depth = waiting.pop(0)
        if pointer:
            left -= 1
            yield pointer, current
        if depth >= _DEEPEST:
            continue
        if isinstance(current, dict):
            waiting.extend((pointers.join(pointer, name), inner, depth + 1) for name, inner in current.items())
        elif isinstance(current, list) and current:
            waiting.append((pointers.join(pointer, "0"), current[0], depth + 1))
