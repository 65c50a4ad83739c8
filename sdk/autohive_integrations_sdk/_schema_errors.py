"""The errors that jsonschema finds, as violations with pointers, and the error to raise where jsonschema crashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from autohive_integrations_sdk._errors import SchemaError, SchemaViolation, ValidationError, listed
from autohive_integrations_sdk._false_schemas import ALLOWS_NOTHING

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError as Found

_LONGEST = 600
_DEEP = 60
_ENDLESS = 1_000_000


def violations_of(found: Iterable[Found], schema: Any, *, secret: bool = False) -> tuple[SchemaViolation, ...]:
    """The errors as violations, ordered by their places in the data. ``secret`` leaves the data out of messages."""
    ordered = sorted(found, key=lambda error: [_sort_key(part) for part in error.absolute_path])
    return tuple(_violation(error, schema, secret) for error in ordered)


def depth_error(schema: Any, data: Any, source: str, of: str) -> ValidationError:
    """The error for a check that ran out of stack: data or schema is nested too deep, or a ``$ref`` is circular."""
    for what, value, kind in (("data", data, ValidationError), ("schema", schema, SchemaError)):
        if (depth := _depth(value)) > _DEEP:
            how = f"{depth} levels deep" if depth < _ENDLESS else "without end"
            message = f"The {source}{of} cannot be checked: the {what} is nested {how}. Flatten it."
            violation = SchemaViolation("", "", "depth", f"the {what} is nested {how}")
            return kind(message, schema, data, source, errors=(violation,))
    circular = [
        SchemaViolation("", pointer, "$ref", f"the reference {ref!r} refers to itself")
        for pointer, ref in _references(schema)
    ]
    return _schema_error(
        circular or [SchemaViolation("", "", "", "the schema refers to itself")], schema, data, source, of
    )


def crash_error(error: Exception, schema: Any, data: Any, source: str, of: str) -> ValidationError:
    """The error for a check that crashed: the errors of the schema, where it has any, else the exception."""
    violations = _violations_of_schema(schema) or _unresolved(error, schema)
    if violations:
        return _schema_error(violations, schema, data, source, of)
    message = f"The {source}{of} cannot be checked against the schema: {type(error).__name__}: {error}"
    violation = SchemaViolation("", "", "", f"{type(error).__name__}: {error}")
    return ValidationError(message, schema, data, source, errors=(violation,))


def pointer_of(parts: Iterable[Any]) -> str:
    """A JSON Pointer (RFC 6901) of a path's parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _schema_error(violations: Sequence[SchemaViolation], schema: Any, data: Any, source: str, of: str) -> SchemaError:
    heading = f"The {source} schema{of} in config.json is itself invalid, whatever the data:"
    lines = (f"{each.schema_pointer or '(root)'}: {each.message}" for each in violations)
    return SchemaError(listed(heading, lines), schema, data, source, errors=tuple(violations))


def _violation(error: Found, schema: Any, secret: bool) -> SchemaViolation:
    pointer, node = _place(schema, list(error.absolute_schema_path))
    message = _without_value(error) if secret else error.message
    if node is False and error.validator == ALLOWS_NOTHING:
        message = "nothing is allowed here"
    return SchemaViolation(
        pointer=pointer_of(error.absolute_path),
        schema_pointer=pointer,
        keyword="false" if node is False else str(error.validator),
        message=_shortened(message),
        branches=violations_of(error.context or (), schema, secret=secret),
    )


def _without_value(error: Found) -> str:
    """The message without the value: credentials do not belong in a log."""
    shown = repr(error.instance)
    if error.message.startswith(shown):
        return "the value" + error.message[len(shown) :]
    return error.message.replace(shown, "the value")


def _shortened(message: str) -> str:
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"


def _sort_key(part: object) -> tuple[int, int, str]:
    """Indexes by number, names by letter: paths mix both."""
    return (0, part, "") if isinstance(part, int) else (1, 0, str(part))


def _place(schema: Any, path: Sequence[Any]) -> tuple[str, Any]:
    """The pointer to the violated keyword, and its value.

    jsonschema's path leaves references out; they are followed here, so that the pointer resolves. It ends at a
    ``false``, which was replaced for jsonschema.
    """
    parts: list[Any] = []
    node = schema
    for part in path:
        parts, node = _follow(schema, parts, node)
        if node is False:
            break
        parts.append(part)
        node = _child(node, part)
    return pointer_of(parts), node


def _follow(schema: Any, parts: list[Any], node: Any, limit: int = _DEEP) -> tuple[list[Any], Any]:
    """The end of the chain of local references at a place; the place itself where there is none."""
    for _ in range(limit):
        ref = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
            break
        parts, node = [], schema
        for step in unquote(ref).split("/")[1:]:
            parts.append(step.replace("~1", "/").replace("~0", "~"))
            node = _child(node, parts[-1])
    return parts, node


def _child(node: Any, part: Any) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and str(part).isdecimal() and int(part) < len(node):
        return node[int(part)]
    return None


def _violations_of_schema(schema: Any) -> list[SchemaViolation]:
    """Where the schema is invalid by draft 7, regular expressions included."""
    from jsonschema import Draft7Validator

    meta = Draft7Validator(Draft7Validator.META_SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)
    try:
        found = sorted(meta.iter_errors(schema), key=lambda error: pointer_of(error.absolute_path))
    except (RecursionError, TypeError):
        return []
    return [
        SchemaViolation("", pointer_of(error.absolute_path), _keyword(error), _shortened(error.message))
        for error in found
    ]


def _keyword(error: Found) -> str:
    """The invalid keyword of the schema: the last name in the path."""
    return next((part for part in reversed(error.absolute_path) if isinstance(part, str)), "")


def _unresolved(error: Exception, schema: Any) -> list[SchemaViolation]:
    """The references without a target, where the error is about references."""
    if "Ref" not in type(error).__name__ and not hasattr(error, "ref"):  # its name differs between releases
        return []
    message = "the reference {!r} has no target in this schema, and nothing is fetched"
    missing = [(pointer, ref) for pointer, ref in _references(schema) if not _has_target(schema, ref)]
    named = [(pointer, ref) for pointer, ref in missing if ref.lstrip("#/") in str(error)]
    return [SchemaViolation("", pointer, "$ref", message.format(ref)) for pointer, ref in named or missing]


def _has_target(schema: Any, ref: str) -> bool:
    """Whether a local reference has a target; that of another is not known here."""
    target = _follow(schema, [], {"$ref": ref}, limit=1)[1]
    return target is not None and target != {"$ref": ref}


def _references(schema: Any) -> Iterator[tuple[str, str]]:
    """Every ``$ref`` of a schema with the pointer to it."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), schema)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            yield pointer_of((*path, "$ref")), node["$ref"]
        for key, child in _children(node):
            waiting.append(((*path, key), child))


def _children(node: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(node, dict):
        return node.items()
    return enumerate(node) if isinstance(node, list) else ()


def _depth(value: Any) -> int:
    """The number of nested levels, counted without recursion; ``_ENDLESS`` for a value that contains itself."""
    depth, level = 0, [value]
    while level := [child for node in level for _, child in _children(node)]:
        depth += 1
        if depth >= _ENDLESS or len(level) >= _ENDLESS:
            return _ENDLESS
    return depth
