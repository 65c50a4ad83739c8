"""What of the branches of an error may travel, and that it says where something was left out."""

from typing import Any

from workbench.domain import ValidationError
from workbench.schema import diagnose, limit_branches
from workbench.schema.bounds import BRANCHES, DEPTH, REQUIREMENTS


def limited(schema: Any, value: Any) -> ValidationError:
    """The one error of the value, within its bounds."""
    (error,) = limit_branches(diagnose(schema, value).errors)
    return error


def branching(count: int) -> dict[str, Any]:
    """A choice of many branches, of which the last is the closest to ``{"last": 1}``."""
    many = [{"required": [f"p{index}"], "properties": {f"p{index}": {}}} for index in range(count - 1)]
    return {"oneOf": [*many, {"required": ["last", "other"], "properties": {"last": {}, "other": {}}}]}


def test_few_branches_travel_whole() -> None:
    schema = branching(BRANCHES)
    (whole,) = diagnose(schema, {"last": 1}).errors
    assert limited(schema, {"last": 1}) == whole
    assert not whole.cut


def test_of_many_branches_the_first_and_the_closest_travel() -> None:
    error = limited(branching(BRANCHES + 10), {"last": 1})
    assert [branch.index for branch in error.branches] == [*range(BRANCHES), BRANCHES + 9]
    assert error.branches[-1].closest
    assert (error.branch_count, error.cut) == (BRANCHES + 10, True)


def test_of_many_requirements_the_first_travel() -> None:
    names = [f"n{index}" for index in range(REQUIREMENTS + 5)]
    error = limited({"anyOf": [{"type": "object", "required": names}, {"type": "null"}]}, {"x": 1})
    assert len(error.branches[0].requirements) == REQUIREMENTS
    assert len(error.branches[0].errors) == REQUIREMENTS
    assert error.cut


def test_branches_within_branches_end() -> None:
    schema: Any = {"type": "string"}
    for _ in range(DEPTH + 3):
        schema = {"oneOf": [schema, {"type": "null"}]}
    error, levels = limited(schema, 5), 0
    while error.branches and error.branches[0].errors:
        error, levels = error.branches[0].errors[0], levels + 1
    assert levels == DEPTH
