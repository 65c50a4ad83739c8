"""Checks the text of the code against the release of the SDK that it is written for."""

import ast
from collections import deque
from collections.abc import Iterator, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from workbench.catalog.check_registry import finding
from workbench.catalog.contracts import installed_release
from workbench.catalog.python_source import SDK_PACKAGE, Module
from workbench.catalog.requirements import Requirements
from workbench.catalog.requirements_check import unguarded_imports
from workbench.domain import ContractVersion, Finding, Integration, Kind

_SINCE = {
    "ActionResult": ContractVersion.V1,
    "ActionError": ContractVersion.V1,
    "FetchResponse": ContractVersion.V2,
}
"""The release line that each name came with."""

_ORDER = list(ContractVersion)
_BODY_METHODS = ("get", "items", "keys", "values")
_RESPONSE_MEMBERS = ("data", "status")

type _Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_contract(
    integration: Integration, modules: Sequence[Module], requirements: Requirements
) -> Iterator[Finding]:
    """Code that the contract of ``integration`` does not allow."""
    yield from _installed(integration, requirements)
    for module in modules:
        yield from _imports(integration, module)
        yield from _fetches(integration, module)
        yield from _results(integration, module)
    yield from _auth(integration, modules)


def _installed(integration: Integration, requirements: Requirements) -> Iterator[Finding]:
    installed, pin = installed_release(integration.root), requirements.pin
    if installed is None or pin is None:
        return
    try:
        allows = SpecifierSet(pin.specifier).contains(installed, prereleases=True)
    except InvalidSpecifier:
        return
    if not allows:
        words = {"installed": installed, "pin": pin.specifier}
        yield finding("contract-installed", pin.file, pin.line, 1, **words)


def _imports(integration: Integration, module: Module) -> Iterator[Finding]:
    contract = integration.contract
    for node in unguarded_imports(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == SDK_PACKAGE:
            for alias in node.names:
                since = _SINCE.get(alias.name)
                if since and _ORDER.index(contract.version) < _ORDER.index(since):
                    words = {"name": alias.name, "version": contract.version, "reason": contract.reason}
                    yield finding("contract-import", module.path, alias.lineno, alias.col_offset + 1, **words)


def _results(integration: Integration, module: Module) -> Iterator[Finding]:
    """The first return of each action handler that is certainly not an ``ActionResult``."""
    contract = integration.contract
    if contract.version is ContractVersion.V0_1:
        return
    for method in _executes(module.tree):
        for node in _statements(method):
            what = _bare(node.value) if isinstance(node, ast.Return) else ""
            if what:
                words = {"what": what, "version": contract.version, "reason": contract.reason}
                yield finding("contract-result", module.path, *_place(node), **words)
                break


def _executes(tree: ast.AST) -> Iterator[ast.AsyncFunctionDef]:
    """The ``execute`` of every class that inherits from ``ActionHandler``."""
    rules = Kind.ACTION.handler
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(_word(base) == rules.base for base in node.bases):
            methods = (each for each in node.body if isinstance(each, ast.AsyncFunctionDef))
            yield from (each for each in methods if each.name == rules.method)


def _statements(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, the functions and classes within it left out."""
    pending = deque(ast.iter_child_nodes(function))
    while pending:
        node = pending.popleft()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield node
            pending += ast.iter_child_nodes(node)


def _bare(value: ast.expr | None) -> str:
    """What is returned, in words, if it is certainly not an ``ActionResult``; else empty."""
    if value is None or isinstance(value, ast.Constant):
        return "a plain value" if value is not None and value.value is not None else "None"
    if isinstance(value, ast.Dict | ast.DictComp):
        return "a plain dict"
    if isinstance(value, ast.List | ast.ListComp | ast.Tuple):
        return "a plain list"
    return "the result of fetch" if _is_fetch(value) else ""


def _fetches(integration: Integration, module: Module) -> Iterator[Finding]:
    """Wrong uses, in each function, of names that hold only results of ``fetch``."""
    contract = integration.contract
    wraps = contract.version is ContractVersion.V2
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            answers = _answers(function)
            for node in ast.walk(function) if answers else ():
                name, use = _body_use(node) if wraps else _response_use(node)
                if name in answers:
                    gives = "a FetchResponse" if wraps else "the parsed body"
                    instead = f"{name}.data" if wraps else f"{name} itself"
                    words = {"name": name, "use": use, "gives": gives, "instead": instead}
                    words |= {"version": contract.version, "reason": contract.reason}
                    yield finding("contract-fetch", module.path, *_place(node), **words)
                    break


def _answers(function: _Function) -> set[str]:
    """Names that are assigned ``await context.fetch(…)`` and nothing else, and that nobody asks for their type."""
    fetched = {
        id(node.targets[0]): node.targets[0].id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_fetch(node.value)
    }
    others = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fetched
    }
    return set(fetched.values()) - others - set(_asked(function))


def _asked(function: _Function) -> Iterator[str]:
    """Names that ``isinstance`` or ``hasattr`` is asked about: such code is written for either answer."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and _word(node.func) in ("isinstance", "hasattr", "getattr", "type")
            and node.args
        ):
            yield _word(node.args[0])


def _is_fetch(node: ast.expr) -> bool:
    if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Call):
        return False
    called = node.value.func
    return isinstance(called, ast.Attribute) and called.attr == "fetch" and _word(called.value) in ("context", "ctx")


def _body_use(node: ast.AST) -> tuple[str, str]:
    """The name that ``node`` uses as a parsed body, and how; empty where it does not."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return node.value.id, f"{node.value.id}[…]"
    if isinstance(node, ast.Attribute) and node.attr in _BODY_METHODS and isinstance(node.value, ast.Name):
        return node.value.id, f"{node.value.id}.{node.attr}"
    return "", ""


def _response_use(node: ast.AST) -> tuple[str, str]:
    """The name that ``node`` uses as a ``FetchResponse``, and how; empty where it does not."""
    if isinstance(node, ast.Attribute) and node.attr in _RESPONSE_MEMBERS and isinstance(node.value, ast.Name):
        return node.value.id, f"{node.value.id}.{node.attr}"
    return "", ""


def _auth(integration: Integration, modules: Sequence[Module]) -> Iterator[Finding]:
    """Fields read directly from an envelope. Code that mentions ``credentials`` is assumed to support both."""
    fields = integration.auth.fields
    declared = fields.get("properties") if isinstance(fields, dict) else None
    if integration.contract.version is not ContractVersion.V2 or not isinstance(declared, dict):
        return
    if any(_says(module.tree, "credentials") for module in modules):
        return
    for module in modules:
        for node in ast.walk(module.tree):
            name = _flat_read(node)
            if name in declared:
                words = {"name": f'"{name}"', "reason": integration.contract.reason}
                yield finding("contract-auth", module.path, *_place(node), **words)
                return


def _flat_read(node: ast.AST) -> str | None:
    """The field of ``context.auth["field"]`` or ``context.auth.get("field")``."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript) and _is_auth(node.value):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key = node.args[0] if node.args and _is_auth(node.func.value) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _is_auth(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "auth" and _word(node.value) in ("context", "ctx")


def _says(tree: ast.AST, text: str) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == text for node in ast.walk(tree))


def _word(node: ast.expr) -> str:
    """``context`` for ``context`` and for ``self.context``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
