"""The results that a handler's ``return`` may hold, as far as they are written out in its module.

A name counts where it is assigned once and nothing else can change what it holds; a function of the module where it
is not decorated. Whatever may be there as well makes an object open, and values unknown.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from workbench.catalog.code.fetch_uses import word
from workbench.catalog.code.literal_values import LiteralObject, literal_call, literal_object

_DEEPEST = 3
_RESULT = "ActionResult"
_BINDERS = ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.MatchAs | ast.MatchStar
_HARMLESS = frozenset(("ActionResult", "bool", "dumps", "len", "print", "repr", "str"))
_LOGS = frozenset(("log", "logger", "logging"))

type FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class LiteralScope:
    """A function of a module, and the expressions that its parameters stand for, with the scope of each."""

    function: FunctionNode
    owner: str
    functions: Mapping[str, FunctionNode]
    given: Mapping[str, tuple[ast.expr, "LiteralScope"]] = field(default_factory=dict)
    depth: int = 0

    def results(self, value: ast.expr | None) -> Iterator[LiteralObject]:
        """The data of each ``ActionResult`` that a returned value may be."""
        match value:
            case ast.Await(value=inner):
                yield from self.results(inner)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self.results(body)
                yield from self.results(orelse)
            case ast.Call() if word(value.func) == _RESULT:
                data = value.args[0] if value.args else _keyword(value, "data")
                if data is not None:
                    yield from self._objects(data)
            case ast.Call() if (inner_scope := self._entered(value)) is not None:
                for returned in _returns(inner_scope.function):
                    yield from inner_scope.results(returned)
            case ast.Name(id=name) if (assigned := _Name(self.function, name).assigned) is not None:
                yield from self.results(assigned)

    def _objects(self, value: ast.expr) -> Iterator[LiteralObject]:
        """The objects that an expression may be."""
        match value:
            case ast.Await(value=inner):
                yield from self._objects(inner)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._objects(body)
                yield from self._objects(orelse)
            case ast.Dict():
                yield literal_object(value)
            case ast.Call() if (made := literal_call(value)) is not None:
                yield made
            case ast.Call() if (inner_scope := self._entered(value)) is not None:
                for returned in _returns(inner_scope.function):
                    yield from inner_scope._objects(returned)
            case ast.Name(id=name) if name in self.given:
                if not _Name(self.function, name).is_stored:
                    expression, scope = self.given[name]
                    yield from (_Name(self.function, name).seen(one) for one in scope._objects(expression))
            case ast.Name(id=name):
                known = _Name(self.function, name)
                if known.assigned is not None:
                    yield from (known.seen(one) for one in self._objects(known.assigned))

    def _entered(self, call: ast.Call) -> "LiteralScope | None":
        """The scope of the module's function or method that is called; None where that is not certain."""
        called = call.func
        name = called.id if isinstance(called, ast.Name) else ""
        owner = ""
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "self":
            name, owner = f"{self.owner}.{called.attr}", self.owner
        function = self.functions.get(name) if self.depth < _DEEPEST else None
        if function is None or function.decorator_list or _is_generator(function):
            return None
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)][bool(owner) :]
        pairs = [*zip(names, call.args, strict=False), *((each.arg, each.value) for each in call.keywords if each.arg)]
        given = {} if any(isinstance(each, ast.Starred) for each in call.args) else {n: (e, self) for n, e in pairs}
        return LiteralScope(function, owner, self.functions, given, self.depth + 1)


class _Name:
    """What a function does with one of its names."""

    def __init__(self, function: FunctionNode, name: str) -> None:
        self._name = name
        self._parents: dict[ast.AST, ast.AST] = {}
        self._uses: list[ast.Name] = []
        stores: list[ast.Name] = []
        self.is_stored = False
        for node in ast.walk(function):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
            if isinstance(node, ast.Name) and node.id == name:
                (self._uses if isinstance(node.ctx, ast.Load) else stores).append(node)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self.is_stored |= name in node.names
            elif isinstance(node, _BINDERS):
                self.is_stored |= node.name == name
        parameters = function.args
        is_parameter = any(
            each.arg == name for each in (*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs)
        )
        parent = self._parents.get(stores[0]) if len(stores) == 1 and not self.is_stored and not is_parameter else None
        self.is_stored |= bool(stores)
        self.assigned: ast.expr | None = None
        """The one expression that the name is assigned; None where there is another, or none."""
        targets = parent.targets if isinstance(parent, ast.Assign) else [getattr(parent, "target", None)]
        if isinstance(parent, ast.Assign | ast.AnnAssign) and targets == stores:
            self.assigned = parent.value

    def seen(self, made: LiteralObject) -> LiteralObject:
        """The object after all that the function may do with it under that name."""
        found = dict(made.properties)
        is_open = made.open
        for use in self._uses:
            keys = self._changed(use)
            if keys is None:
                is_open, found = True, dict.fromkeys(found)
            else:
                found |= dict.fromkeys(keys)
        return replace(made, properties=tuple(found.items()), open=is_open)

    def _changed(self, use: ast.Name) -> tuple[str, ...] | None:
        """The properties that one use may change; None for any of them, and for more."""
        parent = self._parents[use]
        above = self._parents.get(parent)
        match parent:
            case ast.Subscript(slice=ast.Constant(value=str(key))) if parent.value is use:
                return (key,)
            case ast.Attribute(attr="get") if isinstance(above, ast.Call) and above.args:
                asked = above.args[0]
                return (str(asked.value),) if isinstance(asked, ast.Constant) else None
            case ast.FormattedValue() | ast.Compare() | ast.Return() | ast.If() | ast.UnaryOp():
                return ()
            case ast.keyword() if isinstance(above, ast.Call) and parent.arg is not None:
                return () if _is_harmless(above) else None
            case ast.Call() if _is_harmless(parent):
                return ()
            case _:
                return None


def _is_harmless(call: ast.Call) -> bool:
    """Whether a call certainly does not change its arguments."""
    called = call.func
    root = called.value if isinstance(called, ast.Attribute) else None
    return word(called) in _HARMLESS or (root is not None and word(root) in _LOGS)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def _returns(function: FunctionNode) -> list[ast.expr]:
    """The expressions that a function itself returns."""
    found: list[ast.expr] = []
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            found.append(node.value)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _is_generator(function: FunctionNode) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))
