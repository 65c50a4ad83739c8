"""What an installed distribution says of itself: the packages that it requires, and the modules that it brings."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workbench.catalog.files.file_reader import UnreadableError, read_text
from workbench.catalog.packages import distributions
from workbench.catalog.packages.dependency_state import allows
from workbench.catalog.packages.requirements import SDK, applies, parse_requirement
from workbench.domain import Dependencies, Dependency

_MAX_BYTES = 2 * 1024 * 1024
_MOST_PACKAGES = 300


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """A requirement of an installed package that is not met; ``for_`` is the one of the integration that leads to it.

    ``release`` is the one that is installed instead, empty where there is none.
    """

    for_: Dependency
    package: str
    requirement: str
    release: str


def unmet_needs(root: Path, dependencies: Dependencies) -> Iterator[UnmetNeed]:
    """What the integration's installed requirements require in turn, each once, in the order of the requirements."""
    vendored, environment = distributions.vendored(root), distributions.environment()
    seen: set[str] = {one.name for one in dependencies.requirements}
    for one in dependencies.requirements:
        requirement = parse_requirement(one.text)
        pending = [(one.name, requirement.extras if requirement else set[str]())] if one.release else []
        while pending and len(seen) < _MOST_PACKAGES:
            name, extras = pending.pop(0)
            for need in _needs(root, name, extras) if name != SDK else ():
                needed = canonicalize_name(need.name)
                if needed in seen:
                    continue
                seen.add(needed)
                release = vendored.get(needed) or environment.get(needed, "")
                if release and (need.url or allows(need, release)):
                    pending.append((needed, need.extras))
                else:
                    yield UnmetNeed(
                        one, f"{name} {vendored.get(name) or environment.get(name, '')}", _text(need), release
                    )


def brings(root: Path, name: str, module: str) -> bool:
    """Whether the RECORD of the installed distribution ``name`` lists the top-level ``module``."""
    paths = [row[0] for row in csv.reader(_read(root, name, "RECORD").splitlines()) if row]
    starts = {path.partition("/")[0].partition(".")[0] for path in paths if path.endswith((".py", ".so", ".pyd"))}
    return module in starts


def _needs(root: Path, name: str, extras: set[str]) -> Iterator[Requirement]:
    head = _read(root, name, "METADATA").partition("\n\n")[0]
    for line in head.splitlines():
        field, _, value = line.partition(":")
        need = parse_requirement(value.strip()) if field == "Requires-Dist" else None
        if need is not None and (applies(need, "") or any(applies(need, extra) for extra in extras)):
            yield need


def _text(need: Requirement) -> str:
    """The requirement without its marker, which holds here."""
    need.marker = None
    return str(need)


def _read(root: Path, name: str, file: str) -> str:
    """A file of the distribution in ``dependencies/`` or else in the environment; empty where there is none."""
    places = [(root, root / DEPENDENCIES, f"{DEPENDENCIES}/")]
    places += [(folder, folder, "") for folder in distributions.environment_folders()]
    for base, folder, prefix in places:
        if entry := distributions.entry_of(folder, name):
            try:
                return read_text(base, f"{prefix}{entry}/{file}", most=_MAX_BYTES).text
            except UnreadableError:
                return ""
    return ""
