"""How each value of a run stands against its schema."""

from dataclasses import dataclass

from workbench.domain import Run, RunState
from workbench.explain import validation_errors
from workbench.explain.text import bare, count
from workbench.web.runs.validated_value import subject


@dataclass(frozen=True, slots=True)
class Check:
    """How one value stands against its schema: ``passed``, ``warned``, ``refused`` or ``unchecked``, with the reason.

    ``drawn`` tells whether there are two sides to look at.
    """

    where: str
    title: str
    state: str
    text: str
    drawn: bool


def check(run: Run, where: str) -> Check:
    """How ``where`` (``auth``, ``input`` or ``output``) stands."""
    of = validation_errors.judged(run, where)
    title = {"auth": "Auth", "input": "Inputs", "output": "Output"}[where]
    state, text = _state(run, where, of)
    return Check(where, title, state, text, subject(run, where) is not None)


def _state(run: Run, where: str, of: validation_errors.Judged) -> tuple[str, str]:
    found = sum(problem.where == where for problem in run.outcome.problems)
    warned = sum(warning.where == where for warning in run.outcome.warnings)
    if found:
        return "refused", count(found, "error")
    if of.schema in (None, {}):
        return "unchecked", "no schema declared"
    returned = run.outcome.returned
    if where == "output" and returned is None:
        live = run.outcome.state is not RunState.FINISHED
        return "unchecked", "not returned yet" if live else "no return value"
    if where == "output" and returned and bare(returned.type_name) == "ActionError":
        return "unchecked", "an ActionError has no schema"
    return ("warned", f"valid, {count(warned, 'warning')}") if warned else ("passed", "valid")
