"""The rules of an integration's ``workbench.toml`` as its page prints them, and the changes that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.answer_rules import (
    AnswerSettings,
    RuleEntry,
    RuleFileError,
    read_answer_settings,
    read_entries,
    rule_table,
    write_rule,
)
from workbench.answer_rules.rule_table import match_text
from workbench.catalog.config.writer import text_digest
from workbench.catalog.workbench_toml import WorkbenchToml, parse_workbench_toml
from workbench.catalog.workbench_toml_writer import TomlWriteError, toml_text
from workbench.domain import Rule, RuleAction
from workbench.explain.text import size
from workbench.web.rules.rule_editor import FAILURE_TITLES, TITLES
from workbench.web.services.app_context import app_context
from workbench.web.services.rule_writes import RuleWrite
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule: what happens to which requests, its line, its place in the file. ``error`` says why it is none."""

    number: int
    name: str
    action: str
    requests: str
    line: str
    place: int
    is_on: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last change that the page made, which can be undone."""

    title: str
    lines: tuple[DiffLine, ...]
    is_undone: bool


@dataclass(frozen=True, slots=True)
class RuleList:
    """The page. ``digest`` is that of the file that it shows; ``errors`` are those besides the rules' own."""

    rows: tuple[RuleRow, ...]
    digest: str
    settings: AnswerSettings
    errors: tuple[str, ...] = ()
    last: LastChange | None = None


def rule_list(root: Path) -> RuleList:
    """The page of the rules in the folder."""
    text, unreadable = _text(root)
    file = parse_workbench_toml(text.removeprefix("\ufeff"))
    settings = read_answer_settings(file)
    entries = read_entries(file)
    own = {f"Rule {number}: {entry.error}" for number, entry in enumerate(entries, 1)}
    errors = [str(one) for one in settings.errors if one.message not in own]
    rows = tuple(_row(number, entry) for number, entry in enumerate(entries, 1))
    return RuleList(rows, text_digest(text), settings, (*unreadable, *errors), _last(root))


def entry_of(root: Path, number: int) -> RuleEntry | None:
    """The rule with that number, from 1; None where there is none."""
    entries = read_entries(_file(root))
    return entries[number - 1] if 1 <= number <= len(entries) else None


def number_of(root: Path, rule: Rule) -> int | None:
    """The number of that rule in the file, from 1; None where it has none such."""
    return next((number for number, entry in enumerate(read_entries(_file(root)), 1) if entry.rule == rule), None)


def digest_of(root: Path) -> str:
    """The digest of the file as it is."""
    return text_digest(_text(root)[0])


def change_file(root: Path, digest: str, title: str, change: Callable[[str], str]) -> None:
    """Write what ``change`` makes of the text, where the file is still that of ``digest``.

    Raises :class:`TomlWriteError`.
    """
    before = toml_text(root)
    bom = "\ufeff" if before.startswith("\ufeff") else ""
    try:
        after = bom + change(before.removeprefix("\ufeff"))
    except RuleFileError as error:
        raise TomlWriteError(str(error)) from error
    app_context().rule_writes.write(root, digest, RuleWrite(before, after, title))


def _row(number: int, entry: RuleEntry) -> RuleRow:
    rule = entry.rule
    if rule is None:
        name = str(entry.table.get("name", "") or f"Rule {number}")[:100]
        return RuleRow(number, name, "", "", "", entry.line, entry.is_on, str(entry.error))
    default = f"{rule.action} {match_text(rule.match)}"
    name = rule.name if rule.name != default else ""
    return RuleRow(number, name, _happens(rule), match_text(rule.match), write_rule(rule), entry.line, entry.is_on)


def _happens(rule: Rule) -> str:
    """What a rule does: ``Answer with 503``."""
    details = {
        RuleAction.RESPOND: rule.status,
        RuleAction.FAIL: FAILURE_TITLES.get(rule_table(rule).get("failure", ""), ""),
        RuleAction.FORWARD: rule.base_url,
        RuleAction.DELAY: f"{rule.seconds:g} s",
        RuleAction.TRUNCATE: f"after {size(rule.length)} of the body",
        RuleAction.REPLACE: rule.pointer or "(the whole body)",
        RuleAction.RATE_LIMIT: f"for {rule.seconds:g} s",
    }
    return f"{TITLES[rule.action]}{': ' if rule.action is RuleAction.FAIL else ' '}{details[rule.action]}"


def _last(root: Path) -> LastChange | None:
    write = app_context().rule_writes.last(root)
    if write is None:
        return None
    return LastChange(write.title, difference(write.before, write.after), write.is_undone)


def _file(root: Path) -> WorkbenchToml:
    return parse_workbench_toml(_text(root)[0].removeprefix("\ufeff"))


def _text(root: Path) -> tuple[str, tuple[str, ...]]:
    """The text of the file, and why it cannot be read."""
    try:
        return toml_text(root), ()
    except TomlWriteError as error:
        return "", (str(error),)
