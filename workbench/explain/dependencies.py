"""How the requirements of an integration stand, in words."""

from collections.abc import Iterable

from workbench.domain import (
    Dependencies,
    Dependency,
    DependencyState,
    ImportedPackage,
    Outcome,
    PackagePlace,
    SdkSource,
)
from workbench.explain.text import count

STATE_WORDS = {
    DependencyState.INSTALLED: "installed",
    DependencyState.MISSING: "missing",
    DependencyState.DIFFERS: "other release",
    DependencyState.UNKNOWN: "not compared",
    DependencyState.NOT_NEEDED: "not needed here",
    DependencyState.SDK: "workbench's own SDK",
}
"""The word for each state, the same on pages and in the command."""


def summary(dependencies: Dependencies) -> str:
    """``2 requirements missing``; empty where there is nothing to install."""
    missing = _number(dependencies, DependencyState.MISSING)
    differing = _number(dependencies, DependencyState.DIFFERS)
    parts = [f"{count(missing, 'requirement')} missing"] if missing else []
    noun = "" if missing else f" {'requirement' if differing == 1 else 'requirements'}"
    parts += [f"{differing}{noun} of another release"] if differing else []
    return ", ".join(parts)


def situation(one: Dependency) -> str:
    """What is there instead of an unmet requirement, as the end of a sentence."""
    if one.vendored:
        return f"dependencies/ contains {one.vendored}"
    return f"the workbench's environment contains {one.environment}" if one.environment else "it is not installed"


def listed(some: Iterable[Dependency], most: int = 3) -> str:
    """The requirements as written, the first ``most`` of them."""
    texts = [one.text for one in some]
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


PLACE_WORDS = {
    PackagePlace.DEPENDENCIES: "dependencies/",
    PackagePlace.ENVIRONMENT: "environment",
    PackagePlace.SDK: "beside the SDK",
}
"""The word for where a package was imported from."""


SDK_WORDS = {
    SdkSource.OURS: "the workbench's own",
    SdkSource.VENDORED: "from dependencies/",
    SdkSource.RELEASE: "the published one",
}
"""The words for where the SDK of a run came from."""


def vendored(outcome: Outcome) -> tuple[ImportedPackage, ...]:
    """The packages that a run imported from ``dependencies/``."""
    return tuple(one for one in outcome.packages if one.place is PackagePlace.DEPENDENCIES)


def _number(dependencies: Dependencies, state: DependencyState) -> int:
    return sum(one.state is state for one in dependencies.requirements)
