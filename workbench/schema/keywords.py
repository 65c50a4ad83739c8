"""Keywords of Draft 7, checked as ``jsonschema`` does, with errors that know their place, and in bounded time.

Each takes a validator, the keyword's value, the instance and the schema around it, as ``jsonschema`` calls them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from workbench.jsondoc.equality import are_unique, key
from workbench.schema import effort
from workbench.schema.compiled import rejected
from workbench.schema.patterns import search

_MANY = 8
"""Items from which on it pays to pass over those that a compiled check accepts."""


def pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``pattern``, within a time limit."""
    if validator.is_type(instance, "string") and not search(pattern, instance):
        yield ValidationError("does not match")


def pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``patternProperties``, within a time limit."""
    if not validator.is_type(instance, "object"):
        return
    for pattern, subschema in patterns.items():
        for name, value in instance.items():
            if search(pattern, name):
                yield from validator.descend(value, subschema, path=name, schema_path=pattern)


def additional_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``additionalProperties``: an error for each property that is not allowed, at its place.

    Where there are many, those that a compiled check accepts are passed over, as in :func:`items`.
    """
    if not validator.is_type(instance, "object"):
        return
    extras = _extras(instance, schema)
    holds_schema = validator.is_type(wanted, "object")
    if holds_schema and len(extras) >= _MANY:
        extras = [extras[place] for place in rejected(wanted, _root(validator), [instance[name] for name in extras])]
    for name in extras:
        if holds_schema:
            yield from validator.descend(instance[name], wanted, path=name)
        elif not wanted:
            yield ValidationError("is not allowed", path=(name,))


def _extras(instance: Mapping[Any, Any], schema: Mapping[str, Any]) -> list[Any]:
    """The properties that neither ``properties`` nor ``patternProperties`` declares, in order."""
    declared = schema.get("properties", {})
    patterns = "|".join(schema.get("patternProperties", {}))
    return [name for name in instance if name not in declared and not (patterns and search(patterns, name))]


def property_names(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``propertyNames``: an error for each property whose name is not allowed, at its place."""
    if not validator.is_type(instance, "object"):
        return
    for name in instance:
        errors = list(validator.descend(name, wanted))
        if errors:
            yield ValidationError("has a name that is not allowed", path=(name,), context=errors)


def required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``required``: an error for each property that is missing, at its place."""
    if not validator.is_type(instance, "object"):
        return
    for name in required:
        if name not in instance:
            yield ValidationError("is missing", path=(name,))


def dependencies(validator: Any, dependencies: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``dependencies``: an error for each property that is missing, at its place."""
    if not validator.is_type(instance, "object"):
        return
    for name, dependency in dependencies.items():
        if name not in instance:
            continue
        if validator.is_type(dependency, "array"):
            for other in dependency:
                if other not in instance:
                    yield ValidationError("is missing", path=(other,), schema_path=(name,))
        else:
            yield from validator.descend(instance, dependency, schema_path=name)


def additional_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``additionalItems``: an error for each item that is not allowed, at its place."""
    tuple_ = schema.get("items", {})
    if not validator.is_type(instance, "array") or validator.is_type(tuple_, "object"):
        return
    first = len(tuple_)
    for index, item in enumerate(instance[first:], start=first):
        if validator.is_type(wanted, "object"):
            yield from validator.descend(item, wanted, path=index)
        elif not wanted:
            yield ValidationError("is not allowed", path=(index,))


def type_(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``type``."""
    # jsonschema's own writes the whole value into its message, which a deep or a long one does not survive
    names = [wanted] if isinstance(wanted, str) else wanted
    if not any(validator.is_type(instance, name) for name in names):
        yield ValidationError("is of another type")


def enum(validator: Any, choices: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``enum``."""
    # likewise, all the choices; and text needs no comparison of its own with each of thousands
    if isinstance(instance, str) and isinstance(choices, list):
        found = instance in choices
    else:
        wanted = key(instance)
        found = any(key(choice) == wanted for choice in choices)
    if not found:
        yield ValidationError("is none of the choices")


def unique_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``uniqueItems``, in time that does not grow with the square."""
    if wanted and validator.is_type(instance, "array") and not are_unique(instance):
        yield ValidationError("has equal items")


def items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``items``: where there are many, only those that a compiled check does not accept are checked one by one."""
    if not validator.is_type(instance, "array"):
        return
    if validator.is_type(wanted, "array"):
        for index, (item, subschema) in enumerate(zip(instance, wanted, strict=False)):
            yield from validator.descend(item, subschema, path=index, schema_path=index)
        return
    few = len(instance) < _MANY
    for index in range(len(instance)) if few else rejected(wanted, _root(validator), instance):
        yield from validator.descend(instance[index], wanted, path=index)


def any_of(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``anyOf``; with economy without the errors of the branches."""
    if effort.is_economical():
        if not any(_fits(validator, branch, instance) for branch in branches):
            yield ValidationError("is valid under no branch")
        return
    context: list[ValidationError] = []
    for index, branch in enumerate(branches):
        errors = list(validator.descend(instance, branch, schema_path=index))
        if not errors:
            return
        context.extend(errors)
    yield ValidationError("is valid under no branch", context=context)


def one_of(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """``oneOf``; with economy without the errors of the branches."""
    context: list[ValidationError] = []
    economical = effort.is_economical()
    remaining = iter(enumerate(branches))
    for index, branch in remaining:
        if economical:
            if _fits(validator, branch, instance):
                break
            continue
        errors = list(validator.descend(instance, branch, schema_path=index))
        if not errors:
            context = []
            break
        context.extend(errors)
    else:
        yield ValidationError("is valid under no branch", context=context)
        return
    if any(_fits(validator, branch, instance) for _, branch in remaining):
        yield ValidationError("is valid under more than one branch")


def _fits(validator: Any, branch: Any, instance: Any) -> bool:
    return bool(validator.evolve(schema=branch).is_valid(instance))


def _root(validator: Any) -> Any:
    """The document that local references lead into, None where it cannot be found."""
    try:
        return validator._resolver.lookup("#").contents
    except Exception:  # an $id that is not a URI
        return None
