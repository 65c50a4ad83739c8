"""What a branch of ``oneOf`` or ``anyOf`` asks, in words: its name, its row of the matrix, the members it speaks of."""

from collections.abc import Sequence
from typing import Any

from workbench.jsondoc import pointer as pointers
from workbench.schema.faults import Ask, Branch, Fault
from workbench.schema.refs import followed
from workbench.schema.sentences import outline
from workbench.schema.words import choices, either, quote, types


def members(root: Any, schema: Any) -> frozenset[str]:
    """The names that a schema speaks of: declared or required, in itself, its ``allOf`` and what these refer to."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [schema]
    while waiting:
        node = followed(root, waiting.pop())
        if isinstance(node, dict) and id(node) not in seen:
            seen.add(id(node))
            declared = node.get("properties")
            names.update(declared if isinstance(declared, dict) else (), _texts(node.get("required")))
            waiting.extend(_dicts(node.get("allOf")))
    return frozenset(names)


def label(schema: Any, applying: Any) -> str:
    """A short name for a branch: its title, the constant that tells it apart, or what it asks."""
    for candidate in (schema, applying):
        if isinstance(candidate, dict) and isinstance(title := candidate.get("title"), str) and title:
            return title
    mark = next(iter(_marks(applying)), None)
    return f"{quote(mark[0])} is {mark[1]}" if mark else outline(applying)


def asks(schema: Any, faults: Sequence[Fault], at: str, *, matched: bool) -> tuple[Ask, ...]:
    """What a branch asks of the value at ``at``, each with whether it is met."""
    if not isinstance(schema, dict):
        return (Ask(outline(schema), matched),)
    failed = {(fault.pointer, fault.keyword) for fault in faults}
    asked = []
    if schema.get("type"):
        asked.append(Ask(types(schema["type"]), (at, "type") not in failed))
    if (at, "type") in failed:
        return tuple(asked)
    asked += [
        Ask(f"a member {quote(name)}", (pointers.join(at, name), "required") not in failed)
        for name in _texts(schema.get("required"))
    ]
    asked += [
        Ask(f"{quote(name)} is {value}", not any(pointers.join(at, name) == place for place, _ in failed))
        for name, value in _marks(schema)
    ]
    said = {(at, "type"), *((pointers.join(at, name), "required") for name in _texts(schema.get("required")))}
    said |= {(pointers.join(at, name), word) for name, _ in _marks(schema) for word in ("const", "enum")}
    asked += [
        Ask(f"{fault.pointer[len(at) :] or 'the value'}: {fault.expected}", met=False)
        for fault in faults
        if (fault.pointer, fault.keyword) not in said
    ]
    return tuple(asked) or (Ask(outline(schema), matched),)


def wants(rows: Sequence[Branch]) -> str:
    """What the branches want, one by one: ``a string or an array``."""
    return either(dict.fromkeys(row.label for row in rows))


def _marks(schema: Any) -> list[tuple[str, str]]:
    """The members with a fixed value, which tell branches apart, and that value in words."""
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
