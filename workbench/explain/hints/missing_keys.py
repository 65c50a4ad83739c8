"""A key that the code reads of the inputs or the metadata, and that is not there."""

from workbench.domain import ErrorInfo, KeySource, MissingKey, Run
from workbench.explain.hints.evidence import Hint, hint, raised_at
from workbench.explain.text import Sentence, prose
from workbench.jsondoc import pointer as pointers
from workbench.schema.similarity import similar

_LISTED = 8


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """A ``KeyError`` of the inputs or of ``context.metadata``, in whatever module or function it was raised."""
    missing = error.missing
    if missing is None or missing.source not in (KeySource.INPUTS, KeySource.METADATA):
        return None
    keys = ", ".join(missing.keys[:_LISTED])
    has = prose("; the keys are `{}`", keys) if keys else prose("; it is empty")
    if missing.source is KeySource.METADATA:
        fix = prose("Add it on the Auth page or with `--metadata`, or read it with `.get`.")
        return hint(prose("`context.metadata` has no key `{}`", missing.key) + has, fix, raised_at(run, error))
    what = prose("`{}` of the inputs", missing.pointer) if missing.pointer else prose("`inputs`")
    cause = what + prose(" has no key `{}`", missing.key) + has
    return hint(cause, _fix(run, missing), raised_at(run, error))


def _fix(run: Run, missing: MissingKey) -> Sentence:
    if meant := similar(missing.key, missing.keys):
        return prose("Read `{}`, or give `{}`.", meant, missing.key)
    schema = run.request.input_schema
    for part in pointers.split(missing.pointer):
        inner = schema.get("items" if part.isdigit() else "properties") if isinstance(schema, dict) else None
        schema = inner if part.isdigit() or not isinstance(inner, dict) else inner.get(part)
    declared = schema.get("properties") if isinstance(schema, dict) else None
    if isinstance(declared, dict) and missing.key in declared:
        return prose("It is optional in `input_schema`: read it with `.get`, or list it in `required`.")
    return prose("`input_schema` does not declare it: declare and require it there, or read it with `.get`.")
