"""``closest_branch``: the branch of a choice that a value belongs to, by the rules that a diagnosis names one by."""

from collections.abc import Container, Sequence

from workbench.domain import JSON, Branch
from workbench.schema import branches, effort, guarded_validator, labels
from workbench.schema.effort import Effort, EffortSpent, limited
from workbench.schema.refs import follow
from workbench.schema.violations import MOST_IN_BRANCH, Explainer


def closest_branch(
    root: JSON, schemas: Sequence[JSON], value: JSON, *, among: Container[int] | None = None
) -> int | None:
    """The index of the branch that ``value`` is valid for, else of the closest; None where there is none to choose.

    ``schemas`` are the parts of a ``oneOf`` or ``anyOf`` within the document ``root``. Of several branches that the
    value is valid for it is the one that declares most of its properties, on a tie the first. ``among`` limits the
    answer to these indexes; what tells the branches apart is still looked up in all of them.
    """
    allowed = [index for index in range(len(schemas)) if among is None or index in among]
    if len(allowed) < 2:
        return allowed[0] if allowed else None
    rows = _rows_within_effort(root, schemas, value)
    if rows is None:
        return allowed[0]
    matched = [row for row in rows if row.matched and row.index in allowed]
    if matched:
        names = value.keys() if isinstance(value, dict) else frozenset[str]()
        return max(matched, key=lambda row: sum(name in names for name in row.names)).index
    failed = [row for row in rows if not row.matched]
    choice = branches.choose(failed, value, "")
    if choice is None or choice.branch.index not in allowed:
        choice = branches.choose([row for row in failed if row.index in allowed], value, "")
    return choice.branch.index if choice else allowed[0]


def _rows_within_effort(root: JSON, schemas: Sequence[JSON], value: JSON) -> list[Branch] | None:
    """The branches, compared thoroughly, else with economy; None where both take too long."""
    for spent in (Effort.thorough(value), Effort.restrained(value)):
        try:
            with limited(spent):
                return _rows(root, schemas, value)
        except EffortSpent:
            continue
    return None


def _rows(root: JSON, schemas: Sequence[JSON], value: JSON) -> list[Branch]:
    """Each branch with its errors. One that cannot be tried has none and did not match either."""
    explainer, whole = Explainer(root), guarded_validator.prepare(root)
    rows = []
    for index, schema in enumerate(schemas):
        found = guarded_validator.run_within(whole, schema, value, most=MOST_IN_BRANCH)
        names = labels.names(root, follow(root, schema))
        errors = explainer.branch_errors(found.errors, follows_branches=not effort.is_economical())
        rows.append(Branch(index, "", "", found.is_clean, errors=errors, names=names))
    return rows
