"""What ``workbench.toml`` says of a run's answers: the tables ``[answers]`` and ``[[rules]]``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.answer_rules.rule_table import ENABLED, read_rule
from workbench.answer_rules.rule_values import RuleError
from workbench.answer_rules.toml_words import quote_toml
from workbench.catalog.workbench_toml import TomlError, WorkbenchToml
from workbench.domain import Answers, OnUnmatched, Rule


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule as it stands in the file: its table, and the rule; else the error that it cannot be read for.

    One that is switched off is read, but no request gets it.
    """

    table: Mapping[str, Any]
    line: int
    rule: Rule | None = None
    error: RuleError | None = None

    @property
    def is_on(self) -> bool:
        """Whether it is not switched off."""
        return self.table.get(ENABLED) is not False


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The rules in order, and the source: ``recording`` is a file's path below the folder, empty for the network.

    What is wrong is left out and stands in ``errors``.
    """

    rules: tuple[Rule, ...] = ()
    recording: str = ""
    on_unmatched: OnUnmatched = OnUnmatched.FAIL
    skip_waits: bool = True
    errors: tuple[TomlError, ...] = ()


def read_answer_settings(file: WorkbenchToml) -> AnswerSettings:
    """The settings in the file, with the errors of the file itself before those of its rules."""
    errors = [*file.errors, *_shape_errors(file)]
    rules = []
    for number, entry in enumerate(read_entries(file), 1):
        if entry.error is not None:
            errors.append(TomlError(entry.line, f"Rule {number}: {entry.error}"))
        elif entry.rule is not None and entry.is_on:
            rules.append(entry.rule)
    given, wrong = _answers(file)
    errors += wrong
    return AnswerSettings(tuple(rules), errors=tuple(errors), **given)


def with_saved_rules(answers: Answers, settings: AnswerSettings) -> Answers:
    """The answers with the rules of the file behind their own, in place of those that they had of it."""
    own = tuple(rule for rule in answers.rules if rule not in (answers.saved_rules or ()))
    saved = tuple(rule for rule in settings.rules if rule not in own)
    return replace(answers, rules=(*own, *saved), saved_rules=saved)


def read_entries(file: WorkbenchToml) -> tuple[RuleEntry, ...]:
    """The rules in their order, those too that are switched off or wrong."""
    return tuple(_entry(file, index, table) for index, table in enumerate(file.array("rules")))


def _entry(file: WorkbenchToml, index: int, table: Mapping[str, Any]) -> RuleEntry:
    try:
        return RuleEntry(table, file.line_of("rules", index=index), read_rule(table))
    except RuleError as error:
        return RuleEntry(table, file.line_of("rules", error.key, index), error=error)


def _shape_errors(file: WorkbenchToml) -> list[TomlError]:
    """A ``rules`` that is no array of tables, an ``answers`` that is no table."""
    found = []
    if "answers" in file.tables and not isinstance(file.tables["answers"], dict):
        found.append(TomlError(file.line_of("answers"), "answers must be a table: [answers]."))
    rules = file.tables.get("rules", [])
    if not isinstance(rules, list) or len(file.array("rules")) != len(rules):
        found.append(TomlError(file.line_of("rules"), "Each rule must be a table of its own: [[rules]]."))
    return found


def _answers(file: WorkbenchToml) -> tuple[dict[str, Any], list[TomlError]]:
    """The values of ``[answers]`` by the names of :class:`AnswerSettings`, and what is wrong with the others."""
    values: dict[str, Any] = {}
    errors = []
    for key, given in file.table("answers").items():
        reader = _KEYS.get(key)
        why = reader(given, values) if reader else f"is not a key of [answers]. The keys are {', '.join(_KEYS)}"
        if why:
            errors.append(TomlError(file.line_of("answers", key), f"{key} {why}."))
    return values, errors


def _recording(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, str):
        return f"must be the path of a recording, but is {quote_toml(given)}"
    values["recording"] = given
    return ""


def _on_unmatched(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, str) or given not in {*OnUnmatched}:
        return f'must be "fail", "closest" or "live", but is {quote_toml(given)}'
    values["on_unmatched"] = OnUnmatched(given)
    return ""


def _skip_waits(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, bool):
        return f"must be true or false, but is {quote_toml(given)}"
    values["skip_waits"] = given
    return ""


_KEYS: Mapping[str, Callable[[object, dict[str, Any]], str]] = {
    "recording": _recording,
    "on_unmatched": _on_unmatched,
    "skip_waits": _skip_waits,
}
