"""What a change of a schema as a whole does to the contract with the users."""

from workbench.compatibility.changes import ChangeKind, Verdict
from workbench.compatibility.containment import covers, example
from workbench.domain import ABSENT, JSON


def schema_effect(old: JSON, new: JSON) -> ChangeKind | None:
    """``WIDENED``, ``NARROWED`` or ``CHANGED`` (both); None where the same values are valid, or nothing is proved."""
    wider, narrower = _accepts(new, old), _accepts(old, new)
    if Verdict.UNKNOWN in (wider, narrower):
        return None
    match wider is Verdict.YES, narrower is Verdict.YES:
        case True, True:
            return None
        case True, False:
            return ChangeKind.WIDENED
        case False, True:
            return ChangeKind.NARROWED
        case _:
            return ChangeKind.CHANGED


def _accepts(outer: JSON, inner: JSON) -> Verdict:
    """Whether ``outer`` accepts all of ``inner``; where nothing is proved, a value that it rejects decides."""
    verdict = covers(outer, inner)
    return Verdict.NO if verdict is Verdict.UNKNOWN and example(outer, inner) is not ABSENT else verdict
