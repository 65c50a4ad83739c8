"""Whether what ``requirements.txt`` asks for is installed where an import would find it."""

import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from workbench.catalog.check_registry import finding
from workbench.catalog.requirements import NAME, SDK, Requirements, applies
from workbench.domain import Finding


def check_installed(root: Path, requirements: Requirements) -> Iterator[Finding]:
    """A warning for each requirement that is not there, or there in another version. The SDK is the workbench's."""
    for entry, line in zip(requirements.entries, requirements.lines, strict=True):
        wanted = _wanted(entry)
        if wanted is not None and (found := _trouble(root, wanted)):
            yield finding("requirements-not-installed", NAME, line, 1, wanted=str(wanted), found=found)


def _wanted(entry: str) -> Requirement | None:
    try:
        requirement = Requirement(entry)
    except InvalidRequirement:
        return None
    return requirement if applies(requirement) and canonicalize_name(requirement.name) != SDK else None


def _trouble(root: Path, wanted: Requirement) -> str:
    """What is wrong with the installed package, empty where nothing is."""
    for place, where in ((str(root / DEPENDENCIES), f"{DEPENDENCIES}/ holds"), (None, "there is")):
        version = _version(wanted.name, place)
        if version is not None:
            return "" if _fits(wanted, version) else f"{where} {version}"
    return "it is not installed"


def _version(name: str, place: str | None) -> str | None:
    path = sys.path if place is None else [place]
    found = next(iter(metadata.distributions(name=name, path=path)), None)
    return None if found is None else found.version


def _fits(wanted: Requirement, version: str) -> bool:
    try:
        return wanted.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return True
