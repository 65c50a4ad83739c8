"""What an expression of the code is as JSON, as far as it is written out: for a comparison with a schema."""

import ast
from dataclasses import dataclass

from workbench.jsondoc.types import type_name


@dataclass(frozen=True, slots=True)
class LiteralScalar:
    """A value that is neither an object nor an array: its JSON type, and where it stands."""

    type: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class LiteralArray:
    """An array; ``items`` are those that are written out, None for what is not known."""

    items: tuple["Literal | None", ...]
    line: int
    column: int
    type: str = "array"


@dataclass(frozen=True, slots=True)
class LiteralObject:
    """An object; ``open`` tells that it may have more properties, None is a value that is not known."""

    properties: tuple[tuple[str, "Literal | None"], ...]
    open: bool
    line: int
    column: int
    type: str = "object"


type Literal = LiteralScalar | LiteralArray | LiteralObject


def literal(node: ast.expr) -> Literal | None:
    """What the expression is; None where that is not written out."""
    place = node.lineno, node.col_offset + 1
    match node:
        case ast.Constant(value=value) if value is None or isinstance(value, str | int | float):
            return LiteralScalar(type_name(value), *place)
        case ast.JoinedStr():
            return LiteralScalar("string", *place)
        case ast.Dict():
            return literal_object(node)
        case ast.Call():
            return literal_call(node)
        case ast.DictComp():
            return LiteralObject((), True, *place)
        case ast.List(elts=elements):
            return LiteralArray(tuple(literal(each) for each in elements), *place)
        case ast.ListComp():
            return LiteralArray((), *place)
        case _:
            return None


def literal_object(node: ast.Dict) -> LiteralObject:
    """The object that a dict display makes. A key that is not a string makes it open."""
    found: dict[str, Literal | None] = {}
    is_open = False
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found[key.value] = literal(value)
        else:
            is_open = True
            found = dict.fromkeys(found)  # what comes later may replace what was written before
    return LiteralObject(tuple(found.items()), is_open, node.lineno, node.col_offset + 1)


def literal_call(node: ast.Call) -> LiteralObject | None:
    """The object that ``dict(name=value)`` makes; None for any other call. What it is given to begin with is open."""
    if not isinstance(node.func, ast.Name) or node.func.id != "dict":
        return None
    is_open = bool(node.args) or any(each.arg is None for each in node.keywords)
    found = {each.arg: literal(each.value) for each in node.keywords if each.arg is not None}
    if any(each.arg is None for each in node.keywords):
        found = dict.fromkeys(found)
    return LiteralObject(tuple(found.items()), is_open, node.lineno, node.col_offset + 1)
