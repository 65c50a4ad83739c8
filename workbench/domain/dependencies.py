"""What an integration requires, and what of it is installed: in its ``dependencies/`` or beside the workbench."""

from dataclasses import dataclass
from enum import StrEnum


class DependencyState(StrEnum):
    """How a requirement stands.

    ``UNKNOWN``: it names no release that could be compared, as a URL or a path. ``NOT_NEEDED``: it is for another
    Python or system. ``SDK``: the one on the SDK, for which the workbench has its own.
    """

    INSTALLED = "installed"
    MISSING = "missing"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"
    SDK = "sdk"


@dataclass(frozen=True, slots=True)
class Dependency:
    """A requirement as written, and the releases installed: ``vendored`` in ``dependencies/``, ``environment`` beside
    the workbench; each empty where there is none. ``name`` is canonical, empty where the requirement names no package.
    """

    text: str
    name: str
    file: str
    line: int
    state: DependencyState
    vendored: str = ""
    environment: str = ""

    @property
    def is_met(self) -> bool:
        """Whether there is nothing to install for it, as far as that is known."""
        return self.state not in (DependencyState.MISSING, DependencyState.DIFFERS)

    @property
    def release(self) -> str:
        """The release that a run imports; empty where there is none."""
        return self.vendored or self.environment


@dataclass(frozen=True, slots=True)
class ReplacedPackage:
    """A package of the workbench's environment, of which ``dependencies/`` holds another release.

    ``vendored`` is empty where that release does not say which it is.
    """

    name: str
    vendored: str
    environment: str


REIMPORTED = frozenset({"jsonschema", "msgspec"})
"""Packages of which a worker can import another release later: our SDK imports the first at each use, and the worker
has bound what it needs of the second, whose machine code can be loaded twice.

Every release of the SDK requires jsonschema 4.17.3, so almost every installed folder replaces that one.
"""


class PackagePlace(StrEnum):
    """Where a package was imported from; ``SDK`` is the folder of a published release of the SDK."""

    DEPENDENCIES = "dependencies"
    ENVIRONMENT = "environment"
    SDK = "sdk"


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """A package that a run imported, by its canonical name."""

    name: str
    release: str
    place: PackagePlace


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The requirements in pip's order, and the packages that ``dependencies/`` replaces.

    ``sdk`` is the release of the SDK in ``dependencies/``, empty where there is none.
    """

    requirements: tuple[Dependency, ...] = ()
    replaced: tuple[ReplacedPackage, ...] = ()
    sdk: str = ""

    @property
    def unmet(self) -> tuple[Dependency, ...]:
        """The requirements that are missing or installed in another release."""
        return tuple(one for one in self.requirements if not one.is_met)
