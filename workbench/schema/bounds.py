"""Errors small enough to travel: the branches of a ``oneOf`` that they carry are limited."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.domain import Branch, ValidationError

PARTS = 20_000
"""Branches, requirements and errors within branches that all errors of one value carry together."""
BRANCHES = 20
"""Branches of one error; the closest is always among them."""
REQUIREMENTS = 20
"""Requirements of one branch, and as many errors."""
DEPTH = 3
"""Levels of branches within branches."""


def limit_branches(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """The errors with as much of their branches as may travel; ``cut`` says where something was left out."""
    left = PARTS
    for error in errors:
        if not error.branches:
            yield error
            continue
        made = _limited(error, DEPTH if left > 0 else 0)
        left -= _parts(made)
        yield made


def _limited(error: ValidationError, depth: int) -> ValidationError:
    cause = _limited(error.cause, depth) if error.cause else None
    if depth == 0:
        branches = tuple(replace(each, requirements=(), errors=(), names=()) for each in error.branches if each.closest)
        return replace(error, branches=branches, cause=cause, cut=error.cut or branches != error.branches)
    shown = [each for each in error.branches if each.index < BRANCHES or each.closest]
    branches = tuple(_branch(each, depth - 1) for each in shown)
    cut = len(shown) < len(error.branches) or any(_is_cut(each) for each in shown)
    return replace(error, branches=branches, cause=cause, cut=error.cut or cut)


def _branch(branch: Branch, depth: int) -> Branch:
    errors = tuple(_limited(each, depth) for each in branch.errors[:REQUIREMENTS])
    return replace(
        branch, requirements=branch.requirements[:REQUIREMENTS], errors=errors, names=branch.names[: 5 * REQUIREMENTS]
    )


def _is_cut(branch: Branch) -> bool:
    return len(branch.requirements) > REQUIREMENTS or len(branch.errors) > REQUIREMENTS


def _parts(error: ValidationError) -> int:
    inner = _parts(error.cause) if error.cause else 0
    return inner + sum(
        1 + len(branch.requirements) + sum(1 + _parts(each) for each in branch.errors) for branch in error.branches
    )
