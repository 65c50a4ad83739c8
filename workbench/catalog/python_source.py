"""What the integration's own code says, read as text: which local modules it is made of, and what they register."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autohive_integrations_sdk.contracts import RESULT_NAMES

from workbench.catalog.check_registry import finding
from workbench.catalog.file_reader import MAX_SOURCE, UnreadableError, inside, read_text
from workbench.domain import Finding, Kind

SDK_PACKAGE = "autohive_integrations_sdk"

_DECORATORS = {kind.handler.decorator: kind for kind in Kind}
_MAX_MODULES = 200


@dataclass(frozen=True, slots=True)
class Registration:
    """A handler registered in the code. ``name`` is None where it is worked out at run time, empty for an account.

    ``always`` tells that the statement stands in the module itself, not in a branch or a function of it.
    """

    kind: Kind
    name: str | None
    path: str
    line: int
    column: int
    always: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the integration, parsed. ``path`` is relative to its folder."""

    path: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class UnreadableModule:
    """A module that was not read or does not parse, and what there is to say about it."""

    path: str
    finding: Finding


def modules(root: Path, entry_point: str) -> Iterator[Module | UnreadableModule]:
    """The entry point and every module inside the folder that it imports, directly or through others."""
    pending, seen = [entry_point], {entry_point}
    while pending and len(seen) <= _MAX_MODULES:
        module = _module(root, pending.pop(0))
        yield module
        if isinstance(module, Module):
            for path in _local_imports(root, module):
                if path not in seen:
                    seen.add(path)
                    pending.append(path)


def imports_results(module: Module) -> str | None:
    """The first of ``ActionResult``, ``ActionError``, ``FetchResponse`` that the module takes from the SDK, if any."""
    sdk_names: set[str] = set()
    star = False
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == SDK_PACKAGE:
            names = [alias.name for alias in node.names]
            found = next((name for name in RESULT_NAMES if name in names), None)
            if found:
                return found
            star |= "*" in names
            sdk_names |= {alias.asname or alias.name for alias in node.names if alias.name == "integration"}
        elif isinstance(node, ast.Import):
            sdk_names |= {
                alias.asname or SDK_PACKAGE for alias in node.names if alias.name.partition(".")[0] == SDK_PACKAGE
            }
    return next((name for name in _used(module.tree, sdk_names, star)), None)


def registrations(module: Module) -> Iterator[Registration]:
    """Every ``@x.action("name")``, ``@x.polling_trigger("name")`` and ``@x.connected_account()`` of a module."""
    top = {id(node.value if isinstance(node, ast.Expr) else node) for node in module.tree.body}
    for node in ast.walk(module.tree):
        calls = node.decorator_list if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
        calls = [node.func] if isinstance(node, ast.Call) else calls
        for call in calls:
            found = _registration(call, module.path, always=id(node) in top)
            if found:
                yield found


def _registration(call: ast.expr, path: str, *, always: bool) -> Registration | None:
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    kind = _DECORATORS.get(call.func.attr)
    if kind is None:
        return None
    given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "name"), None)
    name = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None
    return Registration(kind, "" if kind is Kind.ACCOUNT else name, path, call.lineno, call.col_offset + 1, always)


def _used(tree: ast.Module, sdk_names: set[str], star: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in RESULT_NAMES and _root_name(node) in sdk_names:
            yield node.attr
        elif star and isinstance(node, ast.Name) and node.id in RESULT_NAMES:
            yield node.id


def _root_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _module(root: Path, path: str) -> Module | UnreadableModule:
    try:
        text = read_text(root, path, most=MAX_SOURCE).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(path, ast.parse(text))
    except UnreadableError as error:
        return UnreadableModule(path, finding(f"file-{error.code}", path, error.line, 1, message=error))
    except SyntaxError as error:
        place = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        return UnreadableModule(path, finding("source-invalid", path, *place, module=path, reason=error.msg))
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or "it is too deep for Python"
        return UnreadableModule(path, finding("source-invalid", path, 1, 1, module=path, reason=reason))


def _local_imports(root: Path, module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(root, PurePosixPath(), alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = PurePosixPath()
            if node.level:
                parents = PurePosixPath(module.path).parents
                if node.level > len(parents):
                    continue
                base = parents[node.level - 1]
            yield from _files(root, base, node.module or "")
            for alias in node.names:
                yield from _files(root, base, f"{node.module}.{alias.name}" if node.module else alias.name)


def _files(root: Path, base: PurePosixPath, dotted: str) -> Iterator[str]:
    """The files of a dotted name below ``base``: every package's ``__init__.py`` on the way, and the module."""
    steps = [step for step in dotted.split(".") if step and step != "*"]
    for count in range(1, len(steps) + 1):
        place = base.joinpath(*steps[:count])
        for path in (f"{place}/__init__.py", f"{place}.py"):
            found = inside(root, path)
            if found is not None and found.is_file():
                yield path
