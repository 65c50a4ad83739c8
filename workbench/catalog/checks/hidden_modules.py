"""Files of the integration's folder that hide a module of the standard library or of a requirement."""

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES

from workbench.catalog.checks.requirements import WITH_THE_SDK
from workbench.catalog.code.module_walk import SDK_PACKAGE
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.packages.requirements import required_name
from workbench.domain import Finding
from workbench.domain.module_names import canonical_name, package_of

_HARMLESS = frozenset({"test", "this", "antigravity", "idlelib", "turtle", "turtledemo", "lib2to3", "__main__"})
"""Modules of the standard library that no program imports."""
_MAX_NAMES = 10_000


def check_hidden(root: Path, requirements: Sequence[str]) -> Iterator[Finding]:
    """A warning for each file or package directly in the folder that is imported instead of another module."""
    required = {name for entry in requirements if (name := required_name(entry))}
    for name, path in sorted(_modules(root)):
        if name in sys.stdlib_module_names and name not in _HARMLESS:
            hidden = f"the module {name} of Python"
        elif name in WITH_THE_SDK or name == SDK_PACKAGE:
            hidden = f"the module {name}, which the SDK needs"
        elif {canonical_name(name), canonical_name(package_of(name))} & required:
            hidden = f"the module {name} of a requirement"
        else:
            continue
        yield finding("module-hides-library", path, 1, 1, module=path, hidden=hidden)


def _modules(root: Path) -> Iterator[tuple[str, str]]:
    """The modules and packages in the folder: their names, and the paths of their files."""
    try:
        with os.scandir(root) as entries:
            for entry in islice(entries, _MAX_NAMES):
                name, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - names of a listing
                if suffix == ".py":
                    yield name, entry.name
                elif entry.name != DEPENDENCIES and (root / entry.name / "__init__.py").is_file():
                    yield entry.name, f"{entry.name}/__init__.py"
    except OSError:
        return
