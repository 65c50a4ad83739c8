"""Credentials that a run lacks because nobody filled them in, by the labels of their fields."""

from workbench.domain import JSON, Run, Side, Status, ValidationError
from workbench.jsondoc import pointer as pointers


def labels(run: Run) -> tuple[str, ...]:
    """The fields that are not filled in, where that is all that is wrong with the auth; else none."""
    if run.outcome.status is not Status.INVALID_AUTH or run.request.pasted:
        return ()
    errors = [error for error in run.outcome.errors if error.where is Side.AUTH]
    if not errors or not all(is_absent(error) for error in errors):
        return ()
    named = [_label(run.request.auth_schema, error.pointer) for error in errors]
    return tuple(dict.fromkeys(named)) if all(named) else ()


def is_absent(error: ValidationError) -> bool:
    """Whether nothing was filled in where a value is required: it is missing, or an empty text that must not be."""
    if error.in_schema or error.branches or error.hint is not None:  # a hint: it stands under another name
        return False
    empty = error.value is not None and (error.value.type, error.value.size) == ("string", 0)
    return (error.keyword == "required" and error.value is None) or (error.keyword == "minLength" and empty)


def _label(schema: JSON, pointer: str) -> str:
    """What the form calls the field: its ``label``, its title, or its name; empty where the form has no such field."""
    parts = pointers.split(pointer)
    for part in parts:
        members = schema.get("properties") if isinstance(schema, dict) else None
        if not isinstance(members, dict) or part not in members:
            return ""
        schema = members[part]
    for word in ("label", "title"):
        text = schema.get(word) if isinstance(schema, dict) else None
        if isinstance(text, str) and text.strip():
            return text.strip()
    return parts[-1] if parts else ""
