"""Checks ``requirements.txt`` against what the code imports and against what is installed."""

import ast
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from autohive_integrations_sdk.contracts import DEPENDENCIES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from workbench.catalog.check_registry import finding
from workbench.catalog.python_source import SDK_PACKAGE, Module
from workbench.catalog.requirements import SDK, Requirements, applies, parse_requirement, required_name
from workbench.domain import Finding

_OTHERWISE_CALLED = {
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "dateutil": ("python-dateutil",),
    "docx": ("python-docx",),
    "dotenv": ("python-dotenv",),
    "fitz": ("pymupdf",),
    "github": ("pygithub",),
    "icalendar": ("icalendar",),
    "jose": ("python-jose",),
    "jwt": ("pyjwt",),
    "magic": ("python-magic",),
    "nacl": ("pynacl",),
    "openssl": ("pyopenssl",),
    "pil": ("pillow",),
    "pptx": ("python-pptx",),
    "serial": ("pyserial",),
    "sklearn": ("scikit-learn",),
    "slugify": ("python-slugify",),
    "yaml": ("pyyaml",),
}
"""Packages whose name on the index is not the one they are imported by."""

_FAMILIES = {"google": ("google-", "grpc", "protobuf"), "googleapiclient": ("google-",), "azure": ("azure-",)}
"""Namespaces that many distributions share: one of them in the file is taken to be the right one."""

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


def is_required(name: str, required: set[str]) -> bool:
    """Whether one of the required packages is, or may be, the one that a top-level name is imported from."""
    called = {canonicalize_name(name), *_OTHERWISE_CALLED.get(name.lower(), ())}
    families = _FAMILIES.get(name.lower(), (f"{canonicalize_name(name)}-",))
    return bool(called & required) or any(entry.startswith(families) for entry in required)


def _is_known(root: Path, name: str, path: str, required: set[str]) -> bool:
    if name in sys.stdlib_module_names or name in _WITH_THE_SDK or name == SDK_PACKAGE:
        return True
    if is_required(name, required):
        return True
    places = (root, (root / path).parent, root / DEPENDENCIES)
    return any((place / name).is_dir() or (place / f"{name}.py").is_file() for place in places)


def check_installed(root: Path, requirements: Requirements) -> Iterator[Finding]:
    """A warning for each requirement that is missing or has another version. The SDK is the workbench's own."""
    for line in requirements.lines:
        wanted = _wanted(line.text)
        if wanted is not None and (found := _problem(root, wanted)):
            yield finding("requirements-not-installed", line.file, line.line, 1, wanted=str(wanted), found=found)


def _wanted(entry: str) -> Requirement | None:
    requirement = parse_requirement(entry)
    if requirement is None or not applies(requirement) or canonicalize_name(requirement.name) == SDK:
        return None
    return requirement


def _problem(root: Path, wanted: Requirement) -> str:
    """Why the requirement is not met, as the end of a sentence; empty if it is met."""
    for place, where in (
        (str(root / DEPENDENCIES), f"{DEPENDENCIES}/ contains"),
        (None, "the workbench's environment contains"),
    ):
        version = _version(wanted.name, place)
        if version is not None:
            return "" if _allows(wanted, version) else f"{where} {version}"
    return "it is not installed"


def _version(name: str, place: str | None) -> str | None:
    path = sys.path if place is None else [place]
    found = next(iter(metadata.distributions(name=name, path=path)), None)
    return None if found is None else found.version


def _allows(wanted: Requirement, version: str) -> bool:
    try:
        return wanted.specifier.contains(version, prereleases=True)
    except InvalidVersion:
        return True
