"""The one walk of a module: statements, and what stands in them that the catalog asks for."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autohive_integrations_sdk.contracts import RESULT_NAMES

from workbench.catalog.code.fetch_uses import QUESTIONS, FetchScope, fetch_keywords, is_fetch, word
from workbench.catalog.code.function_parameters import INPUTS, inner_parameters, known_parameter, parameters
from workbench.catalog.code.literal_scope import LiteralScope
from workbench.catalog.code.module_facts import (
    BareReturn,
    FetchSlip,
    FetchUse,
    ImportedName,
    LiteralResult,
    ModuleFacts,
    Registration,
)
from workbench.catalog.code.statement_walk import StatementWalk
from workbench.catalog.code.values import FunctionCode, GlobalName, Imported, Parameter, Values
from workbench.domain import Kind

SDK_PACKAGE = "autohive_integrations_sdk"

_RESULT_NAMES = frozenset(RESULT_NAMES)
_DECORATORS = {kind.handler.decorator: kind for kind in Kind if kind.handler.decorator}

type _Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_facts(path: str, tree: ast.Module) -> ModuleFacts:
    """What the walk of a parsed module collects. ``path`` is relative to the integration's folder."""
    walk = _ModuleWalk(path)
    try:
        return walk.facts(tree)
    finally:
        walk.release()


@dataclass(slots=True)
class _SdkNames:
    """The newer classes that a module takes from the SDK: by name, as ``module.name``, or by ``*``."""

    imported: str = ""
    modules: set[str] = field(default_factory=set)
    star: bool = False
    uses: list[tuple[str, str]] = field(default_factory=list)

    def add(self, node: ast.ImportFrom) -> None:
        """Note what a statement takes from the SDK."""
        names = [alias.name for alias in node.names]
        self.imported = self.imported or next((name for name in RESULT_NAMES if name in names), "")
        self.star |= "*" in names
        self.modules |= {alias.asname or alias.name for alias in node.names if alias.name == "integration"}

    def first(self) -> str:
        """The one that tells the contract; empty where there is none."""
        used = (name for root, name in self.uses if (root in self.modules if root else self.star))
        return self.imported or next(used, "")


