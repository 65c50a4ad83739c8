"""The version that a change asks for, by semantic versioning."""

import re
from dataclasses import dataclass
from enum import IntEnum

_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+].*)?", re.ASCII)


class Bump(IntEnum):
    """The part of a version that has to be raised."""

    NONE = 0
    MINOR = 1
    MAJOR = 2


@dataclass(frozen=True, slots=True)
class VersionBump:
    """The versions in the old and the new file, as written, and the bump that the changes ask for."""

    old: str
    new: str
    bump: Bump

    @property
    def needed(self) -> str | None:
        """The lowest version that the changes ask for; None where the old one is not a version."""
        parts = _parts(self.old)
        if parts is None:
            return None
        if self.bump is Bump.NONE:
            return self.old
        major, minor, _ = parts
        return f"{major + 1}.0.0" if self.bump is Bump.MAJOR else f"{major}.{minor + 1}.0"

    @property
    def is_enough(self) -> bool:
        """Whether the new version is at least the one that is needed."""
        new, needed = _parts(self.new), _parts(self.needed or "")
        return new is not None and needed is not None and new >= needed


def _parts(version: str) -> tuple[int, int, int] | None:
    """Major, minor and patch; missing ones are 0."""
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        return None
    major, minor, patch = (int(part or 0) for part in match.groups())
    return major, minor, patch
