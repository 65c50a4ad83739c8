"""The rules of ``workbench.toml`` changed one by one: all else keeps its text, comments and order included."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from workbench.answer_rules.rule_file import RuleFileError, member_line, parsed, rule_block
from workbench.answer_rules.rule_table import ENABLED, read_rule, rule_table
from workbench.answer_rules.rule_values import RuleError
from workbench.catalog.workbench_toml import table_lines
from workbench.domain import Rule

type _Tables = list[dict[str, Any]]

_RULE: Final = re.compile(r"\s*\[\[\s*[\"']?rules[\"']?\s*\]\]")
_PART_OF_RULE: Final = re.compile(r"\s*\[{1,2}\s*[\"']?rules[\"']?\s*\.\s*[\"']?([\w-]+)")
_HEADER: Final = re.compile(r"\s*\[")
_KEY: Final = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*[.=]")


_OTHER_FORM: Final = (
    "The rules of workbench.toml are not tables of their own ([[rules]]), one after the other, so they cannot be "
    "changed here. Edit the file."
)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The lines of a file, with their ends: those before its rules, each rule's, and those behind the last rule."""

    head: list[str]
    rules: list[list[str]]
    tail: list[str]

    def text(self, rules: list[list[str]]) -> str:
        """The file with these blocks in place of its own."""
        return "".join((*self.head, *(line for block in _apart(rules) for line in block), *self.tail))


def change_rule(text: str, place: int, rule: Rule) -> str:
    """The text with another rule at ``place`` (from 0): lines of keys that stay the same are not touched.

    Raises :class:`RuleFileError`, as all functions here do.
    """
    blocks, tables = _read(text)
    block, old = blocks.rules[_checked(place, tables)], tables[place]
    new = rule_table(rule) | ({ENABLED: old[ENABLED]} if ENABLED in old else {})
    made = _with_members(block, old, new)
    if _rule_of(made) != rule:
        made = [*_comments(block), *rule_block(new, _newline(text)).splitlines(keepends=True)]
    changed = [*blocks.rules[:place], made, *blocks.rules[place + 1 :]]
    return _verified(text, blocks.text(changed), lambda now: _same_but(tables, now, place))


def remove_rule(text: str, place: int) -> str:
    """The text without the rule at ``place`` and the comment right above it."""
    blocks, tables = _read(text)
    _checked(place, tables)
    left = [block for index, block in enumerate(blocks.rules) if index != place]
    return _verified(text, blocks.text(left), lambda now: now == tables[:place] + tables[place + 1 :])


def move_rule(text: str, place: int, to: int) -> str:
    """The text with the rule at ``place`` at the place ``to``, its comments with it."""
    blocks, tables = _read(text)
    _checked(place, tables)
    blocks.rules.insert(_checked(to, tables), blocks.rules.pop(place))
    expected = tables[:place] + tables[place + 1 :]
    expected.insert(to, tables[place])
    return _verified(text, blocks.text(blocks.rules), lambda now: now == expected)


def switch_rule(text: str, place: int, *, is_on: bool) -> str:
    """The text with the rule at ``place`` on or off."""
    blocks, tables = _read(text)
    old = tables[_checked(place, tables)]
    new = {key: value for key, value in old.items() if key != ENABLED} | ({} if is_on else {ENABLED: False})
    blocks.rules[place] = _with_members(blocks.rules[place], old, new)
    return _verified(text, blocks.text(blocks.rules), lambda now: now == [*tables[:place], new, *tables[place + 1 :]])


def _blocks(text: str) -> _Blocks:
    """Where each rule begins and ends. A comment right above a table belongs to it."""
    lines = text.splitlines(keepends=True)
    headers = [number - 1 for number, _, line in table_lines(text) if _HEADER.match(line) and not _is_value(line)]
    starts = [at for at in headers if not _PART_OF_RULE.match(lines[at])]
    bounds = [at - _above(lines, at) for at in starts] + [len(lines)]
    blocks: dict[int, list[str]] = {}
    head, tail = lines[: bounds[0]], list[str]()
    for index, at in enumerate(starts):
        part = lines[bounds[index] : bounds[index + 1]]
        if _RULE.match(lines[at]):
            if tail:
                raise RuleFileError(_OTHER_FORM)
            blocks[at] = part
        elif blocks:
            tail += part
        else:
            head += part
    return _Blocks(head, list(blocks.values()), tail)


def _is_value(line: str) -> bool:
    """Whether the line is an item of an array that goes on over several lines, and not the header of a table."""
    return line.strip().rstrip(",") != line.strip() or line.strip() == "["