class _ModuleWalk(StatementWalk):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._imports: list[ImportedName] = []
        self._registrations: list[Registration] = []
        self._bare_returns: list[BareReturn] = []
        self._fetch_uses: list[FetchUse] = []
        self._fetch_slips: list[FetchSlip] = []
        self._literal_results: list[LiteralResult] = []
        self._sdk = _SdkNames()
        self._fetch = FetchScope()
        self._fetch_target: ast.expr | None = None
        self._bodies: list[tuple[_Function, FunctionCode]] = []
        self._executes: dict[int, str] = {}
        self._owner = ""
        self._depth = 0
        self._top: ast.AST | None = None
        self._in_execute = False
        self._action = ""
        self._scope: LiteralScope | None = None
        self._top_functions: dict[str, _Function] = {}
        self._visits |= {
            ast.AsyncFunctionDef: self._def,
            ast.ClassDef: self._class,
            ast.FunctionDef: self._def,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Return: self._return,
        }

    def facts(self, tree: ast.Module) -> ModuleFacts:
        """Walk the module's own statements, then the bodies of its functions and methods."""
        code = self._code
        code.functions[""] = self._function
        code.names |= dict.fromkeys(_global_names(tree.body), ())
        for statement in tree.body:
            self._top = statement.value if isinstance(statement, ast.Expr) else statement
            self._statement(statement)
        code.names |= self._names
        self._top_functions |= {function.name: node for node, function in self._bodies}
        for node, function in self._bodies:
            self._body(node, function)
        return ModuleFacts(
            self._path,
            tuple(self._imports),
            tuple(self._registrations),
            self._sdk.first(),
            tuple(self._bare_returns),
            tuple(self._fetch_uses),
            tuple(self._fetch_slips),
            tuple(self._literal_results),
            code=code,
        )

    def release(self) -> None:
        """Let go of the tree, which is large: the walk refers to itself and would keep it for a while."""
        self._visits.clear()
        self._bodies.clear()
        self._top_functions.clear()
        self._scope = None

    # Functions and classes

    def _def(self, node: _Function) -> Values:
        self._decorators(node)
        arguments = node.args
        self._each([*arguments.defaults, *(each for each in arguments.kw_defaults if each)])
        self._each(each.annotation for each in parameters(arguments) if each.annotation)
        if node.returns:
            self.values(node.returns)
        if self._depth:
            self._names[node.name] = ()
            self._inner_function(node)
            return ()
        name = f"{self._owner}.{node.name}" if self._owner else node.name
        self._code.functions[name] = function = _function(node, name, self._owner)
        function.decorators = tuple(value for each in node.decorator_list for value in self._decorator(each))
        self._bodies.append((node, function))
        return ()

    def _body(self, node: _Function, function: FunctionCode) -> None:
        self._function, self._fetch, self._depth = function, FetchScope(), 1
        self._names = {each.arg: (Parameter(each.arg),) for each in parameters(node.args)}
        self._in_execute = id(node) in self._executes
        self._action = self._executes.get(id(node), "")
        self._scope = LiteralScope(node, function.owner, self._top_functions) if self._action else None
        self._block(node.body)
        self._fetch_uses += self._fetch.first_uses()
        self._fetch_slips += self._fetch.certain_slips()

    def _inner_function(self, node: _Function) -> None:
        """A function within another: what it does counts as done by the outer one."""
        names, fetch, in_execute = dict(self._names), self._fetch, self._in_execute
        self._names |= inner_parameters(node.args)
        self._fetch, self._in_execute = FetchScope(), id(node) in self._executes
        self._depth += 1
        self._block(node.body)
        self._depth -= 1
        self._fetch_uses += self._fetch.first_uses()
        fetch.add(self._fetch)
        self._names, self._fetch, self._in_execute = names, fetch, in_execute

    def _class(self, node: ast.ClassDef) -> Values:
        self._decorators(node, "" if self._depth else f"{self._owner}.{node.name}".lstrip("."))
        bases = [self.values(each) for each in node.bases]
        self._each(each.value for each in node.keywords)
        self._executes |= _executes(node)
        owner, names = self._owner, dict(self._names)
        if not self._depth:
            self._owner = f"{owner}.{node.name}" if owner else node.name
            self._code.classes[self._owner] = tuple(value for values in bases for value in values)
        self._block(node.body)
        if not self._depth:
            own = {name: values for name, values in self._names.items() if values and values is not names.get(name)}
            self._code.names |= {f"{self._owner}.{name}": values for name, values in own.items()}
        self._owner, self._names = owner, names
        if self._depth:
            self._names[node.name] = ()
        return ()

    def _decorators(self, node: _Function | ast.ClassDef, owner: str = "") -> None:
        for each in node.decorator_list:
            self._register(each, always=node is self._top, owner=owner)
            self.values(each)

    def _decorator(self, node: ast.expr) -> Values:
        """What a decorator is: a name, or what is called with arguments of its own."""
        named = node.func if isinstance(node, ast.Call) else node
        return (GlobalName(named.id),) if isinstance(named, ast.Name) else ()

    def _note_call(self, node: ast.Call) -> None:
        called = node.func
        if node.keywords:
            self._fetch_slips += fetch_keywords(node)
        if called.__class__ is ast.Call:
            self._register(called, always=node is self._top)
        elif node.args and word(called) in QUESTIONS:
            self._fetch.type_checked.add(word(node.args[0]))

    def _register(self, call: ast.expr, *, always: bool, owner: str = "") -> None:
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return
        kind = _DECORATORS.get(call.func.attr)
        if kind is None:
            return
        given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "name"), None)
        name = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None
        name = "" if kind is Kind.ACCOUNT else name
        self._registrations.append(
            Registration(kind, name, self._path, call.lineno, call.col_offset + 1, always, owner)
        )

    def _return(self, node: ast.Return) -> Values:
        values = self.values(node.value) if node.value else ()
        if self._depth == 1:
            self._function.returns += values
        if self._in_execute and self._action and self._scope is not None:
            self._literal_results += [LiteralResult(self._action, data) for data in self._scope.results(node.value)]
        if self._in_execute and (what := _bare(node.value)):
            self._in_execute = False
            self._bare_returns.append(BareReturn(what, node.lineno, node.col_offset + 1))
        return ()

    # Names

    def _assignment(self, node: ast.Assign) -> Values:
        self._fetch_target = node.targets[0] if is_fetch(node.value) else None
        return super()._assignment(node)

    def _note_store(self, target: ast.Name) -> None:
        self._function.inputs_changed |= target.id == INPUTS
        self._fetch.store(target.id, of_fetch=target is self._fetch_target)

    def _note_attribute(self, node: ast.Attribute) -> None:
        self._fetch.attribute(node, guarded=self._attribute_guards > 0)
        if node.attr in _RESULT_NAMES:
            self._sdk.uses.append((_root_name(node) or "?", node.attr))

    def _note_subscript(self, node: ast.Subscript) -> None:
        self._fetch.subscript(node)

    def _name_after_star(self, node: ast.Name) -> Values:
        if node.id in _RESULT_NAMES:
            self._sdk.uses.append(("", node.id))
        return self._name(node)

    def _import(self, node: ast.Import) -> Values:
        for alias in node.names:
            self._imports.append(self._imported(node, alias, alias.name, "", 0))
            top = alias.name.partition(".")[0]
            if top == SDK_PACKAGE:
                self._sdk.modules.add(alias.asname or SDK_PACKAGE)
            elif _is_followed(top):
                self._names[alias.asname or top] = (Imported(0, alias.name if alias.asname else top),)
        return ()

    def _import_from(self, node: ast.ImportFrom) -> Values:
        module = node.module or ""
        top = module.partition(".")[0]
        if top == SDK_PACKAGE:
            self._sdk.add(node)
            if self._sdk.star:
                self._visits[ast.Name] = self._name_after_star
        for alias in node.names:
            self._imports.append(self._imported(node, alias, module, alias.name, node.level))
            if node.level or _is_followed(top):
                self._names[alias.asname or alias.name] = (Imported(node.level, module, alias.name),)
        return ()

    def _imported(
        self, node: ast.Import | ast.ImportFrom, alias: ast.alias, module: str, name: str, level: int
    ) -> ImportedName:
        place = node.lineno, node.col_offset + 1, alias.lineno, alias.col_offset + 1
        return ImportedName(module, name, level, *place, guarded=self._tries > 0)


