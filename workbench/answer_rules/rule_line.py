"""A rule as one line: ``forward api.example.com http://127.0.0.1:8812``, and back."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from workbench.answer_rules.rule_table import match_text, read_rule, rule_table
from workbench.answer_rules.rule_values import RuleError, json_value
from workbench.domain import Replacement, Rule, RuleAction
from workbench.schema.words import quote

_METHOD = re.compile(r"[A-Z]{2,}")
_OPTION = re.compile(r"(nth|after|name|header)=(.*)", re.DOTALL)
_QUOTES = ("'", '"')
_PIECE = re.compile(r"""([ \t\r\n]+)|([^ \t\r\n'"\\]+)|'([^']*)'|"([^"\\]*(?:\\.[^"\\]*)*)"|\\(.)""", re.DOTALL)
"""Space, plain text, text in single quotes, in double ones, or one escaped character."""
_ESCAPED = re.compile(r'\\(["\\])')
_LONGEST = 2_000_000


def parse_rule(line: str) -> Rule:
    """The rule that a line says. Raises :class:`RuleError`."""
    return read_rule(line_table(line))


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a text. Raises :class:`RuleError`, which names the line."""
    found = []
    for number, line in rule_texts(text):
        try:
            found.append(parse_rule(line))
        except RuleError as error:
            raise RuleError(f"Line {number}:", str(error)) from error
    return tuple(found)


def rule_texts(text: str) -> Iterator[tuple[int, str]]:
    """The rules of a text unread, each with the number of its first line.

    A rule is a line, or several where a text in quotes goes over them. Empty lines and those that begin with # are
    left out.
    """
    lines: list[str] = []
    first, quote = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not quote and (not line.strip() or line.lstrip().startswith("#")):
            continue
        if not quote:
            lines, first = [], number
        lines.append(line)
        quote = _open_quote(line, quote)
        if not quote:
            yield first, "\n".join(lines)
    if quote:
        yield first, "\n".join(lines)


def _open_quote(line: str, quote: str) -> str:
    """The quote that has no end yet after ``line``, which begins within ``quote``; empty where there is none."""
    is_escaped = False
    for char in line:
        if is_escaped:
            is_escaped = False
        elif char == "\\" and quote != "'":
            is_escaped = True
        elif char in _QUOTES and quote in ("", char):
            quote = "" if quote else char
    return quote


def line_table(line: str) -> dict[str, Any]:
    """The line as a table for :func:`read_rule`. Raises :class:`RuleError` where its words do not fit its action."""
    words = _words(line)
    action = words.pop(0).lower()
    options, rest = _options(words)
    match = _match(rest) | {key: _whole(key, options[key][-1]) for key in ("nth", "after") if key in options}
    table: dict[str, Any] = {"action": action, "match": match}
    if "name" in options:
        table["name"] = options["name"][-1]
    if "header" in options:
        table["headers"] = _headers(options["header"])
    if action not in {*RuleAction}:
        return {"action": action}  # read_rule says what the actions are
    table |= _ARGUMENTS[RuleAction(action)](rest)
    if rest:
        raise RuleError(action, f"has one word too many: {quote(rest[0])}. Put a text with spaces in quotes")
    return table


def write_rule(rule: Rule) -> str:
    """The line that :func:`parse_rule` reads back."""
    table = rule_table(rule)
    words = [rule.action.value, *match_text(rule.match).split(" ")]
    if words[-1] == rule.match.method:
        words.append("*")
    words += _WRITERS[rule.action](table)
    words += [f"header={name}:{value}" for name, value in _pairs(table.get("headers", {}))]
    words += [f"{key}={value}" for key, value in table.get("match", {}).items() if key in ("nth", "after")]
    words += [f"name={rule.name}"] if "name" in table else []
    return shlex.join(words).replace("'*'", "*")


def _words(line: str) -> list[str]:
    if len(line) > _LONGEST:
        raise RuleError("The rule", f"is longer than {_LONGEST:,} characters")
    words = split_words(line)
    if not words:
        raise RuleError("The rule", "is empty. Write, for example: forward api.example.com http://127.0.0.1:8812")
    return words


def split_words(line: str) -> list[str]:
    """The words of a line as ``shlex.split`` gives them, in a time that grows with its length: a body may be long.

    Raises :class:`RuleError` where a quote has no end.
    """
    words: list[str] = []
    parts: list[str] = []
    at = 0
    while at < len(line):
        found = _PIECE.match(line, at)
        if found is None:
            raise RuleError("The rule", "has a quote without its end")
        at = found.end()
        space, plain, single, double, escaped = found.groups()
        if space is None:
            text = _ESCAPED.sub(r"\1", double) if double is not None else None
            parts.append(next(one for one in (plain, single, text, escaped) if one is not None))
        elif parts:
            words.append("".join(parts))
            parts = []
    return [*words, "".join(parts)] if parts else words


def _options(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The words ``nth=2``, and the others."""
    options: dict[str, list[str]] = {}
    rest = []
    for word in words:
        if found := _OPTION.fullmatch(word):
            options.setdefault(found[1], []).append(found[2])
        else:
            rest.append(word)
    return options, rest


def _match(words: list[str]) -> dict[str, Any]:
    """Take method and target off ``words``."""
    match: dict[str, Any] = {}
    if words and _METHOD.fullmatch(words[0]):
        match["method"] = words.pop(0)
    if not words:
        raise RuleError("The rule", "names no request. Write a host, such as api.example.com/v1/*, or * for all")
    target = words.pop(0).removeprefix("https://").removeprefix("http://")
    place, _, query = target.partition("?")
    host, slash, path = place.partition("/")
    return match | {"host": host, "path": slash + path} | ({"query": query} if query else {})


def _headers(given: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given:
        name, colon, value = each.partition(":")
        if not colon:
            raise RuleError("header", f"must be NAME:VALUE, but is {quote(each)}")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _forward(words: list[str]) -> dict[str, Any]:
    return {"base_url": words.pop(0)} if words else {}


def _respond(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"status": _whole("status", words.pop(0))} if words else {}
    return found | ({"body": words.pop(0)} if words else {})


def _fail(words: list[str]) -> dict[str, Any]:
    return {"failure": words.pop(0).lower()} if words else {}


def _delay(words: list[str]) -> dict[str, Any]:
    return {"seconds": _seconds(words.pop(0))} if words else {}


def _truncate(words: list[str]) -> dict[str, Any]:
    return {"length": _whole("length", words.pop(0))} if words else {}


def _replace(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"pointer": words.pop(0)} if words else {}
    if not words:
        return found
    replacement, equals, value = words.pop(0).partition("=")
    if not equals:
        return found | {"replacement": replacement}
    return found | {"replacement": replacement, "value": json_value("value", value)}


def _rate_limit(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"seconds": _seconds(words.pop(0))} if words else {}
    if words and words[0] == "date":
        words.pop(0)
        found["as_date"] = True
    return found


def _whole(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RuleError(key, f"must be a whole number, but is {quote(text)}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise RuleError("seconds", f"must be a number, but is {quote(text)}") from None


def _pairs(headers: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in headers.items() for one in (value if isinstance(value, list) else [value])]


_ARGUMENTS: Mapping[RuleAction, Callable[[list[str]], dict[str, Any]]] = MappingProxyType({
    RuleAction.FORWARD: _forward,
    RuleAction.RESPOND: _respond,
    RuleAction.FAIL: _fail,
    RuleAction.DELAY: _delay,
    RuleAction.TRUNCATE: _truncate,
    RuleAction.REPLACE: _replace,
    RuleAction.RATE_LIMIT: _rate_limit,
})  # fmt: skip


def _written_replacement(table: Mapping[str, Any]) -> list[str]:
    kind = table["replacement"]
    value = f"={json.dumps(table['value'], ensure_ascii=False)}" if kind == Replacement.VALUE else ""
    return [table["pointer"], kind + value]


_WRITERS: Mapping[RuleAction, Callable[[Mapping[str, Any]], list[str]]] = MappingProxyType({
    RuleAction.FORWARD: lambda table: [table["base_url"]],
    RuleAction.RESPOND: lambda table: [str(table["status"]), *([table["body"]] if "body" in table else [])],
    RuleAction.FAIL: lambda table: [table["failure"]],
    RuleAction.DELAY: lambda table: [f"{table['seconds']:g}"],
    RuleAction.TRUNCATE: lambda table: [str(table["length"])],
    RuleAction.REPLACE: _written_replacement,
    RuleAction.RATE_LIMIT: lambda table: [f"{table['seconds']:g}", *(["date"] if table.get("as_date") else [])],
})  # fmt: skip
