"""The form field of an error: the ids that it may have on its page, itself first, then what contains it."""

from dataclasses import dataclass

from workbench.domain import ValidationError
from workbench.forms.draft import ROOT_ID, branch_id, member_id, row_id
from workbench.jsondoc import pointer as pointers

PREFIXES = {"input": "inputs", "auth": "auth"}
_DEEPEST = 12
"""Levels that are followed; a deeper error leads to the field that contains it."""
_BRANCHES = 4
"""Branches of a choice in which a field is searched."""
_MOST = 24
"""Ids of one level at most."""


@dataclass(frozen=True, slots=True)
class FieldAnchor:
    """Where a form has, or would have, a place. ``ids`` are its own, ``around`` those of what contains it, inner first.

    ``name`` is its name as a property of an object; empty for the whole value.
    """

    ids: tuple[str, ...]
    around: tuple[str, ...]
    name: str = ""

    @property
    def every(self) -> str:
        """All ids, as an attribute of HTML lists them."""
        return " ".join((*self.ids, *self.around))


def find_field(error: ValidationError) -> FieldAnchor | None:
    """The field; None for outputs, which have no form."""
    if error.where not in PREFIXES:
        return None
    tokens = pointers.split(error.pointer)
    level, around = [ROOT_ID], list[str]()
    for token in tokens[:_DEEPEST]:
        level, around = [each for parent in level for each in _below(parent, token)][:_MOST], level + around
    prefix = PREFIXES[error.where]
    reached = len(tokens) <= _DEEPEST
    own, outer = (tuple(f"{prefix}-{each}" for each in ids) for ids in (level, around))
    return FieldAnchor(own, outer, tokens[-1] if tokens and reached else "")


def _below(parent: str, token: str) -> list[str]:
    holders = [parent, *(branch_id(parent, index) for index in range(_BRANCHES))]
    make = row_id if token.isdigit() else member_id
    return [make(holder, token) for holder in holders]
