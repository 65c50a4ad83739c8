"""Rules added to ``workbench.toml``: what the file would be, shown before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.answer_rules import RuleFileError, add_rule, read_answer_settings
from workbench.catalog.config.writer import text_digest
from workbench.catalog.workbench_toml import parse_workbench_toml
from workbench.catalog.workbench_toml_writer import TomlWriteError, toml_text
from workbench.domain import Rule
from workbench.web.services.app_context import app_context
from workbench.web.services.rule_writes import RuleWrite
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The difference, the text before and after, its digest, and why it cannot be written where it cannot."""

    lines: tuple[DiffLine, ...] = ()
    digest: str = ""
    before: str = ""
    after: str = ""
    obstacle: str = ""


def rule_change(root: Path, rules: Iterable[Rule]) -> RuleChange:
    """The file with the rules that it does not have yet; nothing is written."""
    try:
        before = toml_text(root)
        known = read_answer_settings(parse_workbench_toml(before.removeprefix("\ufeff"))).rules
        after = before
        for rule in rules:
            after = after if rule in known else add_rule(after, rule)
    except (TomlWriteError, RuleFileError) as error:
        return RuleChange(obstacle=str(error))
    return RuleChange(difference(before, after) if after != before else (), text_digest(before), before, after)


def write_rules(root: Path, rules: Iterable[Rule], digest: str) -> None:
    """Add the rules where the file is still that of ``digest``. Raises :class:`TomlWriteError`."""
    added = tuple(rules)
    change = rule_change(root, added)
    if change.obstacle:
        raise TomlWriteError(change.obstacle)
    title = f"Added the rule “{added[0].name}”" if len(added) == 1 else f"Added {len(added)} rules"
    app_context().rule_writes.write(root, digest, RuleWrite(change.before, change.after, title))
