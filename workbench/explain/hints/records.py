"""What a poll returned that is no list of records."""

from workbench.domain import Kind, Run, Status
from workbench.explain.hints.evidence import Hint, hint, missing_method, returned_at
from workbench.explain.text import bare, prose

_EACH = prose('Write `{"id": …, "data": {…}}` for each record.')
_LIST = prose('Write `return [{"id": …, "data": {…}}]`; an empty list means nothing new.')


def of_return(run: Run) -> Hint | None:
    """Something else than a list, or records of another shape."""
    returned = run.outcome.returned
    if returned is None or run.request.kind is not Kind.TRIGGER or run.outcome.status is not Status.INVALID_OUTPUT:
        return None
    if (missing := missing_method(run)) is not None:
        return missing
    name, place = bare(returned.type_name), returned_at(run)
    if name != "list":
        what, code = ("nothing (`None`)", ()) if name == "NoneType" else ("a bare `{}`", (name,))
        if name in ("ActionResult", "ActionError"):
            what, code = "an `{}`", (name,)
        return hint(prose(f"The trigger returned {what}; a poll returns a list of records", *code), _LIST, place)
    if any(bare(part.type_name) in ("ActionResult", "ActionError") for part in returned.lossy):
        cause = prose(
            "The trigger returned an `ActionResult` within its records; a record’s `data` is the value itself"
        )
        return hint(cause, _EACH, place)
    first = run.outcome.errors[0] if run.outcome.errors else None
    if first is not None and not first.schema_pointer and first.keyword in ("required", "type"):
        cause = prose("`{}` is not a record with `id` and `data`", "/" + first.pointer.split("/")[1])
        return hint(cause, _EACH, place)
    return None
