"""Rules added to ``workbench.toml``: what the file would be, shown before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.answer_rules import RuleFileError, add_rule, read_answer_settings
from workbench.catalog.config_writer import text_digest
from workbench.catalog.workbench_toml import parse_workbench_toml
from workbench.catalog.workbench_toml_writer import TomlWriteError, toml_text, write_toml
from workbench.domain import Rule
from workbench.web.ui.text_diff import DiffLine, difference


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The difference, the digest of the file as it is, and why it cannot be written where it cannot."""

    lines: tuple[DiffLine, ...] = ()
    digest: str = ""
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
    return RuleChange(difference(before, after) if after != before else (), text_digest(before), after)


def write_rules(root: Path, change: RuleChange, digest: str) -> None:
    """Write the change where the file is still that of ``digest``. Raises :class:`TomlWriteError`."""
    if change.obstacle:
        raise TomlWriteError(change.obstacle)
    write_toml(root, digest, change.after)
