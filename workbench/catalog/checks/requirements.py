"""Checks ``requirements.txt`` against what the code imports and against what is installed."""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES

from workbench.catalog.code.module_facts import ModuleFacts
from workbench.catalog.code.module_walk import SDK_PACKAGE
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.packages.distribution_files import brings, unmet_needs
from workbench.catalog.packages.requirements import required_name
from workbench.domain import Dependencies, Dependency, Finding
from workbench.domain.module_names import is_required

WITH_THE_SDK = frozenset({"aiohttp", "jsonschema", "yarl", "multidict", "attrs", "referencing", "attr"})
"""Modules that come with the SDK."""

_NAMED = 3
"""Packages that a finding about one requirement names."""


def check_imports(root: Path, modules: Sequence[ModuleFacts], requirements: Sequence[str]) -> Iterator[Finding]:
    """A warning for each package that is imported and neither required, nor installed, nor the integration's own."""
    required = {name for entry in requirements if (name := required_name(entry))}
    known: set[str] = set()
    for module in modules:
        for each in module.imports:
            name = each.module.partition(".")[0]
            if each.guarded or each.level or name in known:
                continue
            known.add(name)
            if not _is_known(root, name, module.path, required) and not any(
                brings(root, one, name) for one in required
            ):
                yield finding("requirements-import", module.path, each.line, each.column, name=name)


def _is_known(root: Path, name: str, path: str, required: set[str]) -> bool:
    if name in sys.stdlib_module_names or name in WITH_THE_SDK or name == SDK_PACKAGE:
        return True
    if is_required(name, required):
        return True
    places = (root, (root / path).parent, root / DEPENDENCIES)
    return any((place / name).is_dir() or (place / f"{name}.py").is_file() for place in places)


def check_installed(dependencies: Dependencies) -> Iterator[Finding]:
    """A warning for each requirement that is missing or has another release. The SDK is the workbench's own."""
    for one in dependencies.unmet:
        yield finding(
            "requirements-not-installed", one.file, one.line, 1, file=one.file, wanted=one.text, found=_found(one)
        )


def check_needs(root: Path, dependencies: Dependencies) -> Iterator[Finding]:
    """A warning for each requirement of which an installed package requires in turn what is not there."""
    for one, needs in groupby(unmet_needs(root, dependencies), lambda need: need.for_):
        texts = [f"{need.package} requires {need.requirement}, but {_instead(need.release)}" for need in needs]
        more = f"; and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
        needed = "; ".join(texts[:_NAMED]) + more
        yield finding("requirements-incomplete", one.file, one.line, 1, needed=needed)


def _instead(release: str) -> str:
    return f"{release} is installed" if release else "it is not installed"


def _found(one: Dependency) -> str:
    """What is there instead of a requirement, as the end of a sentence."""
    if one.vendored:
        return f"{DEPENDENCIES}/ contains {one.vendored}"
    return f"the workbench's environment contains {one.environment}" if one.environment else "it is not installed"
