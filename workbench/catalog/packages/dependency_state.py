"""What an integration requires, held against its ``dependencies/`` and the workbench's environment."""

from collections.abc import Mapping
from pathlib import Path

from autohive_integrations_sdk.contracts import LineKind, RequirementLine
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from workbench.catalog.packages import distributions
from workbench.catalog.packages.requirements import SDK, Requirements, applies, parse_requirement, required_name
from workbench.domain import Dependencies, Dependency, DependencyState, ReplacedPackage


def read_dependencies(root: Path, requirements: Requirements) -> Dependencies:
    """How the requirements of a folder stand. Lists folders, opens nothing in them."""
    vendored, environment = distributions.vendored(root), distributions.environment()
    names = distributions.vendored_names(root) if vendored or (root / "dependencies").is_dir() else frozenset()
    return Dependencies(
        tuple(dependency(line, vendored, environment) for line in requirements.lines),
        tuple(_replaced(names, vendored, environment)),
        vendored.get(SDK, ""),
    )


def dependency(line: RequirementLine, vendored: Mapping[str, str], environment: Mapping[str, str]) -> Dependency:
    """How one requirement stands, given the releases of both places by canonical name."""
    name = required_name(line.text)
    found = Dependency(line.text, name, line.file, line.line, DependencyState.UNKNOWN)
    if not name:
        return found
    here, there = vendored.get(name, ""), environment.get(name, "")
    state = _state(line, here or there)
    return Dependency(line.text, name, line.file, line.line, state, here, "" if name == SDK else there)


def _state(line: RequirementLine, release: str) -> DependencyState:
    requirement = parse_requirement(line.text) if line.kind is LineKind.REQUIREMENT else None
    if requirement is not None and not applies(requirement):
        return DependencyState.NOT_NEEDED
    if required_name(line.text) == SDK:
        return DependencyState.SDK
    if not release:
        return DependencyState.MISSING
    if requirement is None or requirement.url:
        return DependencyState.UNKNOWN
    return DependencyState.INSTALLED if allows(requirement, release) else DependencyState.DIFFERS


def allows(requirement: Requirement, release: str) -> bool:
    """Whether a release is one of those that a requirement asks for."""
    try:
        return requirement.specifier.contains(release, prereleases=True)
    except InvalidVersion:
        return True


def _replaced(
    names: frozenset[str], vendored: Mapping[str, str], environment: Mapping[str, str]
) -> list[ReplacedPackage]:
    modules = {canonicalize_name(name.removesuffix(".py")) for name in names}
    return [
        ReplacedPackage(name, vendored.get(name, ""), release)
        for name, release in environment.items()
        if name != SDK and (name in vendored or name in modules) and vendored.get(name) != release
    ]
