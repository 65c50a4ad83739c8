"""What ``workbench.toml`` says of a run's answers: the tables ``[answers]`` and ``[[rules]]``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workbench.answer_rules.rule_table import read_rule
from workbench.answer_rules.rule_values import RuleError
from workbench.catalog.workbench_toml import TomlProblem, WorkbenchToml
from workbench.domain import Rule

_ON_UNMATCHED = MappingProxyType({"fail": False, "live": True})


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The rules in order, and the source: ``recording`` is a file's path below the folder, empty for the network.

    What is wrong is left out and stands in ``problems``.
    """

    rules: tuple[Rule, ...] = ()
    recording: str = ""
    unmatched_live: bool = False
    skip_waits: bool = True
    problems: tuple[TomlProblem, ...] = ()


def read_answer_settings(file: WorkbenchToml) -> AnswerSettings:
    """The settings in the file, with the problems of the file itself before those of its rules."""
    problems = [*file.problems, *_shape_problems(file)]
    rules = []
    for index, table in enumerate(file.array("rules")):
        try:
            rules.append(read_rule(table))
        except RuleError as error:
            problems.append(TomlProblem(file.line_of("rules", error.key, index), f"Rule {index + 1}: {error}"))
    given, wrong = _answers(file)
    problems += wrong
    return AnswerSettings(tuple(rules), problems=tuple(problems), **given)


def _shape_problems(file: WorkbenchToml) -> list[TomlProblem]:
    """A ``rules`` that is no array of tables, an ``answers`` that is no table."""
    found = []
    if "answers" in file.tables and not isinstance(file.tables["answers"], dict):
        found.append(TomlProblem(file.line_of("answers"), "answers must be a table: [answers]."))
    rules = file.tables.get("rules", [])
    if not isinstance(rules, list) or len(file.array("rules")) != len(rules):
        found.append(TomlProblem(file.line_of("rules"), "Each rule must be a table of its own: [[rules]]."))
    return found


def _answers(file: WorkbenchToml) -> tuple[dict[str, Any], list[TomlProblem]]:
    """The values of ``[answers]`` by the names of :class:`AnswerSettings`, and what is wrong with the others."""
    values: dict[str, Any] = {}
    problems = []
    for key, given in file.table("answers").items():
        reader = _KEYS.get(key)
        why = reader(given, values) if reader else f"is not a key of [answers]. There are {', '.join(_KEYS)}"
        if why:
            problems.append(TomlProblem(file.line_of("answers", key), f"{key} {why}."))
    return values, problems


def _recording(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, str):
        return f"must be the path of a recording, but is {given!r}"
    values["recording"] = given
    return ""


def _on_unmatched(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, str) or given not in _ON_UNMATCHED:
        return f'must be "fail" or "live", but is {given!r}'
    values["unmatched_live"] = _ON_UNMATCHED[given]
    return ""


def _skip_waits(given: object, values: dict[str, Any]) -> str:
    if not isinstance(given, bool):
        return f"must be true or false, but is {given!r}"
    values["skip_waits"] = given
    return ""


_KEYS: Mapping[str, Callable[[object, dict[str, Any]], str]] = {
    "recording": _recording,
    "on_unmatched": _on_unmatched,
    "skip_waits": _skip_waits,
}
