"""Whether ``requirements.txt`` names what the code imports."""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workbench.catalog.contracts import DEPENDENCIES
from workbench.catalog.requirements import NAME
from workbench.catalog.source import SDK_PACKAGE, Module
from workbench.domain import Finding, Severity

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
    required = {name for entry in requirements if (name := _name(entry))}
    told: set[str] = set()
    for module in modules:
        for name, line, column in _imports(module.tree):
            if name not in told and not _is_known(root, name, module.path, required):
                told.add(name)
                message = f"{name} is imported, and {NAME} does not name it."
                remedy = f"Add the package that holds {name} to {NAME}, so that it is installed with the integration."
                yield Finding(
                    "requirements-import", Severity.WARNING, message, remedy, module.path, line=line, column=column
                )


def _name(entry: str) -> str:
    try:
        return canonicalize_name(Requirement(entry).name)
    except InvalidRequirement:
        return ""


def _imports(tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """Top-level names of absolute imports with their places; those that a ``try`` guards are optional and left out."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], node.lineno, node.col_offset + 1
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0], node.lineno, node.col_offset + 1
        elif not isinstance(node, ast.Try):
            pending += ast.iter_child_nodes(node)


def _is_known(root: Path, name: str, path: str, required: set[str]) -> bool:
    if name in sys.stdlib_module_names or name in _WITH_THE_SDK or name == SDK_PACKAGE:
        return True
    called = {canonicalize_name(name), *_OTHERWISE_CALLED.get(name.lower(), ())}
    families = _FAMILIES.get(name.lower(), (f"{canonicalize_name(name)}-",))
    if called & required or any(entry.startswith(families) for entry in required):
        return True
    places = (root, (root / path).parent, root / DEPENDENCIES)
    return any((place / name).is_dir() or (place / f"{name}.py").is_file() for place in places)
