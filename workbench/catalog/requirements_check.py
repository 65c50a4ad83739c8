"""Checks ``requirements.txt`` against what the code imports and against what is installed."""

import ast
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES

from workbench.catalog.check_registry import finding
from workbench.catalog.module_names import is_required
from workbench.catalog.python_source import SDK_PACKAGE, Module
from workbench.catalog.requirements import required_name
from workbench.domain import Dependencies, Dependency, Finding

_WITH_THE_SDK = frozenset({"aiohttp", "jsonschema", "yarl", "multidict", "attrs", "referencing", "attr"})


def check_imports(root: Path, modules: Sequence[Module], requirements: Sequence[str]) -> Iterator[Finding]:
    """A warning for each package that is imported and neither required, nor installed, nor the integration's own."""
    required = {name for entry in requirements if (name := required_name(entry))}
    reported: set[str] = set()
    for module in modules:
        for imported, line, column in imports(module.tree):
            name = imported.partition(".")[0]
            if name not in reported and not _is_known(root, name, module.path, required):
                reported.add(name)
                yield finding("requirements-import", module.path, line, column, name=name)


def imports(tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """What absolute imports name, with places; those that a ``try`` guards are optional and left out."""
    for node in unguarded_imports(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, node.col_offset + 1
        elif not node.level:
            yield node.module or "", node.lineno, node.col_offset + 1


def unguarded_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements outside of any ``try``."""
    pending: deque[ast.AST] = deque([tree])
    while pending:
        node = pending.popleft()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not isinstance(node, ast.Try | ast.TryStar):
            pending += ast.iter_child_nodes(node)


def _is_known(root: Path, name: str, path: str, required: set[str]) -> bool:
    if name in sys.stdlib_module_names or name in _WITH_THE_SDK or name == SDK_PACKAGE:
        return True
    if is_required(name, required):
        return True
    places = (root, (root / path).parent, root / DEPENDENCIES)
    return any((place / name).is_dir() or (place / f"{name}.py").is_file() for place in places)


def check_installed(dependencies: Dependencies) -> Iterator[Finding]:
    """A warning for each requirement that is missing or has another release. The SDK is the workbench's own."""
    for one in dependencies.unmet:
        yield finding("requirements-not-installed", one.file, one.line, 1, wanted=one.text, found=_found(one))


def _found(one: Dependency) -> str:
    """What is there instead of a requirement, as the end of a sentence."""
    if one.vendored:
        return f"{DEPENDENCIES}/ contains {one.vendored}"
    return f"the workbench's environment contains {one.environment}" if one.environment else "it is not installed"
