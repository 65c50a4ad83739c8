"""Where the answers of a run come from, as its form says it: the choices, and the value that they make."""

from dataclasses import dataclass, replace

from workbench.answer_rules import AnswerSettings, RuleError, parse_rules, read_answer_settings, write_rule
from workbench.answer_rules.rule_line import GRAMMAR
from workbench.answers.from_run import answers_of_run, same_answers
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.domain import Answers, AnswerSource, Integration, Run
from workbench.explain.text import count
from workbench.history import EntryFilter
from workbench.recordings.files import RecordingFile, find_files, read_recording, recording_file
from workbench.recordings.recording import RecordingError
from workbench.web.run_form.run_settings import RunSettings
from workbench.web.services.app_context import app_context
from workbench.web.ui.handlers import Handler
from workbench.web.ui.widgets import Option

_RUNS = 15
"""Earlier runs of the handler to choose from."""
_RUN, _SAME, _FILE = "run:", "same:", "file:"


class AnswerError(Exception):
    """The answers that the form says cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """What the form prints of it. ``in_file`` are the rules of ``workbench.toml`` as lines, ``problems`` its own."""

    options: tuple[Option, ...]
    label: str
    rules: str
    unmatched_live: bool
    without_file: bool
    in_file: tuple[str, ...]
    problems: tuple[str, ...]
    error: str
    grammar: str = GRAMMAR


def answer_choice(integration: Integration, handler: Handler, settings: RunSettings) -> AnswerChoice:
    """The part of the form, filled with ``settings``."""
    file = _in_file(integration)
    options = _options(integration, handler, settings.answers)
    return AnswerChoice(
        options,
        _label(settings, options, 0 if settings.without_file else len(file.rules)),
        settings.rules,
        settings.unmatched_live,
        settings.without_file,
        tuple(map(write_rule, file.rules)),
        tuple(map(str, file.problems)),
        problem(integration, handler, settings),
    )


def problem(integration: Integration, handler: Handler, settings: RunSettings) -> str:
    """Why a run cannot have the answers that the form says; empty where it can."""
    try:
        answers_of(integration, handler, settings)
    except AnswerError as error:
        return str(error)
    return ""


def answers_of(integration: Integration, handler: Handler, settings: RunSettings) -> Answers:
    """The answers of a run: the rules of the form come before those of the file. Raises :class:`AnswerError`."""
    file = AnswerSettings() if settings.without_file else _in_file(integration)
    if file.problems:
        raise AnswerError(f"{' '.join(map(str, file.problems))} Correct this, or leave out workbench.toml.")
    try:
        own = parse_rules(settings.rules)
    except RuleError as error:
        raise AnswerError(f"Rules: {error}") from error
    return replace(
        _source(integration, handler, settings.answers),
        unmatched_live=settings.unmatched_live or file.unmatched_live,
        skip_waits=file.skip_waits,
        rules=(*own, *(rule for rule in file.rules if rule not in own)),
    )


def with_answers(settings: RunSettings, run: Run) -> RunSettings:
    """The settings with the answers of an earlier run; rules that stand in the file by now are left to it."""
    asked = run.request.answers
    in_file = read_answer_settings(read_workbench_toml(run.request.root)).rules
    own = "\n".join(write_rule(rule) for rule in asked.rules if rule not in in_file)
    source = f"{_SAME}{run.id}" if asked.source is AnswerSource.RECORDING else ""
    return replace(settings, answers=source, rules=own, unmatched_live=asked.unmatched_live and bool(source))


def _in_file(integration: Integration) -> AnswerSettings:
    return read_answer_settings(read_workbench_toml(integration.root))


def _source(integration: Integration, handler: Handler, chosen: str) -> Answers:
    if not chosen:
        return Answers()
    if chosen.startswith(_FILE):
        return _of_file(integration, handler, chosen.removeprefix(_FILE))
    kind, run_id = chosen[: len(_RUN)], chosen.partition(":")[2]
    run = app_context().store.get(run_id)
    if run is None or run.request.integration_id != integration.id:
        raise AnswerError(f"Run {run_id[:40]} is not available any more. Choose other answers.")
    return answers_of_run(run) if kind == _RUN else same_answers(run)


def _of_file(integration: Integration, handler: Handler, name: str) -> Answers:
    file = next((one for one in _files(integration, handler) if one.name == name), None)
    if file is None:
        raise AnswerError(f"There is no recording {name[:80]} of this handler any more. Choose other answers.")
    try:
        recording = read_recording(file)
    except RecordingError as error:
        raise AnswerError(str(error)) from error
    return Answers(AnswerSource.RECORDING, file.label, recording.exchanges, recording.noise)


def _files(integration: Integration, handler: Handler) -> list[RecordingFile]:
    folder = recording_file(integration.root, handler.name, "x").handler
    return [file for file in find_files(integration.root) if file.handler == folder]


def _options(integration: Integration, handler: Handler, chosen: str) -> tuple[Option, ...]:
    pairs = [("", "the network")]
    pairs += [
        (f"{_RUN}{number}", f"run {number} ({count(sent, 'exchange')})") for number, sent in _runs(integration, handler)
    ]
    pairs += [(f"{_FILE}{file.name}", f"recording {file.name}") for file in _files(integration, handler)]
    if chosen and chosen not in dict(pairs):
        pairs.append((chosen, _other(chosen)))
    return tuple(Option(value, text, value == chosen) for value, text in pairs)


def _runs(integration: Integration, handler: Handler) -> list[tuple[str, int]]:
    """The newest runs of the handler that sent something, in memory and kept: the id, and how many exchanges."""
    store, archive = app_context().store, app_context().config.archive
    held = store.list(integration_id=integration.id, kind=handler.kind, name=handler.name, limit=_RUNS)
    found = {run.id: len(run.outcome.exchanges) for run in held if run.outcome.status is not None}
    wanted = EntryFilter(integration.id, handler.kind, handler.name)
    kept = archive.recent(wanted, _RUNS) if archive else ()
    found = {str(entry.id): entry.summary.exchanges for entry in kept} | found
    newest = sorted(found.items(), key=lambda item: int(item[0]) if item[0].isdecimal() else 0, reverse=True)
    return [(number, sent) for number, sent in newest if sent][:_RUNS]


def _other(chosen: str) -> str:
    """What is chosen and is not in the list of today: the source of an earlier run, or what is gone."""
    name = chosen.partition(":")[2][:80]
    if not chosen.startswith(_SAME):
        return name
    run = app_context().store.get(name)
    return f"as for run {name}" + (f": {run.request.answers.label}" if run else "")


def _label(settings: RunSettings, options: tuple[Option, ...], in_file: int) -> str:
    """``Answers``, and what is not the default: ``Answers: run 17, 2 rules``."""
    parts = [one.text.partition(" (")[0] for one in options if one.chosen and one.value]
    rules = in_file + sum(bool(line.strip()) and line.lstrip()[0] != "#" for line in settings.rules.splitlines())
    parts += [count(rules, "rule")] if rules else []
    return f"Answers: {', '.join(parts)}" if parts else "Answers"
