"""Validation of data: JSON Schema draft 7 as jsonschema reads it, compiled once per schema.

Only the parts of a schema that the data reaches are read, as in the published releases: an invalid part that no data
reaches has no effect. Where data reaches one, :class:`SchemaError` names it.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from autohive_integrations_sdk import _fast_validator, _schema_errors
from autohive_integrations_sdk._errors import SchemaViolation, ValidationError, listed
from autohive_integrations_sdk._validator import make_validator

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

_DOES_NOT_MATCH = {
    "input": "The inputs{of} do not match the schema:",
    "output": "The output{of} does not match the schema:",
    "auth": "The auth fields{of} do not match the schema:",
}


class Checker:
    """One compiled schema. It :meth:`is_current` until the schema changes."""

    __slots__ = ("_fast_validator", "_schema", "_snapshot", "_validator")

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._snapshot = _snapshot(schema)
        self._fast_validator = _fast_validator.compile_validator(schema)
        self._validator: Draft7Validator | None = None

    def is_current(self, schema: Any) -> bool:
        """Whether this is the checker of that very object, and its content is what it was when it was compiled."""
        return schema is self._schema and self._snapshot is not None and _snapshot(schema) == self._snapshot

    def check(self, data: Any, source: str, of: str = "") -> None:
        """Raise ValidationError with every error in the data, or SchemaError with those of the schema.

        ``source`` is ``input``, ``output`` or ``auth``; ``of`` names the handler for the message (`` of action 'a'``).
        """
        if self._fast_validator is not None and _fast_validator.is_certainly_valid(self._fast_validator, data):
            return
        violations = self._violations(data, source, of)
        if violations:
            heading = _DOES_NOT_MATCH[source].format(of=of)
            raise ValidationError(listed(heading, violations), self._schema, data, source, errors=violations)

    def _violations(self, data: Any, source: str, of: str) -> tuple[SchemaViolation, ...]:
        try:
            if self._validator is None:
                self._validator = make_validator(self._schema)
            found = list(self._validator.iter_errors(data))
            return _schema_errors.violations_of(found, self._schema, secret=source == "auth")
        except RecursionError:
            raise _schema_errors.depth_error(self._schema, data, source, of) from None
        except Exception as error:  # jsonschema crashes in many ways on an invalid schema
            raise _schema_errors.crash_error(error, self._schema, data, source, of) from error


class Checkers:
    """The checkers of one integration, one for each place where a schema is declared."""

    def __init__(self) -> None:
        self._checkers: dict[tuple[str, str], Checker] = {}

    def check(self, schema: Any, data: Any, source: str, name: str = "", of: str = "") -> None:
        """Check data by the schema that is declared for ``source`` under ``name``; see :meth:`Checker.check`."""
        checker = self._checkers.get((source, name))
        if checker is None or not checker.is_current(schema):
            checker = self._checkers[(source, name)] = Checker(schema)
        checker.check(data, source, of)


def _snapshot(schema: Any) -> bytes | None:
    """The content of a schema, exact in types (``1`` is not ``True``); None where it has other than plain values."""
    try:
        return marshal.dumps(schema, 0)
    except ValueError:
        return None