def _function(node: _Function, name: str, owner: str) -> FunctionCode:
    """An empty record of a function at the top of the module, or of a method."""
    marks = {word(each) for each in node.decorator_list}
    arguments = node.args
    known = {each.arg: kind for each in parameters(arguments) if (kind := known_parameter(each))}
    return FunctionCode(
        name,
        tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args)),
        known,
        owner,
        bound=bool(owner) and "staticmethod" not in marks,
        is_property=bool({"property", "cached_property"} & marks),
        lines=(node.lineno, node.end_lineno or node.lineno),
    )


def _executes(node: ast.ClassDef) -> dict[int, str]:
    """The identity of the ``execute`` of a class that is an action's handler, and the action's name.

    It is one that is registered, or that inherits from ``ActionHandler``. The name is empty where the class is
    registered for none, or for several, or for one that is worked out.
    """
    rules = Kind.ACTION.handler
    calls = [each for each in node.decorator_list if isinstance(each, ast.Call) and word(each.func) == rules.decorator]
    if not calls and not any(word(base) == rules.base for base in node.bases):
        return {}
    named = [each.args[0] for each in calls if each.args]
    names = [each.value for each in named if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    name = names[0] if len(names) == len(calls) == 1 else ""
    methods = (each for each in node.body if isinstance(each, ast.AsyncFunctionDef))
    return {id(each): name for each in methods if each.name == rules.method}


def _bare(value: ast.expr | None) -> str:
    """What is returned, in words, if it is certainly not an ``ActionResult``; else empty."""
    if value is None or isinstance(value, ast.Constant):
        return "a plain value" if value is not None and value.value is not None else "None"
    if isinstance(value, ast.Dict | ast.DictComp):
        return "a plain dict"
    if isinstance(value, ast.List | ast.ListComp | ast.Tuple):
        return "a plain list"
    return "the result of fetch" if is_fetch(value) else ""


def _root_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_followed(package: str) -> bool:
    """Whether an imported name may lead to keys: into the integration's own modules, or to ``os``."""
    return package == "os" or package not in sys.stdlib_module_names


def _global_names(statements: Sequence[ast.stmt]) -> Iterator[str]:
    """The functions, classes and imports of a module, in branches, too."""
    for each in statements:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.If):
            yield from _global_names([*each.body, *each.orelse])
        elif isinstance(each, ast.Try | ast.TryStar):
            handled = [statement for handler in each.handlers for statement in handler.body]
            yield from _global_names([*each.body, *handled, *each.orelse, *each.finalbody])
