"""Rules of answers as text: the tables of ``workbench.toml``, the lines of ``--rule``, and what both mean."""

from workbench.answer_rules.answer_settings import (
    AnswerSettings,
    RuleEntry,
    read_answer_settings,
    read_entries,
    with_saved_rules,
)
from workbench.answer_rules.rule_blocks import change_rule, move_rule, remove_rule, switch_rule
from workbench.answer_rules.rule_file import RuleFileError, add_rule
from workbench.answer_rules.rule_line import parse_rule, parse_rules, write_rule
from workbench.answer_rules.rule_table import read_rule, rule_table
from workbench.answer_rules.rule_values import RuleError

__all__ = [
    "AnswerSettings",
    "RuleEntry",
    "RuleError",
    "RuleFileError",
    "add_rule",
    "change_rule",
    "move_rule",
    "parse_rule",
    "parse_rules",
    "read_answer_settings",
    "read_entries",
    "read_rule",
    "remove_rule",
    "rule_table",
    "switch_rule",
    "with_saved_rules",
    "write_rule",
]
