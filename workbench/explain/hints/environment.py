"""An environment variable that the code reads and that is not set."""

import re
from dataclasses import replace

from workbench.domain import ErrorInfo, ReadPlace, Run
from workbench.domain.error_facts import missing_key, missing_variable
from workbench.explain.code_locations import CodeLocation
from workbench.explain.hints import reported
from workbench.explain.hints.evidence import Hint, credential_hint, raised_at
from workbench.explain.text import prose

_MOST_NAMES = 3
_CREDENTIAL = re.compile(
    "NoneType|credential|token|secret|password|api.?key|environment|config|not set|missing|required|auth", re.IGNORECASE
)
"""What an error may say that comes of a missing variable."""
_FIX = "set it on the Auth page, with `--env {}=VALUE`, or in the terminal that starts the workbench."


def of_error(run: Run, error: ErrorInfo) -> Hint | None:
    """The variable that a subscript of ``os.environ`` did not find."""
    name = missing_key(error)
    place = next((read for read in run.request.reads.unset if read.name == name), None)
    if place is None and not missing_variable(error):
        return None
    return _hint(name, raised_at(run, error) or (_location(place) if place else None))


def of_report(run: Run) -> Hint | None:
    """A variable that is read and not set, where the run reports an error that names it, or that it may explain.

    In the second case it may have a default, so this is no more than a possible cause.
    """
    unset, text = run.request.reads.unset, reported.message(run)
    if text is None or not unset:
        return None
    named = next((read for read in unset if reported.names(text, read.name)), None)
    if named is not None:
        return _hint(named.name, _location(named))
    if not _CREDENTIAL.search(text) and not reported.is_rejected(run):
        return None
    first, *others = unset
    template = "The environment variable `{}` is not set" + ", nor `{}`" * len(others[: _MOST_NAMES - 1])
    cause = prose(template, first.name, *(read.name for read in others[: _MOST_NAMES - 1]))
    fix = prose(f"If the error comes from it, {_FIX}", first.name)
    return replace(credential_hint(cause, fix, _location(first)), beside=True)


def _hint(name: str, place: CodeLocation | None) -> Hint:
    fix = prose(_FIX[0].upper() + _FIX[1:], name)
    return credential_hint(prose("The environment variable `{}` is not set", name), fix, place)


def _location(read: ReadPlace) -> CodeLocation:
    return CodeLocation(read.file, read.line)
