"""``workbench.toml`` with a rule more: the text of the file as it is, and the rule behind it."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from workbench.answer_rules.rule_table import read_rule, rule_table
from workbench.domain import Rule

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class RuleFileError(Exception):
    """The rule cannot be added to this text; the message says why and what to do."""


def add_rule(text: str, rule: Rule) -> str:
    """The text with the rule as its last table; all before it stays as it is. Raises :class:`RuleFileError`."""
    before = parsed(text)
    block = rule_block(rule_table(rule))
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    after = text + (gap + block).replace("\n", newline)
    rules = before.get("rules", [])
    try:
        same = isinstance(rules, list) and tomllib.loads(after)["rules"] == [*rules, tomllib.loads(block)["rules"][0]]
    except tomllib.TOMLDecodeError:
        same = False
    if not same or read_rule(tomllib.loads(block)["rules"][0]) != rule:
        raise RuleFileError(f"The rule cannot be added to workbench.toml as it is. Write it yourself:\n{block}")
    return after


def rule_block(table: Mapping[str, Any], newline: str = "\n") -> str:
    """The lines of a rule's table."""
    block = "[[rules]]\n" + "".join(f"{member_line(key, value)}\n" for key, value in table.items())
    return block.replace("\n", newline)


def member_line(key: str, value: object) -> str:
    """The line of a key, or the lines of a text that has several, without the end of the last."""
    return f"{_key(key)} = {_value(value)}"


def parsed(text: str) -> dict[str, Any]:
    """The tables of the file's text. Raises :class:`RuleFileError`."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleFileError(f"workbench.toml is not TOML: {error}. Correct it first.") from error


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    """A value on one line; null has no form in TOML, so that a value with it is JSON text."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) and value.is_integer() and abs(value) < 1e6 else repr(value)
    raise RuleFileError('TOML has no null. Use replacement = "null", or a value without null.')


def _text(text: str) -> str:
    """A string of TOML; one of several lines as it is, where that is possible."""
    if "\n" in text and "'''" not in text and not text.endswith("'") and text.replace("\n", "").isprintable():
        return f"'''\n{text}'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
