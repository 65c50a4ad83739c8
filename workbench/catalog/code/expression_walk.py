"""The walk of expressions: what each may be, and the keys that it reads on the way."""

import ast
from collections.abc import Callable, Iterable

from workbench.catalog.code.function_parameters import INPUTS, inner_parameters
from workbench.catalog.code.value_sets import either, elements, items, union
from workbench.catalog.code.values import (
    Attribute,
    Call,
    Element,
    FunctionCode,
    GlobalName,
    Imported,
    KeyRead,
    KeyWrite,
    ModuleCode,
    Names,
    Parameter,
    Text,
    Texts,
    Value,
    Values,
)

_OF_CONTEXT = ("auth", "metadata")
_LOOKUPS = ("get", "pop", "setdefault")
_FIXED = (Text, Element, GlobalName, Imported)
_CHANGES = frozenset(("update", "clear", "popitem"))
_COPIES = ("dict", "copy", "deepcopy", "MappingProxyType")
_SPECIAL = frozenset(("getattr", "cast", *_COPIES))
_LONGEST_KEY = 80


class ExpressionWalk:
    """Walks each node once. ``values`` gives what an expression may be; subclasses add statements and notes.

    ``_names`` are the local names as they stand at this point of the walk, ``_function`` collects what is found.
    """

    def __init__(self) -> None:
        self._code = ModuleCode()
        self._function = FunctionCode("")
        self._names: Names = {}
        self._guards = 0
        self._texts: dict[str, Values] = {}
        self._visits: dict[type[ast.AST], Callable[..., Values]] = {
            ast.Attribute: self._attribute,
            ast.Await: self._inner,
            ast.BinOp: self._binary,
            ast.BoolOp: self._alternatives,
            ast.Call: self._call,
            ast.Compare: self._compare,
            ast.Constant: self._constant,
            ast.Dict: self._dict,
            ast.Expr: self._expression,
            ast.FormattedValue: self._formatted,
            ast.JoinedStr: self._format_string,
            ast.UnaryOp: self._unary,
            ast.DictComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.IfExp: self._conditional,
            ast.Lambda: self._lambda,
            ast.List: self._sequence,
            ast.ListComp: self._comprehension,
            ast.Name: self._name,
            ast.NamedExpr: self._walrus,
            ast.Set: self._sequence,
            ast.SetComp: self._comprehension,
            ast.Starred: self._starred,
            ast.Subscript: self._subscript,
            ast.Tuple: self._sequence,
        }

    def values(self, node: ast.AST) -> Values:
        """What a node may be; empty for a statement, and for what is not followed."""
        visit = self._visits.get(node.__class__)
        if visit is not None:
            return visit(node)
        self._children(node)
        return ()

    def _children(self, node: ast.AST) -> None:
        for child in node.__dict__.values():
            if isinstance(child, ast.AST):
                self.values(child)
            elif child.__class__ is list:
                for each in child:
                    if isinstance(each, ast.AST):
                        self.values(each)

    def _each(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.values(node)

    def _assign(self, target: ast.expr, values: Values) -> None:
        if isinstance(target, ast.Name):
            self._names[target.id] = values
            self._note_store(target)
        elif isinstance(target, ast.Attribute):
            of = self.values(target.value)
            self._function.stores += [(each, target.attr, values) for each in of if values]
        elif isinstance(target, ast.Tuple | ast.List):
            for each in target.elts:
                self._assign(each, ())
        elif isinstance(target, ast.Starred):
            self._assign(target.value, ())
        else:
            self.values(target)

    def _note_store(self, target: ast.Name) -> None:
        """Called for each name that is assigned."""

    def _note_attribute(self, node: ast.Attribute) -> None:
        """Called for each attribute that is read."""

    def _note_subscript(self, node: ast.Subscript) -> None:
        """Called for each subscript."""

    def _note_call(self, node: ast.Call) -> None:
        """Called for each call."""

    def _inner(self, node: ast.Await) -> Values:
        return self.values(node.value)

    def _starred(self, node: ast.Starred) -> Values:
        self.values(node.value)
        return ()

    def _expression(self, node: ast.Expr) -> Values:
        self.values(node.value)
        return ()

    def _format_string(self, node: ast.JoinedStr) -> Values:
        for each in node.values:
            if each.__class__ is not ast.Constant:
                self.values(each)
        return ()

    def _formatted(self, node: ast.FormattedValue) -> Values:
        self.values(node.value)
        if node.format_spec is not None:
            self.values(node.format_spec)
        return ()

    def _unary(self, node: ast.UnaryOp) -> Values:
        self.values(node.operand)
        return ()

    def _constant(self, node: ast.Constant) -> Values:
        text = node.value
        if text.__class__ is not str or not 0 < len(text) <= _LONGEST_KEY or " " in text:
            return ()
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = (Text(text),)
        return found

    def _name(self, node: ast.Name) -> Values:
        if node.id == INPUTS:
            self._function.input_uses += 1
        known = self._names.get(node.id)
        if known is not None:
            return known
        return (GlobalName(node.id),) if node.id in self._code.names else ()

    def _attribute(self, node: ast.Attribute) -> Values:
        self._note_attribute(node)
        return self._attributes(self.values(node.value), node.attr)

    def _attributes(self, of: Values, name: str) -> Values:
        if not of or (name not in _OF_CONTEXT and all(self._is_known(each) for each in of)):
            return ()
        return tuple([Attribute(each, name) for each in of])

    def _is_known(self, value: Value) -> bool:
        """Whether it is the context or the inputs: of these, two attributes are followed."""
        return isinstance(value, Parameter) and value.name in self._function.known

    def _subscript(self, node: ast.Subscript) -> Values:
        self._note_subscript(node)
        of, keys = self.values(node.value), self.values(node.slice)
        if _is_inputs(node.value):
            self._function.keyed_uses += _is_fixed(keys)
            self._function.inputs_changed |= not isinstance(node.ctx, ast.Load)
        if of and not isinstance(node.ctx, ast.Load):
            self._write(of, keys)
        if not of or not keys:
            return ()
        if isinstance(node.ctx, ast.Load):
            self._read(of, keys, node, required=not self._guards)
        return items(of, keys)

    def _read(self, of: Values, keys: Values, node: ast.expr, *, required: bool) -> None:
        place = node.lineno, node.col_offset + 1
        alone = len(of) == 1
        self._function.reads += [KeyRead(each, key, *place, required, alone) for each in of for key in keys]

    def _write(self, of: Values, keys: Values | None) -> None:
        self._function.writes += [KeyWrite(each, key) for each in of for key in keys or (None,)]

    def _write_names(self, of: Values, names: Iterable[ast.expr | str | None]) -> None:
        """Note keys that are given beside ``of``; None, and what is no text in the code, is any key."""
        for each in names if of else ():
            text = each.value if isinstance(each, ast.Constant) else each
            self._write(of, (Text(text),) if isinstance(text, str) else None)

    def _call(self, node: ast.Call) -> Values:
        self._note_call(node)
        called, given = node.func, node.args
        if isinstance(called, ast.Attribute):
            self._note_attribute(called)
            of = self.values(called.value)
            self._function.inputs_changed |= called.attr in _CHANGES and _is_inputs(called.value)
            if of and called.attr in _CHANGES:
                self._write_names(of, _given_keys(node))
            if of and called.attr in _LOOKUPS and given:
                return self._lookup(node, of)
            if of and called.attr == "copy" and not given:
                return of
            function = self._attributes(of, called.attr)
            name = called.attr
        else:
            function = self.values(called)
            name = called.id if isinstance(called, ast.Name) else ""
        arguments = [self.values(each) for each in given]
        if name in _SPECIAL and (found := self._special(name, given, arguments)) is not None:
            self._each(keyword.value for keyword in node.keywords)
            if name in _COPIES:
                self._write_names(found, [keyword.arg for keyword in node.keywords])
            return found
        if not function:
            for keyword in node.keywords:
                self.values(keyword.value)
            return ()
        keywords = tuple([(each.arg or "", self.values(each.value)) for each in node.keywords])
        plain = next((at for at, each in enumerate(given) if each.__class__ is ast.Starred), len(given))
        place = node.lineno, node.col_offset + 1
        call = Call(function, tuple(arguments[:plain]), keywords, *place, guarded=self._guards > 0)
        self._function.calls.append(call)
        return (call,)

    def _special(self, name: str, given: list[ast.expr], arguments: list[Values]) -> Values | None:
        """The result of ``getattr``, ``dict``, ``cast`` and their like; None for another use of the name."""
        if name == "getattr" and len(given) > 1:
            return self._getattr(given[1], arguments)
        if name in _COPIES and len(given) == 1:
            return arguments[0]
        return arguments[1] if name == "cast" and len(given) == 2 else None

    def _lookup(self, node: ast.Call, of: Values) -> Values:
        """``of.get(key, default)`` and its like."""
        keys, *defaults = [self.values(each) for each in node.args]
        for each in node.keywords:
            defaults.append(self.values(each.value))
        required = isinstance(node.func, ast.Attribute) and node.func.attr == "pop" and len(node.args) == 1
        self._read(of, keys, node, required=required and not self._guards)
        self._function.keyed_uses += (
            _is_fixed(keys) and isinstance(node.func, ast.Attribute) and _is_inputs(node.func.value)
        )
        return union(items(of, keys), *defaults)

    def _getattr(self, name: ast.expr, arguments: list[Values]) -> Values:
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return ()
        attribute = name.value
        return union(tuple(Attribute(each, attribute) for each in arguments[0]), *arguments[2:])

    def _binary(self, node: ast.BinOp) -> Values:
        pending: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):  # a long sum is deep on its left
            pending.append(left.right)
            left = left.left
        sides = [left, *reversed(pending)]
        found = [self.values(each) for each in sides]
        if not isinstance(node.op, ast.BitOr):
            return ()
        made = union(*found)
        self._write_beside(made, zip(sides, found, strict=True))
        return made

    def _write_beside(self, made: Values, sides: Iterable[tuple[ast.expr, Values]]) -> None:
        """Note the keys that each of the ``sides`` of a union gives to the others."""
        for side, values in sides if made else ():
            if isinstance(side, ast.Dict) and not values:
                self._write_names(made, side.keys)
            else:
                others = tuple(each for each in made if not any(each is own for own in values))
                self._write(others, None)

    def _alternatives(self, node: ast.BoolOp) -> Values:
        found = [self.values(each) for each in node.values]
        if isinstance(node.op, ast.And):
            return union(*found)
        return either(*(each for side, each in zip(node.values, found, strict=True) if each or not _is_empty(side)))

    def _conditional(self, node: ast.IfExp) -> Values:
        self.values(node.test)
        return either(self.values(node.body), self.values(node.orelse))

    def _compare(self, node: ast.Compare) -> Values:
        keys = self.values(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            of = self.values(right)
            if isinstance(operator, ast.In | ast.NotIn):
                self._function.keyed_uses += _is_fixed(keys) and _is_inputs(right)
                self._read(of, keys, node, required=False)
            keys = of
        return ()

    def _dict(self, node: ast.Dict) -> Values:
        unpacked: list[Values] = []
        parts: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                unpacked.append(self.values(value))
                parts.append(value)
                continue
            if key.__class__ is not ast.Constant:
                self.values(key)
            if value.__class__ is not ast.Constant:
                self.values(value)
        if not (made := union(*unpacked) if unpacked else ()):
            return ()
        self._write_names(made, [key for key in node.keys if key is not None])
        self._write_beside(made, zip(parts, unpacked, strict=True))
        return made

    def _sequence(self, node: ast.Tuple | ast.List | ast.Set) -> Values:
        found = [self.values(each) for each in node.elts]
        texts = [each[0].text for each in found if each and isinstance(each[0], Text)]
        return (Texts(tuple(texts)),) if texts and len(texts) == len(found) else ()

    def _walrus(self, node: ast.NamedExpr) -> Values:
        values = self.values(node.value)
        self._assign(node.target, values)
        return values

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> Values:
        before = dict(self._names)
        for each in node.generators:
            self._assign(each.target, elements(self.values(each.iter)))
            self._each(each.ifs)
        if isinstance(node, ast.DictComp):
            self.values(node.key)
            self.values(node.value)
        else:
            self.values(node.elt)
        self._names = before
        return ()

    def _lambda(self, node: ast.Lambda) -> Values:
        before = dict(self._names)
        self._each([*node.args.defaults, *(each for each in node.args.kw_defaults if each)])
        self._names |= inner_parameters(node.args)
        self.values(node.body)
        self._names = before
        return ()


def _given_keys(node: ast.Call) -> list[ast.expr | str | None]:
    """The keys that a call of ``update`` or the like gives; None for any."""
    found: list[ast.expr | str | None] = [each.arg for each in node.keywords]
    for each in node.args:
        found += each.keys if isinstance(each, ast.Dict) else [None]
    return found or [None]


def _is_fixed(keys: Values) -> bool:
    """Whether keys are written in the code as they are, and not put together."""
    return bool(keys) and all(isinstance(each, _FIXED) for each in keys)


def _is_empty(node: ast.expr) -> bool:
    """Whether it has no keys: an empty dict or None."""
    return node.keys == [] if isinstance(node, ast.Dict) else isinstance(node, ast.Constant)


def _is_inputs(node: ast.expr) -> bool:
    return node.__class__ is ast.Name and node.id == INPUTS
