"""The form field of a fault: the ids that it may have on its page, itself first, then what contains it."""

from workbench.domain import Problem
from workbench.forms.draft import ROOT_ID, branch_id, member_id, row_id
from workbench.web.presenters import pointers

PREFIXES = {"input": "inputs", "auth": "auth"}
_DEEPEST = 12
"""Levels that are followed; a deeper fault leads to the field that contains it."""
_BRANCHES = 4
"""Branches of a choice in which a field is looked for."""
_MOST = 24
"""Ids of one level that are kept."""


def fields(problem: Problem) -> tuple[str, ...]:
    """The ids; empty for outputs, which have no form."""
    if problem.where not in PREFIXES:
        return ()
    level, found = [ROOT_ID], [ROOT_ID]
    for token in pointers.split(problem.pointer)[:_DEEPEST]:
        level = [each for parent in level for each in _below(parent, token)][:_MOST]
        found = level + found
    return tuple(f"{PREFIXES[problem.where]}-{each}" for each in found)


def _below(parent: str, token: str) -> list[str]:
    holders = [parent, *(branch_id(parent, index) for index in range(_BRANCHES))]
    make = row_id if token.isdigit() else member_id
    return [make(holder, token) for holder in holders]
