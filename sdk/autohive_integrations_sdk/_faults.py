"""What jsonschema finds, as faults with pointers; and whose fault it is where jsonschema crashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from autohive_integrations_sdk._errors import SchemaError, SchemaFault, ValidationError, listed
from autohive_integrations_sdk._false import NOTHING

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError as Finding

_LONGEST = 600
_DEEP = 60
_ENDLESS = 1_000_000


def of_findings(findings: Iterable[Finding], schema: Any, *, secret: bool = False) -> tuple[SchemaFault, ...]:
    """Findings as faults, in the order of their places in the data. ``secret`` keeps the data out of the messages."""
    ordered = sorted(findings, key=lambda finding: [_sort_key(part) for part in finding.absolute_path])
    return tuple(_fault(finding, schema, secret) for finding in ordered)


def too_deep(schema: Any, data: Any, source: str, of: str) -> ValidationError:
    """The error for a comparison that ran out of stack: something is deep, or a ``$ref`` goes in circles."""
    for what, value, kind in (("data", data, ValidationError), ("schema", schema, SchemaError)):
        if (depth := _depth(value)) > _DEEP:
            how = f"{depth} levels deep" if depth < _ENDLESS else "without end"
            message = f"The {source}{of} cannot be checked: the {what} is nested {how}. Flatten it."
            fault = SchemaFault("", "", "depth", f"the {what} is nested {how}")
            return kind(message, schema, data, source, errors=(fault,))
    circular = [
        SchemaFault("", pointer, "$ref", f"the reference {ref!r} leads back to itself")
        for pointer, ref in _references(schema)
    ]
    return _schema_error(circular or [SchemaFault("", "", "", "it has no end")], schema, data, source, of)


def blame(error: Exception, schema: Any, data: Any, source: str, of: str) -> ValidationError:
    """The error for a comparison that crashed: the faults of the schema, where it has any, else what happened."""
    faults = _faults_of_schema(schema) or _unresolved(error, schema)
    if faults:
        return _schema_error(faults, schema, data, source, of)
    message = f"The {source}{of} cannot be held against the schema: {type(error).__name__}: {error}"
    fault = SchemaFault("", "", "", f"{type(error).__name__}: {error}")
    return ValidationError(message, schema, data, source, errors=(fault,))


def pointer_of(parts: Iterable[Any]) -> str:
    """A JSON Pointer (RFC 6901) of a path's parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _schema_error(faults: Sequence[SchemaFault], schema: Any, data: Any, source: str, of: str) -> SchemaError:
    heading = f"The {source} schema{of} in config.json is itself invalid (the data is not at fault):"
    lines = (f"{fault.schema_pointer or '(root)'}: {fault.message}" for fault in faults)
    return SchemaError(listed(heading, lines), schema, data, source, errors=tuple(faults))


def _fault(finding: Finding, schema: Any, secret: bool) -> SchemaFault:
    pointer, node = _place(schema, list(finding.absolute_schema_path))
    message = _without_value(finding) if secret else finding.message
    if node is False and finding.validator == NOTHING:
        message = "nothing is allowed here"
    return SchemaFault(
        pointer=pointer_of(finding.absolute_path),
        schema_pointer=pointer,
        keyword="false" if node is False else str(finding.validator),
        message=_shortened(message),
        branches=of_findings(finding.context or (), schema, secret=secret),
    )


def _without_value(finding: Finding) -> str:
    """The message without the value that it is about: credentials do not belong in a log."""
    shown = repr(finding.instance)
    if finding.message.startswith(shown):
        return "the value" + finding.message[len(shown) :]
    return finding.message.replace(shown, "the value")


def _shortened(message: str) -> str:
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"


def _sort_key(part: object) -> tuple[int, int, str]:
    """Indexes by number, names by letter: paths mix both."""
    return (0, part, "") if isinstance(part, int) else (1, 0, str(part))


def _place(schema: Any, path: Sequence[Any]) -> tuple[str, Any]:
    """Where the keyword stands that was broken, and its value.

    jsonschema's path passes over references without a trace; they are followed, so that the pointer resolves. It ends
    at a ``false``, which was spelled out for jsonschema.
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
    """The end of a chain of local references that starts at a place; the place itself where there is none."""
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


def _faults_of_schema(schema: Any) -> list[SchemaFault]:
    """Where the schema breaks the rules of draft 7, regular expressions included."""
    from jsonschema import Draft7Validator

    meta = Draft7Validator(Draft7Validator.META_SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)
    try:
        findings = sorted(meta.iter_errors(schema), key=lambda finding: pointer_of(finding.absolute_path))
    except (RecursionError, TypeError):
        return []
    return [
        SchemaFault("", pointer_of(finding.absolute_path), _keyword(finding), _shortened(finding.message))
        for finding in findings
    ]


def _keyword(finding: Finding) -> str:
    """The keyword of the schema that is misused, which is the last name on the way to it."""
    return next((part for part in reversed(finding.absolute_path) if isinstance(part, str)), "")


def _unresolved(error: Exception, schema: Any) -> list[SchemaFault]:
    """The references that lead nowhere, where the error is about references."""
    if "Ref" not in type(error).__name__ and not hasattr(error, "ref"):  # its name differs between releases
        return []
    message = "the reference {!r} leads nowhere in this schema, and nothing is fetched from elsewhere"
    nowhere = [(pointer, ref) for pointer, ref in _references(schema) if not _leads_somewhere(schema, ref)]
    meant = [(pointer, ref) for pointer, ref in nowhere if ref.lstrip("#/") in str(error)]
    return [SchemaFault("", pointer, "$ref", message.format(ref)) for pointer, ref in meant or nowhere]


def _leads_somewhere(schema: Any, ref: str) -> bool:
    """Whether a local reference has a target; where another one points is not known here."""
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
    """How many containers stand in each other, counted level by level without recursion; what has no end is deep."""
    depth, level = 0, [value]
    while level := [child for node in level for _, child in _children(node)]:
        depth += 1
        if depth >= _ENDLESS or len(level) >= _ENDLESS:
            return _ENDLESS
    return depth
