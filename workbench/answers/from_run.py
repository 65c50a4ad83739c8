"""The answers of a run that has finished, for another one."""

from workbench.domain import Answers, AnswerSource, Run


def answers_of_run(run: Run, label: str = "") -> Answers:
    """Answers that repeat the exchanges of ``run``, whose secrets are masked: their names stand in what is repeated.

    The worker puts the new run's own values in the place of names that it knows, and made-up ones for others.
    """
    return Answers(AnswerSource.RECORDING, label or f"run {run.id}", run.outcome.exchanges)
