"""The lines of one function of a check, keyword by keyword; see :mod:`._check_code`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autohive_integrations_sdk._schema_survey import NOT_READ, TYPES, is_names, is_number

if TYPE_CHECKING:
    from autohive_integrations_sdk._check_code import Code

_NESTED = 10
"""Indentation from which on a schema within a schema gets a function of its own; Python allows 20 nested loops."""

_LENGTHS = {"minLength": "<", "maxLength": ">"}
_SIZES = {"minProperties": "<", "maxProperties": ">"}
_COUNTS = {"minItems": "<", "maxItems": ">"}
_LIMITS = {"minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">="}

_OF_ONE_TYPE = frozenset(
    {"required", "properties", "additionalProperties", "propertyNames", "items", "additionalItems", "contains"}
    | {"uniqueItems", "pattern", "multipleOf"}
).union(NOT_READ, _LENGTHS, _SIZES, _COUNTS, _LIMITS)
"""The keywords that apply to values of one type."""

_OF_ALL_TYPES = frozenset({"$ref", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if"})

_IS = {
    "object": "type({0}) is dict",
    "array": "type({0}) is list",
    "string": "type({0}) is str",
    "number": "(type({0}) is int or type({0}) is float)",
    "integer": "(type({0}) is int or type({0}) is float and {0}.is_integer())",
    "boolean": "({0} is True or {0} is False)",
    "null": "{0} is None",
}
_ALL = ("object", "array", "string", "number", "boolean", "null")


type _Lines = Iterator[tuple[int, str]]
"""Lines with their indentation."""


class Body:
    """The body of one function: lines that return False where the value ``v`` is not certainly valid."""

    def __init__(self, code: Code, exact: bool) -> None:
        self._code = code
        self._exact = exact
        self._unsure = "raise Unsure" if exact else "return False"
        self._variables = 0

    def of(self, schema: Any) -> list[tuple[int, str]]:
        """All lines."""
        return list(self._schema(schema, "v", 0)) or [(0, "pass")]

    def _schema(self, schema: Any, v: str, depth: int) -> _Lines:
        if schema is True:
            return
        if schema is False:
            yield depth, "return False"
        elif type(schema) is not dict:
            yield depth, self._unsure
        elif "$ref" in schema:
            target = self._code.definition(schema["$ref"])
            yield depth, f"if not {self._code.function(target, self._exact)}({v}): return False"
        elif depth >= _NESTED:
            yield depth, f"if not {self._code.function(schema, self._exact)}({v}): return False"
        else:
            yield from self._types(schema, v, depth)
            yield from self._options(schema, v, depth)
            yield from self._combinations(schema, v, depth)

    def _failed(self, v: str) -> str:
        """The end for a value that is of none of the types of a rule."""
        return f"return odd({v})" if self._exact else "return False"

    def _types(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        """What ``type`` asks, and the keywords that apply to one type only."""
        kinds = _kinds(schema)
        if kinds is None:
            yield depth, self._unsure
            return
        blocks: dict[str, list[tuple[int, str]]] = {}
        single = len(kinds) == 1
        for kind in kinds:
            if lines := list(self._block(kind, schema, v, depth if single else depth + 1)):
                blocks[kind] = lines
        if single or not blocks:
            if "type" in schema:
                yield depth, f"if not {_any_of(kinds, v)}: {self._failed(v)}"
            for lines in blocks.values():
                yield from lines
            return
        word = "if"
        for kind, lines in blocks.items():
            yield depth, f"{word} {_IS[kind].format(v)}:"
            yield from lines
            word = "elif"
        rest = [kind for kind in kinds if kind not in blocks]
        yield depth, f"elif not {_any_of(rest, v)}: {self._failed(v)}" if rest else f"else: {self._failed(v)}"

    def _block(self, kind: str, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        """The keywords that apply to values of that type."""
        if kind == "object":
            yield from self._object(schema, v, depth)
        elif kind == "array":
            yield from self._array(schema, v, depth)
        elif kind == "string":
            yield from self._string(schema, v, depth)
        elif kind in ("number", "integer"):
            yield from self._number(schema, v, depth)

    def _compared(self, operators: Mapping[str, str], schema: Mapping[str, Any], left: str, depth: int) -> _Lines:
        """The keywords that compare a number, or a length, with a limit."""
        for keyword, operator in operators.items():
            if keyword in schema:
                limit = schema[keyword]
                yield depth, f"if {left} {operator} {limit!r}: return False" if is_number(limit) else self._unsure

    def _number(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        yield from self._compared(_LIMITS, schema, v, depth)
        if "multipleOf" in schema:
            factor = schema["multipleOf"]
            whole = type(factor) is int and factor > 0 and is_number(factor)
            yield depth, f"if {v} % {factor!r}: return False" if whole else self._unsure

    def _string(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        yield from self._compared(_LENGTHS, schema, f"len({v})", depth)
        if "pattern" in schema:
            # A search may take hours; where jsonschema is in it, the workbench can say which rule that is
            yield depth, self._unsure

    def _array(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        yield from self._compared(_COUNTS, schema, f"len({v})", depth)
        if schema.get("uniqueItems", False) is not False:
            yield depth, f"if len({v}) > 1 and not are_unique({v}): return False"
        if "contains" in schema:
            yield depth, f"if not any(map({self._code.function(schema['contains'], True)}, {v})): return False"
        items = schema.get("items", True)
        if type(items) is not list:
            if type(schema.get("items")) is bool and "additionalItems" in schema:
                yield depth, self._unsure
            yield from self._each(items, v, depth)
            return
        for index, item in enumerate(items):
            if lines := list(self._one(item, f"{v}[{index}]", depth + 1)):
                yield depth, f"if len({v}) > {index}:"
                yield from lines
        more = schema.get("additionalItems", True)
        if more is False:
            yield depth, f"if len({v}) > {len(items)}: return False"
        else:
            yield from self._each(more, f"{v}[{len(items)}:]", depth)

    def _object(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        required, properties = schema.get("required", []), schema.get("properties", {})
        has_form = is_names(required) and type(properties) is dict and all(type(name) is str for name in properties)
        if not has_form or not NOT_READ.isdisjoint(schema):
            yield depth, self._unsure
            return
        parts = {
            name: list(
                self._one(part, f"{v}[{name!r}]", depth) if name in required else self._optional(part, name, v, depth)
            )
            for name, part in properties.items()
        }
        # A missing property that is read raises KeyError, which is not certainly valid
        asked = [name for name in required if self._exact or not parts.get(name)]
        if asked:
            yield depth, "if " + " or ".join(f"{name!r} not in {v}" for name in asked) + ": return False"
        yield from self._compared(_SIZES, schema, f"len({v})", depth)
        for lines in parts.values():
            yield from lines
        if "propertyNames" in schema:
            yield from self._each(schema["propertyNames"], v, depth)
        other = schema.get("additionalProperties", True)
        if other is not True:
            yield from self._additional(other, frozenset(properties), v, depth)

    def _additional(self, schema: Any, known: frozenset[str], v: str, depth: int) -> _Lines:
        names = self._code.constant(known)
        if schema is False:
            yield depth, f"if not {v}.keys() <= {names}: return False"
            return
        name, value = self._variable(), self._variable()
        if lines := list(self._schema(schema, value, depth + 2)):
            yield depth, f"for {name}, {value} in {v}.items():"
            yield depth + 1, f"if {name} not in {names}:"
            yield from lines

    def _optional(self, schema: Any, name: str, v: str, depth: int) -> _Lines:
        """The check of a property that may be missing. One that has its type is not looked for a second time."""
        value = self._variable()
        is_there = f"({value} is not None or {name!r} in {v})"
        kinds = _kinds(schema) if _has_only_types(schema) and depth + 1 < _NESTED else None
        lines: list[tuple[int, str]] = []
        if kinds is None or (len(kinds) > 1 and not _OF_ONE_TYPE.isdisjoint(schema)):
            if lines := list(self._schema(schema, value, depth + 1)):
                lines.insert(0, (depth, f"if {is_there}:"))
        elif "null" in kinds:
            lines = [(depth, f"if not {_any_of(kinds, value)}: {self._failed(value)}")]
        elif block := list(self._block(kinds[0], schema, value, depth + 1)):
            failed = depth, f"elif {is_there}: {self._failed(value)}"
            lines = [(depth, f"if {_IS[kinds[0]].format(value)}:"), *block, failed]
        else:
            lines = [(depth, f"if not {_any_of(kinds, value)} and {is_there}: {self._failed(value)}")]
        if lines:
            yield depth, f"{value} = {v}.get({name!r})"
            yield from lines

    def _one(self, schema: Any, value: str, depth: int) -> _Lines:
        """The check of one value within another."""
        inner = self._variable()
        if lines := list(self._schema(schema, inner, depth)):
            yield depth, f"{inner} = {value}"
            yield from lines

    def _each(self, schema: Any, values: str, depth: int) -> _Lines:
        """The check of many values."""
        if type(schema) is dict and "$ref" in schema:
            many = self._code.function(self._code.definition(schema["$ref"]), self._exact, many=True)
            yield depth, f"if {values} and not {many}({values}): return False"
            return
        inner = self._variable()
        if lines := list(self._schema(schema, inner, depth + 1)):
            yield depth, f"for {inner} in {values}:"
            yield from lines

    def _options(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        """``enum`` and ``const``. What equals an array or an object is not decided here."""
        if "enum" in schema:
            options = schema["enum"]
            yield from self._option(options, v, depth) if type(options) is list else [(depth, self._unsure)]
        if "const" in schema:
            yield from self._option([schema["const"]], v, depth)

    def _option(self, options: list[Any], v: str, depth: int) -> _Lines:
        texts = frozenset(each for each in options if type(each) is str)
        numbers = frozenset(each for each in options if type(each) is int or type(each) is float)
        accepted = [f"{v} is {each}" for each in (True, False, None) if any(option is each for option in options)]
        if texts:
            accepted.append(f"type({v}) is str and {v} in {self._code.constant(texts)}")
        if numbers:
            accepted.append(f"{_IS['number'].format(v)} and {v} in {self._code.constant(numbers)}")
        if self._exact and any(type(each) is dict or type(each) is list for each in options):
            yield depth, f"if type({v}) is dict or type({v}) is list: raise Unsure"
        yield depth, f"if not ({' or '.join(accepted) or 'False'}): {self._failed(v)}"

    def _combinations(self, schema: Mapping[str, Any], v: str, depth: int) -> _Lines:
        """The keywords that apply other schemas to the same value."""
        for keyword in ("allOf", "anyOf", "oneOf"):
            if keyword in schema:
                parts = schema[keyword]
                if type(parts) is not list or not parts or (keyword != "allOf" and not self._code.is_well_formed):
                    yield depth, self._unsure
                elif keyword == "allOf":
                    for part in parts:
                        yield from self._schema(part, v, depth)
                elif keyword == "anyOf":
                    either = " or ".join(self._holds(part, v) for part in parts)
                    yield depth, f"if not ({either}): return False"
                else:
                    held = ", ".join(self._holds(part, v) for part in parts)
                    yield depth, f"if sum(({held},)) != 1: return False"
        if ("not" in schema or "if" in schema) and not self._code.is_well_formed:
            yield depth, self._unsure
            return
        if "not" in schema:
            yield depth, f"if {self._holds(schema['not'], v)}: return False"
        if "if" in schema:
            yield depth, f"if {self._holds(schema['if'], v)}:"
            yield from list(self._schema(schema.get("then", True), v, depth + 1)) or [(depth + 1, "pass")]
            if lines := list(self._schema(schema.get("else", True), v, depth + 1)):
                yield depth, "else:"
                yield from lines

    def _holds(self, schema: Any, v: str) -> str:
        """An expression: whether a schema accepts the value. jsonschema may crash before it comes to another schema."""
        if _has_only_types(schema) and _OF_ONE_TYPE.isdisjoint(schema) and (kinds := _kinds(schema)):
            return f"({_any_of(kinds, v)} or odd({v}))"
        return f"{self._code.function(schema, True)}({v})"

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"


def _kinds(schema: Mapping[str, Any]) -> list[str] | None:
    """The types that a schema allows, None where one is not a type."""
    named = schema.get("type", _ALL)
    kinds = [named] if type(named) is str else list(named) if type(named) in (list, tuple) else []
    if not kinds or not all(type(kind) is str and kind in TYPES for kind in kinds):
        return None
    return [kind for kind in _IS if kind in kinds and not (kind == "integer" and "number" in kinds)]


def _has_only_types(schema: Any) -> bool:
    """Whether ``type`` decides alone on values of other types."""
    return type(schema) is dict and "type" in schema and _OF_ALL_TYPES.isdisjoint(schema)


def _any_of(kinds: list[str], v: str) -> str:
    return "(" + " or ".join(_IS[kind].format(v) for kind in kinds) + ")"
