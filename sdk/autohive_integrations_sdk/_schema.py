"""Validation of data: JSON Schema draft 7 as jsonschema reads it, compiled once per schema.

Only the parts of a schema that the data reaches are read, as in the published releases: an invalid part that no data
reaches has no effect. Where data reaches one, :class:`SchemaError` names it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from autohive_integrations_sdk import _fast_validator, _schema_errors
from autohive_integrations_sdk._errors import SchemaViolation, ValidationError, listed
from autohive_integrations_sdk._pruned_validator import is_large
from autohive_integrations_sdk._validator import make_validator

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

_DEEPEST = 500
_MOST = 1000
"""Errors that are looked for in one value: each takes a way through the whole schema, and nobody reads so many."""
_NOTHING = object()

_DOES_NOT_MATCH = {
    "input": "The inputs{of} do not match the schema:",
    "output": "The output{of} does not match the schema:",
    "auth": "The auth fields{of} do not match the schema:",
}


class Checker:
    """One compiled schema. It is current as long as ``copy`` equals ``schema``.

    ``accepts`` says whether data is certainly valid; where it does not, :meth:`check` decides.
    """

    __slots__ = ("_validator", "accepts", "copy", "schema")

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self.copy = _exact(schema)
        self.accepts = _fast_validator.compile_validator(schema) or _accepts_nothing
        self._validator: Draft7Validator | None = None

    def check(self, data: Any, source: str, of: str = "") -> None:
        """Raise ValidationError with the errors in the data, or SchemaError with those of the schema.

        ``source`` is ``input``, ``output`` or ``auth``; ``of`` names the handler for the message (`` of action 'a'``).
        """
        if not self.accepts(data):
            self.check_by_jsonschema(data, source, of)

    def check_by_jsonschema(self, data: Any, source: str, of: str = "") -> None:
        """The same for data that is not certainly valid."""
        violations = self._violations(data, source, of)
        if violations:
            heading = _DOES_NOT_MATCH[source].format(of=of)
            message = listed(heading, violations[:_MOST], more=len(violations) > _MOST)
            raise ValidationError(message, self.schema, data, source, errors=violations[:_MOST])

    def _violations(self, data: Any, source: str, of: str) -> tuple[SchemaViolation, ...]:
        """The first violations, one more than :data:`_MOST` where there are more."""
        try:
            found = list(islice(self._for(data).iter_errors(data), _MOST + 1))
            return _schema_errors.violations_of(found, self.schema, secret=source == "auth")
        except RecursionError:
            raise _schema_errors.depth_error(self.schema, data, source, of) from None
        except Exception as error:  # jsonschema crashes in many ways on an invalid schema
            raise _schema_errors.crash_error(error, self.schema, data, source, of) from error

    def _for(self, data: Any) -> Draft7Validator:
        if is_large(data):
            return make_validator(self.schema, large=True)
        if self._validator is None:
            self._validator = make_validator(self.schema)
        return self._validator


class Checkers:
    """The checkers of one integration, one for each place where a schema is declared."""

    def __init__(self) -> None:
        self._checkers: dict[tuple[str, str, str], Checker] = {}

    def check(self, schema: Any, data: Any, source: str, noun: str = "", name: str = "", place: str = "") -> None:
        """Check data by the schema that is declared for ``source`` of the ``noun`` ``name``; see :meth:`Checker.check`.

        ``place`` follows the name in messages. All that valid data needs stands here, without further calls.
        """
        checker = self._checkers.get((source, noun, name))
        if checker is None or checker.schema is not schema or checker.copy != schema:
            checker = self._checkers[source, noun, name] = Checker(schema)
        if not checker.accepts(data):
            checker.check_by_jsonschema(data, source, f" of {noun} '{name}'{place}" if noun else "")


def _accepts_nothing(data: Any) -> bool:
    """No data is certainly valid: jsonschema decides on all."""
    return False


class _Exactly:
    """A number or boolean that equals only one of its own type: ``1`` is not ``True``."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self._value) and other == self._value

    __hash__ = None  # type: ignore[assignment]  # never a key


def _exact(value: Any, depth: int = 0) -> Any:
    """A copy of a schema that equals it as long as nothing in it changes; NaN and what is too deep equal nothing."""
    kind = type(value)
    if depth > _DEEPEST:
        return _Exactly(_NOTHING)
    if kind is dict:
        return {name: _exact(inner, depth + 1) for name, inner in value.items()}
    if kind is list:
        return [_exact(inner, depth + 1) for inner in value]
    return value if kind is str or value is None else _Exactly(value)
