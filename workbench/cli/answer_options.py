"""The answers of a run, from the options of the command line and the ``workbench.toml`` beside ``config.json``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.answer_rules import RuleError, parse_rule, read_answer_settings, with_saved_rules
from workbench.answer_rules.answer_settings import AnswerSettings
from workbench.catalog.workbench_toml import read_workbench_toml
from workbench.cli.failure import CannotRun
from workbench.cli.recorded_answers import LIVE, read_answers
from workbench.domain import Answers, OnUnmatched, Rule


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What was asked for: ``answers`` is ``live``, a file or a run's number, empty for what ``workbench.toml`` says.
    ``on_unmatched`` is None for what that says.

    ``rules`` are lines, which come before those of ``workbench.toml``; without ``use_file`` that is not read.
    """

    answers: str = ""
    rules: tuple[str, ...] = ()
    on_unmatched: OnUnmatched | None = None
    history: str = ""
    use_file: bool = True


def answers_of(root: Path, options: AnswerOptions) -> Answers:
    """The answers for a run of the integration at ``root``. Raises :class:`CannotRun`.

    An error in ``workbench.toml`` ends the command: without its rule, requests would go to the real host.
    """
    settings = _settings(root) if options.use_file else AnswerSettings()
    source = options.answers or (str(root / settings.recording) if settings.recording else LIVE)
    found = read_answers(source, options.history)
    made = replace(
        found,
        on_unmatched=options.on_unmatched or settings.on_unmatched,
        skip_waits=settings.skip_waits,
        rules=_rules(options.rules),
    )
    return with_saved_rules(made, settings) if options.use_file else made


def _settings(root: Path) -> AnswerSettings:
    settings = read_answer_settings(read_workbench_toml(root))
    if settings.errors:
        told = "\n".join(map(str, settings.errors))
        raise CannotRun(f"{told}\nCorrect this, or run with --no-rules.")
    return settings


def _rules(lines: Sequence[str]) -> tuple[Rule, ...]:
    found = []
    for line in lines:
        try:
            found.append(parse_rule(line))
        except RuleError as error:
            raise CannotRun(f"--rule {line!r}: {error}") from error
    return tuple(found)
