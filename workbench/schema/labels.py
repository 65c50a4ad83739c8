"""A branch of ``oneOf`` or ``anyOf`` in words: its name, what it requires, and the properties that it declares."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.domain import Requirement, ValidationError
from workbench.jsondoc import pointer as pointers
from workbench.schema.refs import follow
from workbench.schema.words import both, choices, quote, types


def names(root: Any, schema: Any) -> tuple[str, ...]:
    """The properties that a schema declares or requires, in itself, its ``allOf`` and what these refer to."""
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [schema]
    while waiting:
        node = follow(root, waiting.pop())
        if isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            declared = node.get("properties")
            found |= dict.fromkeys([*(declared if isinstance(declared, dict) else ()), *_texts(node.get("required"))])
            waiting.extend(_dicts(node.get("allOf")))
    return tuple(found)


def label(schema: Any, applying: Any) -> str:
    """A short name for a branch: its title, the constant that tells it apart, or what it requires."""
    for candidate in (schema, applying):
        if isinstance(candidate, dict) and isinstance(title := candidate.get("title"), str) and title:
            return title
    mark = next(iter(_marks(applying)), None)
    return f"{quote(mark[0])} is {mark[1]}" if mark else outline(applying)


def requirements(schema: Any, errors: Sequence[ValidationError], at: str, *, matched: bool) -> tuple[Requirement, ...]:
    """What a branch requires of the value at ``at``, each with whether it is met."""
    if not isinstance(schema, dict):
        return (Requirement(outline(schema), matched),)
    failed = {(error.pointer, error.keyword) for error in errors}
    found = []
    if schema.get("type"):
        found.append(Requirement(types(schema["type"]), (at, "type") not in failed))
    if (at, "type") in failed:
        return tuple(found)
    found += [
        Requirement(f"property {quote(name)}", (pointers.join(at, name), "required") not in failed)
        for name in _texts(schema.get("required"))
    ]
    found += [
        Requirement(f"{quote(name)} is {value}", not any(pointers.join(at, name) == place for place, _ in failed))
        for name, value in _marks(schema)
    ]
    known = {(at, "type"), *((pointers.join(at, name), "required") for name in _texts(schema.get("required")))}
    known |= {(pointers.join(at, name), word) for name, _ in _marks(schema) for word in ("const", "enum")}
    found += [
        Requirement(f"{error.pointer[len(at) :] or 'the value'}: {error.expected}", met=False)
        for error in errors
        if (error.pointer, error.keyword) not in known
    ]
    return tuple(found) or (Requirement(outline(schema), matched),)


def _marks(schema: Any) -> list[tuple[str, str]]:
    """The properties with a fixed value, which tell branches apart, and that value in words."""
    declared = schema.get("properties") if isinstance(schema, dict) else None
    found = []
    for name, inner in declared.items() if isinstance(declared, dict) else ():
        if isinstance(inner, dict) and "const" in inner:
            found.append((name, quote(inner["const"])))
        elif isinstance(inner, dict) and isinstance(values := inner.get("enum"), list) and len(values) == 1:
            found.append((name, choices(values)))
    return found


def _texts(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _dicts(value: Any) -> list[Any]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def outline(schema: Any) -> str:
    """A schema in a few words: its title, or what it requires first."""
    if not isinstance(schema, dict):
        return "nothing" if schema is False else "any value"
    if isinstance(title := schema.get("title"), str) and title:
        return title
    return _required(schema) or "any value of its schema"


def _required(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return quote(schema["const"])
    if isinstance(schema.get("enum"), list):
        return choices(schema["enum"], most=4)
    words = types(schema["type"]) if schema.get("type") else ""
    if isinstance(schema.get("required"), list) and schema["required"]:
        return f"{words or 'object'} with {both(quote(name) for name in schema['required'][:4])}"
    if schema.get("type") == "array" and isinstance(items := schema.get("items"), dict) and items.get("type"):
        return f"array of {types(items['type'])}"
    if not words and isinstance(schema.get("properties"), dict):
        return f"object with {both(quote(name) for name in list(schema['properties'])[:4])}"
    for keyword in ("minimum", "maximum", "pattern", "format", "minLength", "maxLength"):
        if keyword in schema:
            return f"{words or 'value'} with {keyword} {quote(schema[keyword])}"
    return words
