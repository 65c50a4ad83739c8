"""The changes between two versions of an integration, as values."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.compatibility.version_bump import Bump, VersionBump
from workbench.domain import ABSENT, JSON, Absent


class Verdict(StrEnum):
    """Whether a change breaks the users of the integration. ``UNKNOWN`` means that nothing proved or disproved it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Where a schema stands: callers send values to an input, and get those of an output."""

    INPUT = "input"
    OUTPUT = "output"


class Part(StrEnum):
    """The part of an integration that changed."""

    ACTION = "action"
    TRIGGER = "trigger"
    ACCOUNT = "account"
    AUTH = "auth"


class ChangeKind(StrEnum):
    """What changed. ``NARROWED``: fewer values are valid than before; ``WIDENED``: more; ``CHANGED``: both."""

    ADDED = "added"
    REMOVED = "removed"
    PROPERTY_ADDED = "property-added"
    PROPERTY_REMOVED = "property-removed"
    NOW_REQUIRED = "now-required"
    NOW_OPTIONAL = "now-optional"
    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, from the old ``config.json`` to the new one.

    ``name`` is the handler's, empty for ``auth``. ``side`` is None where no schema is concerned. ``pointer`` is the
    place in the new file (of the closest parent for what is gone), ``line`` its line there. ``data_pointer`` is the
    place in a value that the change concerns. ``example`` is the smallest value found that was valid and no longer is
    (input), or that may come and was not promised (output). ``renamed_to`` is the new handler that a removed one
    has likely become.
    """

    kind: ChangeKind
    part: Part
    name: str
    side: Side | None
    breaking: Verdict
    pointer: str
    line: int | None = None
    data_pointer: str = ""
    example: JSON | Absent = ABSENT
    renamed_to: str = ""

    @property
    def bump(self) -> Bump:
        """The part of the version that this change asks to raise, where it stands alone."""
        if self.breaking is Verdict.YES:
            return Bump.MAJOR
        return Bump.MINOR


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes between two versions, the breaking ones first, and the version that they ask for."""

    changes: tuple[Change, ...]
    version: VersionBump

    @property
    def breaking(self) -> Verdict:
        """``YES`` if one change breaks, ``UNKNOWN`` if none does and one could not be decided."""
        verdicts = {change.breaking for change in self.changes}
        return next((one for one in (Verdict.YES, Verdict.UNKNOWN) if one in verdicts), Verdict.NO)
