"""Where the answers of a run come from, as its form says it: the choices, and the value that they make."""

from dataclasses import dataclass, replace
from typing import Final

from workbench.answer_rules import (
    AnswerSettings,
    RuleError,
    parse_rules,
    read_answer_settings,
    with_saved_rules,
    write_rule,
)
from workbench.answer_rules.rule_line import rule_texts
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.domain import Answers, AnswerSource, Integration, OnUnmatched, Run
from workbench.explain.http import urls
from workbench.explain.text import count
from workbench.recordings.answer_file import LARGEST
from workbench.web.run_form.answer_sources import (
    LIVE,
    UPLOAD,
    AnswerError,
    answers_from,
    newest_exchange,
    options,
    source_of_run,
)
from workbench.web.run_form.rule_examples import RuleExample, rule_examples
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.ui.handlers import Handler
from workbench.web.ui.widgets import Option

_UNMATCHED: Final = {
    OnUnmatched.FAIL: "fails",
    OnUnmatched.CLOSEST: "gets the closest recorded answer",
    OnUnmatched.LIVE: "goes to the network",
}


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """What the form prints of it. ``in_file`` are the rules of ``workbench.toml`` as lines, ``file_errors`` its own.

    ``examples`` are rules for the host that the handler asked last. ``upload`` is the name of the field for a file of
    at most ``largest`` bytes.
    """

    options: tuple[Option, ...]
    chosen: str
    rules: str
    unmatched: tuple[Option, ...]
    keep_waits: bool
    without_file: bool
    in_file: tuple[str, ...]
    file_errors: tuple[str, ...]
    error: str
    rules_are_wrong: bool
    examples: tuple[RuleExample, ...]
    upload: str = UPLOAD
    largest: int = LARGEST

    @property
    def upload_id(self) -> str:
        """The id of that field: another one after each choice, so that it is empty then."""
        return f"{self.upload}-{len(self.options)}"


def answer_choice(
    integration: Integration, handler: Handler, settings: RunSettings, error: str = "", last: Run | None = None
) -> AnswerChoice:
    """The part of the form, filled with ``settings``; ``error`` is what is wrong with a file that was chosen.

    ``last`` is the last run of the handler.
    """
    file = _in_file(integration)
    recording = "" if settings.without_file else file.recording
    found = options(integration, handler, settings.answers, recording)
    return AnswerChoice(
        found,
        _chosen(settings, found, 0 if settings.without_file else len(file.rules)),
        settings.rules,
        _unmatched(settings, file),
        settings.keep_waits,
        settings.without_file,
        tuple(map(write_rule, file.rules)),
        tuple(map(str, file.errors)),
        error or answer_error(integration, handler, settings),
        _are_wrong(settings.rules),
        rule_examples(_host(integration, handler, last)),
    )


def answer_error(integration: Integration, handler: Handler, settings: RunSettings) -> str:
    """Why a run cannot have the answers that the form says; empty where it can."""
    try:
        answers_of(integration, handler, settings)
    except AnswerError as error:
        return str(error)
    return ""


def answers_of(integration: Integration, handler: Handler, settings: RunSettings) -> Answers:
    """The answers of a run: the rules of the form come before those of the file. Raises :class:`AnswerError`."""
    file = AnswerSettings() if settings.without_file else _in_file(integration)
    if file.errors:
        raise AnswerError(f"{' '.join(map(str, file.errors))} Correct this, or leave out workbench.toml.")
    try:
        own = parse_rules(settings.rules)
    except RuleError as error:
        raise AnswerError(f"Rules: {error}") from error
    made = replace(
        answers_from(integration, handler, settings.answers, file.recording),
        on_unmatched=settings.on_unmatched or file.on_unmatched,
        skip_waits=file.skip_waits and not settings.keep_waits,
        rules=own,
    )
    return made if settings.without_file else with_saved_rules(made, file)


def with_answers(settings: RunSettings, run: Run) -> RunSettings:
    """The settings with the answers of an earlier run; rules that stand in the file by now are left to it."""
    asked = run.request.answers
    in_file = read_answer_settings(read_workbench_toml(run.request.root))
    own = "\n".join(write_rule(rule) for rule in asked.rules if rule not in in_file.rules)
    is_recorded = asked.source is AnswerSource.RECORDING
    source = source_of_run(run.id) if is_recorded else LIVE if in_file.recording else ""
    changed = asked.on_unmatched is not in_file.on_unmatched and is_recorded
    return replace(
        settings,
        answers=source,
        rules=own,
        unmatched=asked.on_unmatched.value if changed else "",
        keep_waits=is_recorded and in_file.skip_waits and not asked.skip_waits,
    )


def _in_file(integration: Integration) -> AnswerSettings:
    return read_answer_settings(read_workbench_toml(integration.root))


def _are_wrong(rules: str) -> bool:
    try:
        parse_rules(rules)
    except RuleError:
        return True
    return False


def _unmatched(settings: RunSettings, file: AnswerSettings) -> tuple[Option, ...]:
    """The choices for a request without a recorded answer; the first is what ``workbench.toml`` says."""
    first = OnUnmatched.FAIL if settings.without_file else file.on_unmatched
    others = (each for each in OnUnmatched if each is not first)
    pairs = [("", _UNMATCHED[first]), *((each.value, _UNMATCHED[each]) for each in others)]
    return tuple(Option(value, text, value == settings.unmatched) for value, text in pairs)


def _host(integration: Integration, handler: Handler, last: Run | None) -> str:
    """The host of a request that the last runs of the handler sent; empty where none is known."""
    found = next(iter(last.outcome.exchanges), None) if last else None
    found = found or newest_exchange(integration, handler)
    return str(urls.host_and_path(found.request.url)[0]) if found else ""


def _chosen(settings: RunSettings, found: tuple[Option, ...], in_file: int) -> str:
    """What is not the default: ``run 17, 2 rules``; empty where all is."""
    parts = [one.text.partition(" (")[0] for one in found if one.chosen and one.text != "the network"]
    rules = in_file + sum(1 for _ in rule_texts(settings.rules))
    parts += [count(rules, "rule")] if rules else []
    return ", ".join(parts)
