"""Each value of a run with the state of its validation."""

from dataclasses import dataclass

from workbench.domain import Run, RunState
from workbench.explain import validation_errors
from workbench.explain.text import bare, count
from workbench.web.runs.values.validated_value import subject


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """The state of one value, ``passed``, ``warning``, ``failed`` or ``unchecked``, and why in ``text``.

    ``has_data_and_schema`` tells whether data and schema can be shown side by side.
    """

    where: str
    title: str
    state: str
    text: str
    has_data_and_schema: bool


def check_value(run: Run, where: str) -> ValueCheck:
    """The check of ``where`` (``auth``, ``input`` or ``output``)."""
    of = validation_errors.value_and_schema(run, where)
    title = {"auth": "Auth", "input": "Inputs", "output": "Output"}[where]
    state, text = _state(run, where, of)
    return ValueCheck(where, title, state, text, subject(run, where) is not None)


def _state(run: Run, where: str, of: validation_errors.ValueAndSchema) -> tuple[str, str]:
    found = sum(error.where == where for error in run.outcome.errors)
    warnings = sum(warning.where == where for warning in run.outcome.warnings)
    if found:
        return "failed", count(found, "error")
    if of.schema in (None, {}):
        return "unchecked", "no schema declared"
    returned = run.outcome.returned
    if where == "output" and returned is None:
        live = run.outcome.state is not RunState.FINISHED
        return "unchecked", "not returned yet" if live else "no return value"
    if where == "output" and returned and returned.cut:
        return "unchecked", "too large to be checked here"
    if where == "output" and returned and bare(returned.type_name) == "ActionError":
        return "unchecked", "an ActionError has no schema"
    return ("warning", f"valid, {count(warnings, 'warning')}") if warnings else ("passed", "valid")
