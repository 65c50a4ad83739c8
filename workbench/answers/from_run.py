"""The answers of a run that has finished, for another one."""

from dataclasses import replace

from workbench.answers.invented_values import invented_noise
from workbench.domain import Answers, AnswerSource, Exchange, Run


def answers_of_run(run: Run, label: str = "") -> Answers:
    """Answers that repeat the exchanges of ``run``, whose secrets are masked: their names stand in what is repeated.

    The worker puts the new run's own values in the place of names that it knows, and made-up ones for others.
    Identifiers and times that the code made up are matched by their kind.
    """
    return Answers(AnswerSource.RECORDING, label or f"run {run.id}", _answered(run), invented_noise(run), of_run=run.id)


def same_answers(run: Run) -> Answers:
    """The answers that ``run`` had, for another one; where the recording was not stored, what was used of it."""
    answers = run.request.answers
    if answers.source is AnswerSource.LIVE or answers.recorded:
        return answers
    return replace(answers, recorded=_answered(run), noise=answers.noise or invented_noise(run))


def _answered(run: Run) -> tuple[Exchange, ...]:
    """The exchanges of a run without those that a recording had no answer to: another run would take that for one."""
    return tuple(
        one
        for one in run.outcome.exchanges
        if one.response is not None
        or (one.origin.unmatched is None and not (one.error is not None and one.error.is_unanswered))
    )
