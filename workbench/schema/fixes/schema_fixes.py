"""Changes of the schema that may remove an error: candidates, which :mod:`workbench.schema.fixes.trials` tests."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workbench.domain import ABSENT, ErrorCode, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.patch import add, move, remove, replace
from workbench.jsondoc.types import TYPES
from workbench.schema.fixes.data_fixes import Candidate, parse_text
from workbench.schema.infer import infer
from workbench.schema.similarity import similar
from workbench.schema.words import kind, quote


def candidates(schema: Any, instance: Any, error: ValidationError) -> Iterator[Candidate]:
    """Patches for ``schema`` with a title each, the smallest first."""
    if error.in_schema:
        yield from _of_schema(schema, error)
        return
    at = error.cause or error
    holder = pointers.resolve(schema, pointers.parent(at.schema_pointer))
    value = pointers.resolve(instance, at.pointer)
    make = _BY_KEYWORD.get(at.keyword)
    if make is not None and isinstance(holder, dict):
        yield from make(holder, pointers.parent(at.schema_pointer), at, value)
    if at.keyword in _LIMITS and isinstance(holder, dict):
        yield f"Remove {at.keyword} from the schema", (remove(at.schema_pointer),)
    if at.keyword == "":
        yield "Allow any value here", (replace(at.schema_pointer, True),)
    if error.keyword in ("oneOf", "anyOf"):
        yield from _branches(error, pointers.resolve(instance, error.pointer))


type _Maker = Callable[[Mapping[str, Any], str, ValidationError, Any], Iterator[Candidate]]

_LIMITS = frozenset(
    {"pattern", "uniqueItems", "contains", "not", "multipleOf", "propertyNames", "dependencies", "minProperties"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"}
    | {"maxProperties", "additionalItems"}
)


def _type(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    wanted = holder["type"]
    names = list(wanted) if isinstance(wanted, list) else [wanted]
    found = kind(value)
    if found == "number" and "integer" in names:
        widened = ["number" if name == "integer" else name for name in names]
    else:
        widened = [*names, found]
    new = widened if len(widened) > 1 else widened[0]
    ops = [replace(f"{at}/type", new)]
    if value is None and holder.get("nullable") is True:
        ops.append(remove(f"{at}/nullable"))
    if isinstance(holder.get("enum"), list) and value not in holder["enum"]:
        ops.append(add(f"{at}/enum/-", value))
    yield f"Change the type to {_type_text(new)}", tuple(ops)


def _type_text(names: Any) -> str:
    """A value of ``type`` as it is written."""
    return " or ".join(names) if isinstance(names, list) else str(names)


def _required(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    name, names = pointers.last(error.pointer), holder.get("required")
    if not isinstance(names, list) or name not in names:
        return
    members = holder.get("properties")
    declared = members if isinstance(members, dict) else {}
    meant = "" if name in declared else similar(name, [other for other in declared if other not in names])
    if meant:
        place = f"{at}/required/{names.index(name)}"
        yield f"Require {quote(meant)} instead of {quote(name)}", (replace(place, meant),)
    whole = len(names) == 1
    patch = (remove(f"{at}/required"),) if whole else (remove(f"{at}/required/{names.index(name)}"),)
    yield f"Make {quote(name)} optional", patch


def _extra(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    name = pointers.last(error.pointer)
    if isinstance(holder.get("properties"), dict):
        yield f"Declare property {quote(name)}", (add(pointers.join(at, "properties", name), infer([value])),)
    else:
        yield f"Declare property {quote(name)}", (add(f"{at}/properties", {name: infer([value])}),)
    yield "Allow additional properties", (replace(f"{at}/additionalProperties", True),)


def _enum(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    if isinstance(holder["enum"], list) and value is not ABSENT:
        yield f"Add {quote(value)} to the allowed values", (add(f"{at}/enum/-", value),)
    yield "Remove enum from the schema", (remove(f"{at}/enum"),)


def _const(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    if value is not ABSENT:
        yield "Allow both values", (remove(f"{at}/const"), add(f"{at}/enum", [holder["const"], value]))


def _limit(holder: Mapping[str, Any], at: str, error: ValidationError, value: Any) -> Iterator[Candidate]:
    measured = value if isinstance(value, int | float) else len(value) if isinstance(value, str | list | dict) else None
    if measured is None:
        return
    keyword = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}.get(error.keyword, error.keyword)
    if keyword == error.keyword:
        yield f"Change {keyword} to {quote(measured)}", (replace(f"{at}/{keyword}", measured),)
    else:
        patch = (remove(f"{at}/{error.keyword}"), add(f"{at}/{keyword}", measured))
        yield f"Change {keyword} to {quote(measured)}", patch


def _branches(error: ValidationError, value: Any) -> Iterator[Candidate]:
    if any(branch.matched for branch in error.branches):
        target = pointers.join(pointers.parent(error.schema_pointer), "anyOf")
        yield "Allow several branches to match (anyOf)", (move(error.schema_pointer, target),)
    elif value is not ABSENT:
        yield "Add a branch for this value", (add(f"{error.schema_pointer}/-", infer([value])),)


def _of_schema(schema: Any, error: ValidationError) -> Iterator[Candidate]:
    at = error.schema_pointer
    if error.code is ErrorCode.REQUIRED_BOOLEAN:
        ops = [remove(at)]
        member = pointers.parent(at)
        around = pointers.parent(pointers.parent(member))
        outer = pointers.resolve(schema, around)
        name = pointers.last(member)
        is_member = pointers.last(pointers.parent(member)) == "properties" and isinstance(outer, dict)
        if error.value is not None and error.value.text == "true" and is_member:
            names = outer.get("required")
            if not isinstance(names, list):
                ops.append(add(f"{around}/required", [name]))
            elif name not in names:
                ops.append(add(f"{around}/required/-", name))
        yield f"Remove required from {member or 'the schema'}", tuple(ops)
        return
    if pointers.last(at) == "type" and (meant := _type_meant(pointers.resolve(schema, at))):
        yield f"Change the type to {quote(meant)}", (replace(at, meant),)
    for value in parse_text(pointers.resolve(schema, at)):
        yield f"Change {pointers.last(at)} to {quote(value)}", (replace(at, value),)
    if at and error.keyword:
        yield f"Remove {at} from the schema", (remove(at),)


_OF_PYTHON = {
    "str": "string",
    "text": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "map": "object",
    "none": "null",
}
"""What types are called elsewhere."""


def _type_meant(written: Any) -> str:
    """The type of Draft 7 that a wrong one was probably meant to be; empty where there is none."""
    if not isinstance(written, str) or written in TYPES:
        return ""
    return _OF_PYTHON.get(written.casefold()) or similar(written, TYPES)


_BY_KEYWORD: Mapping[str, _Maker] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _extra,
    "enum": _enum,
    "const": _const,
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems"), _limit
    ),
    **dict.fromkeys(("maxItems", "minProperties", "maxProperties"), _limit),
}
