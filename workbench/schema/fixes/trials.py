"""Trials of candidate changes: only those that remove the error and add none become fixes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

from genson import SchemaGenerationError

from workbench.domain import JSON, ValidationError
from workbench.jsondoc.patch import Patch, PatchError, apply
from workbench.schema.diagnose import Diagnosis, diagnose
from workbench.schema.fixes import data_fixes, schema_fixes
from workbench.schema.fixes.data_fixes import Candidate
from workbench.schema.schema_check import check_schema, is_valid

MOST = 4
"""Fixes for each target; a longer list would be a menu."""
MANY = 1000
"""Errors from which on changes of the data are not tried."""
SECONDS = 3.0
"""The time within which fixes are looked for; where each trial takes long, those found by then are all."""


class Target(StrEnum):
    """What a fix changes."""

    DATA = "data"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Fix:
    """A tested change: a JSON Patch for the data or the schema, and its title.

    ``remaining`` counts the other errors after it; ``earlier`` the earlier values that were tested, ``passing`` those
    of them that are valid after it.
    """

    target: Target
    patch: Patch
    title: str
    remaining: int = 0
    earlier: int = 0
    passing: int = 0


def find_fixes(schema: JSON, instance: JSON, error: ValidationError, earlier: Sequence[JSON] = ()) -> tuple[Fix, ...]:
    """Changes that remove ``error`` and add no other, the smallest first.

    A fix of the schema leaves it valid, and every ``earlier`` value that was valid under it stays so. Where a value has
    thousands of errors only the schema is tried: no change of one place would help it.
    """
    before = diagnose(schema, instance)
    deadline = monotonic() + SECONDS
    tries_data = not error.in_schema and len(before.errors) <= MANY
    data = _fixes_of_data(schema, instance, error, before, deadline) if tries_data else ()
    on_schema = _fixes_of_schema(schema, instance, error, before, earlier, deadline)
    return (*_first(data), *_first(on_schema))


def _until(deadline: float, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
    """The candidates, as long as there is time to try them; the first in any case."""
    for candidate in candidates:
        yield candidate
        if monotonic() > deadline:
            return


def _first(fixes: Iterable[Fix]) -> Iterator[Fix]:
    known: list[Patch] = []
    for fix in fixes:
        if fix.patch not in known:
            known.append(fix.patch)
            yield fix
        if len(known) == MOST:
            return


def _fixes_of_data(
    schema: Any, instance: Any, error: ValidationError, before: Diagnosis, deadline: float
) -> Iterator[Fix]:
    for title, patch in _until(deadline, _guesses(data_fixes.candidates(schema, instance, error))):
        try:
            after = diagnose(schema, apply(instance, patch))
        except (PatchError, TypeError):  # what cannot be copied cannot be tried
            continue
        if _better(before, after, error):
            yield Fix(Target.DATA, patch, title, len(after.errors))


def _fixes_of_schema(
    schema: Any, instance: Any, error: ValidationError, before: Diagnosis, earlier: Sequence[Any], deadline: float
) -> Iterator[Fix]:
    valid_before = [is_valid(schema, value) for value in earlier]
    for title, patch in _until(deadline, _guesses(schema_fixes.candidates(schema, instance, error))):
        try:
            changed = apply(schema, patch)
        except PatchError:
            continue
        broken = check_schema(changed)
        after = diagnose(changed, instance)
        known = {(each.schema_pointer, each.keyword) for each in before.schema_errors}
        if any((each.schema_pointer, each.keyword) not in known for each in broken) or not _better(
            before, after, error
        ):
            continue
        valid_after = [is_valid(changed, value) for value in earlier]
        if all(after_it for after_it, before_it in zip(valid_after, valid_before, strict=True) if before_it):
            yield Fix(Target.SCHEMA, patch, title, len(after.errors), len(earlier), sum(valid_after))


def _guesses(candidates: Iterator[Candidate]) -> Iterator[Candidate]:
    """The candidates up to the first that cannot be made, as for values that are not JSON and schemas that are none."""
    try:
        yield from candidates
    except (ArithmeticError, AttributeError, LookupError, RecursionError, SchemaGenerationError, TypeError, ValueError):
        return


def _better(before: Diagnosis, after: Diagnosis, error: ValidationError) -> bool:
    """Whether the error is gone and none has come that was not there."""
    old = {_key(each) for each in before.errors}
    new = {_key(each) for each in after.errors}
    return _key(error) not in new and new < old and not after.more


def _key(error: ValidationError) -> tuple[str, str, str]:
    return error.pointer, error.keyword, error.schema_pointer