def _above(lines: list[str], at: int) -> int:
    """How many lines of comment stand right above a line."""
    return len(list(takewhile(lambda line: line.lstrip().startswith("#"), reversed(lines[:at]))))


def _comments(block: list[str]) -> list[str]:
    return list(takewhile(lambda line: line.lstrip().startswith("#"), block))


def _apart(blocks: list[list[str]]) -> list[list[str]]:
    """The blocks, each of which ends its last line."""
    return [[*block[:-1], block[-1] if block[-1].endswith("\n") else block[-1] + "\n"] for block in blocks if block]


def _with_members(block: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The block with the lines of its keys as ``new`` says; those of equal values are left as they are."""
    canonical, newline = _canonical(old), _newline("".join(block))
    same = {key for key in new if key in old and canonical.get(key, old[key]) == new[key]}
    same |= {key for key in old if key not in new and key not in canonical and key != ENABLED}  # a default, written out
    missing = {key: value for key, value in new.items() if key not in same}
    made: list[str] = []
    end = 0
    for key, text, is_table in _units(block):
        if not key or key in same:
            made.append(text)
        elif key in missing and not is_table:
            made.append(member_line(key, missing.pop(key)) + _comment_of(text) + newline)
        elif is_table:
            made += reversed(list(takewhile(lambda line: not line.strip(), reversed(text.splitlines(keepends=True)))))
        is_place = (key and not is_table) or (not end and _RULE.match(text))
        end = len(made) if is_place else end
    if missing and end and not made[end - 1].endswith("\n"):
        made[end - 1] += newline
    return [*made[:end], *(member_line(key, value) + newline for key, value in missing.items()), *made[end:]]


def _units(block: list[str]) -> list[tuple[str, str, bool]]:
    """The block in parts: the key that a part is for (empty for comments and headers), its text, whether it is a table.

    The lines of a key that goes over several are one part, as are those of a table such as ``[rules.match]``.
    """
    units: list[tuple[str, str, bool]] = []
    pending = ""
    for line in block:
        if not pending and (table := _PART_OF_RULE.match(line)):
            units.append((table[1], line, True))
        elif units and units[-1][2]:
            key, text, _ = units.pop()
            units.append((key, text + line, True))
        else:
            pending += line
            found = _KEY.match(pending)
            if not found or _is_whole(pending):
                units.append((found[1] if found else "", pending, False))
                pending = ""
    return [*units, ("", pending, False)] if pending else units


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _comment_of(text: str) -> str:
    """The comment at the end of a key's line, with the space before it."""
    last = text.rstrip().splitlines()[-1] if text.strip() else ""
    for place in (at for at, char in enumerate(last) if char == "#"):
        before = text.rstrip()[: len(text.rstrip()) - len(last) + place]
        if _is_whole(before):
            return text.rstrip()[len(before.rstrip()) :]
    return ""


def _canonical(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table as the workbench writes the rule; unchanged where it is not a rule."""
    try:
        return rule_table(read_rule(table))
    except RuleError:
        return dict(table)


def _rule_of(block: list[str]) -> Rule | None:
    try:
        [table] = tomllib.loads("".join(block))["rules"]
        return read_rule(table)
    except (tomllib.TOMLDecodeError, RuleError, KeyError, ValueError):
        return None


def _read(text: str) -> tuple[_Blocks, _Tables]:
    """The blocks of the rules, and their tables."""
    tables = parsed(text).get("rules", [])
    blocks = _blocks(text)
    if not isinstance(tables, list) or len(blocks.rules) != len(tables):
        raise RuleFileError(_OTHER_FORM)
    return blocks, tables


def _checked(place: int, tables: _Tables) -> int:
    if not 0 <= place < len(tables):
        raise RuleFileError(f"workbench.toml has no rule {place + 1} any more. Reload the page.")
    return place


def _same_but(before: _Tables, now: _Tables, place: int) -> bool:
    return len(before) == len(now) and all(
        one == other for index, (one, other) in enumerate(zip(before, now, strict=True)) if index != place
    )


def _verified(before: str, after: str, holds: Callable[[_Tables], bool]) -> str:
    """``after``, whose other tables are those of ``before`` and whose rules are as they must be."""
    try:
        old, new = parsed(before), parsed(after)
    except RuleFileError:
        old, new = {}, {"rules": None}
    rules = new.pop("rules", [])
    old.pop("rules", None)
    if old != new or not isinstance(rules, list) or not holds(rules):
        raise RuleFileError(_OTHER_FORM)
    return after


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
