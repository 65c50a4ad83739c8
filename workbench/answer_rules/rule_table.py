"""A rule as a table of plain values, and back: the one place that decides what is a valid rule.

The lines of ``--rule`` and the fields of a form become such tables before they are read.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from workbench.answer_rules.rule_values import (
    LARGEST,
    RuleError,
    base_url,
    headers,
    host,
    json_pointer,
    method,
    number,
    path,
    query,
    text,
    whole,
)
from workbench.answer_rules.toml_words import first_not_json, quote_toml
from workbench.domain import FailureKind, Replacement, Rule, RuleAction, RuleMatch

FAILURES = MappingProxyType({
    "dns": FailureKind.NAME_NOT_FOUND,
    "refused": FailureKind.REFUSED,
    "reset": FailureKind.DISCONNECTED,
    "tls": FailureKind.TLS,
    "timeout": FailureKind.TIMEOUT,
})  # fmt: skip
"""What ``fail`` can do, under the names that a person writes."""

LONGEST_WAIT = 3600.0
"""Seconds."""

_JSON_TYPE, _TEXT_TYPE = ("Content-Type", "application/json"), ("Content-Type", "text/plain; charset=utf-8")
_KEYS: Mapping[RuleAction, frozenset[str]] = MappingProxyType({
    RuleAction.FORWARD: frozenset({"base_url"}),
    RuleAction.RESPOND: frozenset({"status", "headers", "body"}),
    RuleAction.FAIL: frozenset({"failure"}),
    RuleAction.DELAY: frozenset({"seconds"}),
    RuleAction.TRUNCATE: frozenset({"length"}),
    RuleAction.REPLACE: frozenset({"pointer", "replacement", "value"}),
    RuleAction.RATE_LIMIT: frozenset({"seconds", "as_date"}),
})  # fmt: skip
ENABLED = "enabled"
"""The key that switches a rule off, where it is false."""
_MATCH_KEYS = ("method", "host", "path", "query", "nth", "after")


def read_rule(table: Mapping[str, Any]) -> Rule:
    """The rule that a table says. Raises :class:`RuleError`, which names the key."""
    action = RuleAction(_choice("action", table.get("action"), RuleAction))
    _reject_unknown(table, {"name", "match", "action", ENABLED, *_KEYS[action]}, f"of the action {action}")
    if not isinstance(table.get(ENABLED, True), bool):
        raise RuleError(ENABLED, f"must be true or false, but is {quote_toml(table[ENABLED])}")
    match = read_match(table.get("match", {}))
    name = text("name", table.get("name", ""), most=100).strip() or f"{action} {match_text(match)}"
    return _READERS[action](table, Rule(name, action, match))


def read_match(given: object) -> RuleMatch:
    """Which requests a rule is for. Raises :class:`RuleError`."""
    if not isinstance(given, Mapping):
        raise RuleError("match", f'must be a table such as {{ host = "api.example.com" }}, but is {quote_toml(given)}')
    _reject_unknown(given, _MATCH_KEYS, "of a match")
    return RuleMatch(
        method=method("method", given.get("method", "")),
        host=host("host", given.get("host", "")),
        path=path("path", given.get("path", "")),
        query=query("query", given.get("query", "")),
        nth=None if given.get("nth") is None else whole("nth", given["nth"], 1, 1_000_000),
        after=whole("after", given.get("after", 0), 0, 1_000_000),
    )


def rule_table(rule: Rule) -> dict[str, Any]:
    """The table that :func:`read_rule` reads back, without what is the default."""
    found: dict[str, Any] = {"name": rule.name} if rule.name != f"{rule.action} {match_text(rule.match)}" else {}
    if match := _match_table(rule.match):
        found["match"] = match
    return found | {"action": rule.action.value} | _action_table(rule)


def match_text(match: RuleMatch) -> str:
    """The requests of a match in a word or two: ``GET api.example.com/v1/*?page=2``; ``*`` is for all."""
    query = f"?{match.query}" if match.query else ""
    place = (match.host or ("*" if match.path or query or not match.method else "")) + match.path + query
    return " ".join(part for part in (match.method, place or "*") if part)


def _match_table(match: RuleMatch) -> dict[str, Any]:
    given = ((key, getattr(match, key)) for key in _MATCH_KEYS)
    return {key: value for key, value in given if value}


def _action_table(rule: Rule) -> dict[str, Any]:
    match rule.action:
        case RuleAction.FORWARD:
            return {"base_url": rule.base_url}
        case RuleAction.RESPOND:
            return {"status": rule.status} | _headers_table(rule) | ({"body": rule.body.decode()} if rule.body else {})
        case RuleAction.FAIL:
            return {"failure": next(name for name, kind in FAILURES.items() if kind is rule.failure)}
        case RuleAction.DELAY:
            return {"seconds": rule.seconds}
        case RuleAction.TRUNCATE:
            return {"length": rule.length}
        case RuleAction.REPLACE:
            value = {"value": json.loads(rule.value)} if rule.replacement is Replacement.VALUE else {}
            return {"pointer": rule.pointer, "replacement": rule.replacement.value} | value
        case RuleAction.RATE_LIMIT:
            return {"seconds": rule.seconds} | ({"as_date": True} if rule.as_date else {})


def _headers_table(rule: Rule) -> dict[str, Any]:
    grouped: dict[str, list[str]] = {}
    written = rule.headers[:-1] if rule.body and rule.headers[-1:] == (_default_type(rule.body),) else rule.headers
    for name, value in written:
        grouped.setdefault(name, []).append(value)
    pairs = {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}
    return {"headers": pairs} if pairs else {}


def _forward(table: Mapping[str, Any], rule: Rule) -> Rule:
    return replace(rule, base_url=base_url("base_url", table.get("base_url")))


def _respond(table: Mapping[str, Any], rule: Rule) -> Rule:
    given = table.get("body", "")
    body = (given if isinstance(given, str) else _json("body", given)).encode("utf-8", "surrogatepass")
    found = headers("headers", table.get("headers", {}))
    if body and not any(name.lower() == "content-type" for name, _ in found):
        found += (_default_type(body),)
    return replace(rule, status=whole("status", table.get("status", 200), 200, 599), headers=found, body=body)


def _fail(table: Mapping[str, Any], rule: Rule) -> Rule:
    return replace(rule, failure=FAILURES[_choice("failure", table.get("failure", "refused"), FAILURES)])


def _delay(table: Mapping[str, Any], rule: Rule) -> Rule:
    return replace(rule, seconds=number("seconds", table.get("seconds"), LONGEST_WAIT))


def _truncate(table: Mapping[str, Any], rule: Rule) -> Rule:
    return replace(rule, length=whole("length", table.get("length"), 0, LARGEST))


def _replace(table: Mapping[str, Any], rule: Rule) -> Rule:
    default = Replacement.VALUE if "value" in table else Replacement.NULL
    replacement = Replacement(_choice("replacement", table.get("replacement", default), Replacement))
    if (replacement is Replacement.VALUE) != ("value" in table):
        raise RuleError("value", 'must be there with replacement = "value", and only with it')
    value = _json("value", table["value"]) if "value" in table else ""
    return replace(rule, pointer=json_pointer("pointer", table.get("pointer")), replacement=replacement, value=value)


def _rate_limit(table: Mapping[str, Any], rule: Rule) -> Rule:
    as_date = table.get("as_date", False)
    if not isinstance(as_date, bool):
        raise RuleError("as_date", f"must be true or false, but is {quote_toml(as_date)}")
    return replace(rule, seconds=number("seconds", table.get("seconds", 1), LONGEST_WAIT), as_date=as_date)


_READERS: Mapping[RuleAction, Callable[[Mapping[str, Any], Rule], Rule]] = MappingProxyType({
    RuleAction.FORWARD: _forward,
    RuleAction.RESPOND: _respond,
    RuleAction.FAIL: _fail,
    RuleAction.DELAY: _delay,
    RuleAction.TRUNCATE: _truncate,
    RuleAction.REPLACE: _replace,
    RuleAction.RATE_LIMIT: _rate_limit,
})  # fmt: skip


def _default_type(body: bytes) -> tuple[str, str]:
    """The Content-Type of a body that comes without one."""
    try:
        json.loads(body)
    except ValueError:
        return _TEXT_TYPE
    return _JSON_TYPE


def _json(key: str, value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        inner = first_not_json(value)
        found = value if inner is None else inner
        verb = "is" if found is value else "contains"
        hint = ". Put it in quotes" if isinstance(found, date | time) else ""
        raise RuleError(key, f"must be text or JSON, but {verb} {quote_toml(found)}{hint}") from None


def _choice(key: str, given: object, choices: Iterable[str]) -> str:
    """``given``, which must be one of ``choices``."""
    names = [str(each) for each in choices]
    if isinstance(given, str) and given in names:
        return str(given)
    close = get_close_matches(str(given), names, 1)
    if given in (None, ""):
        raise RuleError(key, f"is missing. Write one of {', '.join(names)}")
    hint = f". Did you mean {close[0]}?" if close else ""
    raise RuleError(key, f"must be one of {', '.join(names)}, but is {quote_toml(given)}{hint}")


def _reject_unknown(table: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    names = sorted(known)
    for key in table:
        if key not in names:
            close = get_close_matches(key, names, 1)
            hint = f"Did you mean {close[0]}?" if close else f"The keys are {', '.join(names)}."
            raise RuleError(key, f"is not a key {what}. {hint}")
