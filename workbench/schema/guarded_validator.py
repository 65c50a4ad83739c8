"""One pass of ``jsonschema``'s Draft 7 validator over a value, made safe for any schema.

The verdict is that of ``Draft7Validator``, because it is that validator. It differs in what it must not do, fetch a
remote ``$ref`` or search a pattern for ever, and in where its errors point: a missing or forbidden property, and a name
that ``propertyNames`` rejects, each get an error of their own with the property's own path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from jsonschema import Draft3Validator, Draft4Validator, Draft6Validator, Draft7Validator, ValidationError, validators
from jsonschema.protocols import Validator
from jsonschema.validators import Draft201909Validator, Draft202012Validator, validator_for
from referencing import Registry
from referencing.jsonschema import DRAFT7

from workbench.schema import effort, keywords

_NO_FETCHING: Registry[Any] = Registry()
"""Knows the published metaschemas (the validator adds them) and retrieves nothing."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass found.

    ``stopped`` is the exception that ended it early, so that there may be more to find; ``more`` says that there is.
    """

    errors: tuple[ValidationError, ...]
    stopped: Exception | None = None
    more: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it came to its end and found nothing."""
        return not self.errors and self.stopped is None


def run(validator: Validator | None, instance: Any, *, most: int) -> Pass:
    """The first ``most`` errors of a validator. Nothing is raised: what it raises is in ``stopped``."""
    errors: list[ValidationError] = []
    if validator is None:
        return Pass((), TypeError("there is no validator for such a schema"))
    try:
        errors.extend(islice(validator.iter_errors(instance), most + 1))
    except effort.EffortSpent:
        raise
    except Exception as error:  # whatever a broken schema or a foreign value makes the validator raise
        return Pass(tuple(errors), error)
    return Pass(tuple(errors[:most]), more=len(errors) > most)


def run_within(whole: Validator | None, schema: Any, instance: Any, *, most: int) -> Pass:
    """The first ``most`` errors of a part of the schema of ``whole``; its references are those of ``whole``."""
    errors: list[ValidationError] = []
    try:
        errors.extend(islice(cast(Any, whole).descend(instance, schema), most + 1))
    except effort.EffortSpent:
        raise
    except Exception as error:  # see run
        return Pass(tuple(errors), error)
    return Pass(tuple(errors[:most]), more=len(errors) > most)


def prepare(schema: Any) -> Validator | None:
    """The guarded validator of a schema, None for what cannot be one (a number, a list)."""
    try:
        return make_validator(schema)
    except Exception:  # see run
        return None


def is_valid_within(root: Any, schema: Any, instance: Any) -> bool:
    """Whether ``instance`` is valid under ``schema``, a part of ``root`` whose references are those of ``root``."""
    try:
        return bool(make_validator(root).evolve(schema=schema).is_valid(instance))
    except effort.EffortSpent:
        raise
    except Exception:  # see run
        return False


def make_validator(schema: Any) -> Validator:
    """The guarded validator of a schema."""
    made: Validator = _GUARDED[Draft7Validator](schema, registry=_NO_FETCHING)
    return made


def _descend(
    self: Any, instance: Any, schema: Any, path: Any = None, schema_path: Any = None, resolver: Any = None
) -> Iterator[ValidationError]:
    """The errors of a subschema. As in jsonschema, but one for a schema that is ``false`` knows its place too."""
    if schema is True:
        return
    for error in _false(instance) if schema is False else _counted(self, instance, schema, resolver):
        if path is not None:
            error.path.appendleft(path)
        if schema_path is not None:
            error.schema_path.appendleft(schema_path)
        yield error


def _false(instance: Any) -> Iterator[ValidationError]:
    yield ValidationError("nothing is allowed", validator="", validator_value=None, instance=instance, schema=False)


def _counted(self: Any, instance: Any, schema: Any, resolver: Any) -> Iterator[ValidationError]:
    """The errors, counted as a step; with economy none where the value is known to be valid."""
    spent = effort.current()
    if spent is None:
        return _within(self, instance, schema, resolver)
    spent.spend(schema, instance)
    return (
        _remembered(self, instance, schema, resolver, spent)
        if spent.economical
        else _within(self, instance, schema, resolver)
    )


def _remembered(
    self: Any, instance: Any, schema: Any, resolver: Any, spent: effort.Effort
) -> Iterator[ValidationError]:
    if spent.verdict(schema, instance):
        return
    valid = True
    for error in _within(self, instance, schema, resolver):
        valid = False
        yield error
    spent.decide(schema, instance, valid=valid)


def _within(self: Any, instance: Any, schema: Any, resolver: Any) -> Iterator[ValidationError]:
    if resolver is None and "$id" in schema:
        resolver = self._resolver.in_subresource(DRAFT7.create_resource(schema))
    evolved = self.evolve(schema=schema, _resolver=resolver or self._resolver)
    for function, keyword, wanted in evolved._validators:
        for error in function(evolved, wanted, instance, schema) or ():
            error._set(
                validator=keyword,
                validator_value=wanted,
                instance=instance,
                schema=schema,
                type_checker=evolved.TYPE_CHECKER,
            )
            if keyword not in ("if", "$ref"):
                error.schema_path.appendleft(keyword)
            yield error


def _is_valid(self: Any, instance: Any) -> bool:
    """Whether the value is valid; with economy looked up where it was decided before."""
    spent = effort.current()
    if spent is None:
        return next(self.iter_errors(instance), None) is None
    known = spent.verdict(self.schema, instance)
    if known is None:
        spent.spend(self.schema, instance)
        known = next(self.iter_errors(instance), None) is None
        spent.decide(self.schema, instance, valid=known)
    return known


_FIELDS = (
    ("schema", "schema"),
    ("_ref_resolver", "resolver"),
    ("format_checker", "format_checker"),
    ("_registry", "registry"),
    ("_resolver", "_resolver"),
)


def _evolve(self: Any, **changes: Any) -> Any:
    """The validator for a subschema: like jsonschema's own, but a ``$schema`` in it does not lead out of the guard."""
    schema = changes.setdefault("schema", self.schema)
    kind = type(self)
    if isinstance(schema, dict) and "$schema" in schema:
        plain = validator_for(schema, default=kind)
        kind = _GUARDED.get(plain, plain)
    for attribute, argument in _FIELDS:
        if argument not in changes:
            changes[argument] = getattr(self, attribute)
    return kind(**changes)


def _guarded(plain: Any) -> Any:
    everywhere = {
        "pattern": keywords.pattern,
        "patternProperties": keywords.pattern_properties,
        "additionalProperties": keywords.additional_properties,
    }
    of_draft7 = {
        "additionalItems": keywords.additional_items,
        "anyOf": keywords.any_of,
        "dependencies": keywords.dependencies,
        "enum": keywords.enum,
        "items": keywords.items,
        "oneOf": keywords.one_of,
        "propertyNames": keywords.property_names,
        "required": keywords.required,
        "type": keywords.type_,
        "uniqueItems": keywords.unique_items,
    }
    changed = everywhere | of_draft7 if plain is Draft7Validator else everywhere
    known = {keyword: function for keyword, function in changed.items() if keyword in plain.VALIDATORS}
    guarded: Any = validators.extend(plain, known)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
    guarded.evolve = _evolve
    if plain is Draft7Validator:
        guarded.descend = _descend
        guarded.is_valid = _is_valid
    return guarded


_GUARDED: Mapping[Any, Any] = {
    plain: _guarded(plain)
    for plain in (
        Draft3Validator,
        Draft4Validator,
        Draft6Validator,
        Draft7Validator,
        Draft201909Validator,
        Draft202012Validator,
    )
}
