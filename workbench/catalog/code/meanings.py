"""What the values of a function mean, given what its parameters are: the auth, a string, a function of the folder."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workbench.catalog.code.values import (
    ENVELOPE,
    Attribute,
    Call,
    Element,
    FunctionCode,
    GlobalName,
    Imported,
    Item,
    Known,
    ModuleCode,
    Parameter,
    Text,
    Texts,
    Unknown,
    Value,
)

_DEEPEST = 8
"""Calls within calls whose results are followed."""
_CONTEXT_NAMES = ("context", "ctx")
_ATTRIBUTES = {
    (Known.CONTEXT, "auth"): Known.AUTH,
    (Known.CONTEXT, "metadata"): Known.METADATA,
    (Known.OS, "environ"): Known.ENVIRONMENT,
    (Known.OS, "getenv"): Known.GETENV,
}
_OS_NAMES = {"": Known.OS, "environ": Known.ENVIRONMENT, "getenv": Known.GETENV}


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the integration."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the integration."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method of the integration; ``of`` is what it was taken from."""

    path: str
    name: str
    of: Instance | Class | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the integration."""

    path: str


type Meaning = Known | Text | Texts | Class | Instance | Function | Module
type Meanings = frozenset[Meaning]

NOTHING: Meanings = frozenset()


@dataclass(slots=True)
class Frame:
    """A function with what its parameters are; ``found`` holds what its values mean, by their identity."""

    path: str
    code: FunctionCode
    arguments: Mapping[str, Meanings] = field(default_factory=dict)
    depth: int = 0
    found: dict[int, Meanings] = field(default_factory=dict)


class Evaluator:
    """Gives values their meanings. ``stores`` are the attributes of instances: module, class, name.

    With ``assumes_inputs`` a parameter called ``inputs`` holds them, also in a call with another object.
    """

    def __init__(self, modules: Mapping[str, ModuleCode], *, assumes_inputs: bool = True) -> None:
        self._modules = modules
        self._assumes_inputs = assumes_inputs
        self._globals: dict[tuple[str, str], Meanings] = {}
        self._results: dict[tuple[Function, frozenset[tuple[str, Meanings]]], Meanings] = {}
        self.stores: dict[tuple[str, str, str], Meanings] = {}
        self._of_kind: dict[type, Callable[..., Meanings]] = {
            Known: lambda value, _: frozenset((value,)),
            Text: lambda value, _: frozenset((value,)),
            Texts: lambda value, _: frozenset((value,)),
            Unknown: lambda *_: NOTHING,
            Parameter: lambda value, frame: frame.arguments.get(value.name, NOTHING),
            GlobalName: lambda value, frame: self._global(frame.path, value.name),
            Imported: lambda value, frame: self._imported(frame.path, value),
            Attribute: self._attribute,
            Item: self._item,
            Element: self._element,
            Call: self._result,
        }

    def forget_results(self) -> None:
        """Forget what functions return: it may be another, now that ``stores`` has more."""
        self._results.clear()

    def any_of(self, values: Iterable[Value], frame: Frame) -> Meanings:
        """The meanings of all alternatives."""
        return NOTHING.union(*(self.meanings(value, frame) for value in values))

    def meanings(self, value: Value, frame: Frame) -> Meanings:
        """What a value of the function may be; empty for what is not followed."""
        known = frame.found.get(id(value))
        if known is None:
            frame.found[id(value)] = NOTHING  # what is made of itself adds nothing
            try:
                known = self._of_kind[value.__class__](value, frame)
            except RecursionError:  # made in too many steps
                known = NOTHING
            frame.found[id(value)] = known
        return known

    def start(self, target: Function, arguments: Mapping[str, Meanings] | None = None) -> Frame:
        """The frame of a function: what is known of its parameters, and the ``arguments``."""
        code = self._modules[target.path].functions[target.name]
        known = ((name, kind) for name, kind in code.known.items() if kind is not Known.INPUTS or self._assumes_inputs)
        bound: dict[str, Meanings] = {name: frozenset((kind,)) for name, kind in known}
        if code.bound and code.parameters:
            bound[code.parameters[0]] = frozenset((target.of or Instance(target.path, code.owner),))
        return Frame(target.path, code, bound | dict(arguments or {}))

    def called(self, call: Call, frame: Frame) -> Iterator[Frame]:
        """The functions of the integration that a call enters, with its arguments."""
        for target in self.any_of(call.function, frame):
            function = self._constructor(target) if isinstance(target, Class) else target
            if isinstance(function, Function):
                yield self.start(function, self._arguments(function, call, frame))

    def method(self, path: str, owner: str, name: str) -> Function | None:
        """The method of a class as its instances have it; None where the integration has none."""
        return self._method(path, owner, name, Instance(path, owner))

    def _arguments(self, target: Function, call: Call, frame: Frame) -> dict[str, Meanings]:
        code = self._modules[target.path].functions[target.name]
        names = code.parameters[1:] if code.bound and target.of else code.parameters
        given = [*zip(names, call.arguments, strict=False), *call.keywords]
        found = {name: self.any_of(values, frame) for name, values in given if values}
        return {name: meanings for name, meanings in found.items() if meanings}

    def _constructor(self, target: Class) -> Function | None:
        return self._method(target.path, target.name, "__init__", Instance(target.path, target.name))

    def _result(self, value: Call, frame: Frame) -> Meanings:
        found = NOTHING
        for target in self.any_of(value.function, frame):
            if isinstance(target, Class):
                found |= {Instance(target.path, target.name)}
            elif isinstance(target, Function) and frame.depth < _DEEPEST:
                found |= self._returned(target, self._arguments(target, value, frame), frame.depth)
        return found

    def _returned(self, target: Function, arguments: Mapping[str, Meanings], depth: int) -> Meanings:
        key = target, frozenset(arguments.items())
        if key not in self._results:
            self._results[key] = NOTHING  # a function that calls itself adds nothing
            inner = self.start(target, arguments)
            inner.depth = depth + 1
            self._results[key] = self.any_of(inner.code.returns, inner)
        return self._results[key]

    def _item(self, value: Item, frame: Frame) -> Meanings:
        if Known.AUTH not in self.meanings(value.of, frame):
            return NOTHING
        named = Text(ENVELOPE) in self.meanings(value.key, frame)
        return frozenset((Known.CREDENTIALS,)) if named else NOTHING

    def _element(self, value: Element, frame: Frame) -> Meanings:
        lists = (each for each in self.meanings(value.of, frame) if isinstance(each, Texts))
        return frozenset(Text(text) for each in lists for text in each.texts)

    def _attribute(self, value: Attribute, frame: Frame) -> Meanings:
        found = NOTHING.union(*(self._member(each, value.name, frame.depth) for each in self.meanings(value.of, frame)))
        return found if found or value.name not in _CONTEXT_NAMES else frozenset((Known.CONTEXT,))

    def _member(self, of: Meaning, name: str, depth: int) -> Meanings:
        match of:
            case Known():
                kind = _ATTRIBUTES.get((of, name))
                return frozenset((kind,)) if kind else NOTHING
            case Module(path):
                return self._in_module(path, name)
            case Class(path, owner):
                method = self._method(path, owner, name, of)
                return frozenset((method,)) if method else self._of_class(path, owner, name)
            case Instance(path, owner):
                return self._of_instance(of, name, depth)
            case _:
                return NOTHING

    def _of_instance(self, of: Instance, name: str, depth: int) -> Meanings:
        method = self._method(of.path, of.name, name, of)
        if method is None:
            stored = (self.stores.get((path, owner, name), NOTHING) for path, owner in self._line(of.path, of.name))
            return NOTHING.union(self._of_class(of.path, of.name, name), *stored)
        if not self._modules[method.path].functions[method.name].is_property:
            return frozenset((method,))
        return self._returned(method, {}, depth) if depth < _DEEPEST else NOTHING

    def _of_class(self, path: str, owner: str, name: str) -> Meanings:
        """What is assigned in the body of a class, or of a base of it."""
        return NOTHING.union(*(self._global(place, f"{base}.{name}") for place, base in self._line(path, owner)))

    def _method(self, path: str, owner: str, name: str, of: Instance | Class) -> Function | None:
        for place, base in self._line(path, owner):
            code = self._modules[place].functions.get(f"{base}.{name}")
            if code is not None:
                return Function(place, code.name, of if code.bound and not _is_plain(code, of) else None)
        return None

    def _line(self, path: str, owner: str) -> Sequence[tuple[str, str]]:
        """A class and the bases of it that are the integration's own."""
        found = [(path, owner)]
        for place, name in found:
            bases = self._modules[place].classes.get(name, ())
            frame = Frame(place, FunctionCode(""))
            for base in self.any_of(bases, frame) if len(found) < _DEEPEST else ():
                if isinstance(base, Class) and (base.path, base.name) not in found:
                    found.append((base.path, base.name))
        return found

    def _in_module(self, path: str, name: str) -> Meanings:
        """A name of a module, or a module of the folder whose ``__init__.py`` it is."""
        if found := self._global(path, name):
            return found
        below = self._module_at(PurePosixPath(path).parent, name) if path.endswith("__init__.py") else None
        return frozenset((Module(below),)) if below else NOTHING

    def _global(self, path: str, name: str) -> Meanings:
        key = path, name
        if key not in self._globals:
            self._globals[key] = NOTHING
            code = self._modules.get(path) or ModuleCode()  # a folder may be a package without __init__.py
            if name in code.functions:
                self._globals[key] = frozenset((Function(path, name),))
            elif name in code.classes:
                self._globals[key] = frozenset((Class(path, name),))
            else:
                self._globals[key] = self.any_of(code.names.get(name, ()), Frame(path, FunctionCode("")))
        return self._globals[key]

    def _imported(self, path: str, value: Imported) -> Meanings:
        if not value.level and value.module == "os":
            kind = _OS_NAMES.get(value.name)
            return frozenset((kind,)) if kind else NOTHING
        parents = PurePosixPath(path).parents
        if value.level > len(parents):
            return NOTHING
        base = parents[value.level - 1] if value.level else PurePosixPath()
        module = self._module_at(base, value.module)
        if not value.name:
            return frozenset((Module(module or str(base.joinpath(*value.module.split("."), "__init__.py"))),))
        if module and (found := self._global(module, value.name)):
            return found
        below = self._module_at(base, f"{value.module}.{value.name}".strip("."))
        return frozenset((Module(below),)) if below else NOTHING

    def _module_at(self, base: PurePosixPath, dotted: str) -> str | None:
        place = base.joinpath(*dotted.split(".")) if dotted else base
        return next((path for path in (f"{place}.py", str(place / "__init__.py")) if path in self._modules), None)


def _is_plain(code: FunctionCode, of: Instance | Class) -> bool:
    """Whether a method is called through its class, with the instance as first argument."""
    return isinstance(of, Class) and bool(code.parameters) and code.parameters[0] == "self"
