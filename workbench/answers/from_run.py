"""The answers of a run that has finished, for another one."""

from dataclasses import replace

from workbench.answers.invented_values import invented_noise
from workbench.domain import Answers, AnswerSource, Run


def answers_of_run(run: Run, label: str = "") -> Answers:
    """Answers that repeat the exchanges of ``run``, whose secrets are masked: their names stand in what is repeated.

    The worker puts the new run's own values in the place of names that it knows, and made-up ones for others.
    Identifiers and times that the code made up are matched by their kind.
    """
    return Answers(AnswerSource.RECORDING, label or f"run {run.id}", run.outcome.exchanges, invented_noise(run))


def same_answers(run: Run) -> Answers:
    """The answers that ``run`` had, for another one; where the recording was not stored, what was used of it."""
    answers = run.request.answers
    if answers.source is AnswerSource.LIVE or answers.recorded:
        return answers
    return replace(answers, recorded=run.outcome.exchanges, noise=answers.noise or invented_noise(run))
