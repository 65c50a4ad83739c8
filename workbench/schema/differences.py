"""The one place of a container that breaks a rule about all of it: a constant, a choice, a forbidden property."""

from typing import Any

from workbench.schema.words import kind


def find_difference(wanted: Any, keyword: str, instance: object) -> tuple[tuple[str | int, ...], Any]:
    """For a container that must equal a constant: the one place where it differs from the closest, and that constant.

    The path is ``()`` where there is no such place.
    """
    values = wanted if keyword == "enum" and isinstance(wanted, list) else [wanted]
    if not isinstance(instance, dict | list):
        return (), wanted
    paths = [(_one_difference(value, instance), value) for value in values if type(value) is type(instance)]
    return max((found for found in paths if found[0]), key=lambda found: len(found[0]), default=((), wanted))


def _one_difference(wanted: Any, instance: Any) -> tuple[str | int, ...]:
    if isinstance(wanted, dict) and isinstance(instance, dict):
        names: list[Any] = [*wanted, *(name for name in instance if name not in wanted)]
        different = [name for name in names if not _same(wanted.get(name, ...), instance.get(name, ...))]
    elif isinstance(wanted, list) and isinstance(instance, list) and len(wanted) == len(instance):
        different = [i for i, (a, b) in enumerate(zip(wanted, instance, strict=True)) if not _same(a, b)]
    else:
        return ()
    if len(different) != 1:
        return ()
    name = different[0]
    inner = isinstance(wanted, list) or (name in wanted and name in instance)
    return (name, *(_one_difference(wanted[name], instance[name]) if inner else ()))


def _same(one: Any, other: Any) -> bool:
    if kind(one) == kind(other) and isinstance(one, dict | list):
        return not _differs(one, other)
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _differs(one: Any, other: Any) -> bool:
    if len(one) != len(other):
        return True
    if isinstance(one, dict):
        return any(name not in other or not _same(value, other[name]) for name, value in one.items())
    return any(not _same(a, b) for a, b in zip(one, other, strict=True))


def forbidden_property(schema: Any, instance: object) -> str | None:
    """For ``not: {required: [one]}``: that property, which should not be there; else None."""
    if isinstance(schema, dict) and isinstance(instance, dict) and set(schema) == {"required"}:
        names = schema["required"]
        only = names[0] if isinstance(names, list) and len(names) == 1 else None
        return only if isinstance(only, str) and only in instance else None
    return None
