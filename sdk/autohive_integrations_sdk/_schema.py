"""Holding data against a schema: JSON Schema draft 7 as jsonschema reads it, compiled once and kept.

A schema is looked at only where the data leads, as the published releases do: one that is invalid in a corner which no
data reaches does no harm. Where data does reach it, it is named (:class:`SchemaError`) instead of crashing.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from autohive_integrations_sdk import _faults, _verdict
from autohive_integrations_sdk._errors import SchemaFault, ValidationError, listed
from autohive_integrations_sdk._explainer import make_explainer

if TYPE_CHECKING:
    from jsonschema import Draft7Validator

_DOES_NOT_MATCH = {
    "input": "The inputs{of} do not match the schema:",
    "output": "The output{of} does not match the schema:",
    "auth": "The auth fields{of} do not match the schema:",
}


class Checker:
    """One schema, ready to hold data against. It is of use for as long as it :meth:`fits`."""

    __slots__ = ("_explainer", "_schema", "_snapshot", "_verdict")

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._snapshot = _snapshot(schema)
        self._verdict = _verdict.compile_verdict(schema)
        self._explainer: Draft7Validator | None = None

    def fits(self, schema: Any) -> bool:
        """Whether this is the checker of that very object, and its content is what it was when it was compiled."""
        return schema is self._schema and self._snapshot is not None and _snapshot(schema) == self._snapshot

    def check(self, data: Any, source: str, of: str = "") -> None:
        """Return where the data holds; else raise ValidationError with every fault, or SchemaError for the schema's.

        ``source`` is ``input``, ``output`` or ``auth``; ``of`` says whose they are, in words (`` of action 'a'``).
        """
        if self._verdict is not None and _verdict.says_valid(self._verdict, data):
            return
        faults = self._explain(data, source, of)
        if faults:
            heading = _DOES_NOT_MATCH[source].format(of=of)
            raise ValidationError(listed(heading, faults), self._schema, data, source, errors=faults)

    def _explain(self, data: Any, source: str, of: str) -> tuple[SchemaFault, ...]:
        try:
            if self._explainer is None:
                self._explainer = make_explainer(self._schema)
            findings = list(self._explainer.iter_errors(data))
            return _faults.of_findings(findings, self._schema, secret=source == "auth")
        except RecursionError:
            raise _faults.too_deep(self._schema, data, source, of) from None
        except Exception as error:  # jsonschema crashes in many ways on a schema that is none
            raise _faults.blame(error, self._schema, data, source, of) from error


class Checkers:
    """The checkers of one integration, one for each place where a schema is declared."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Checker] = {}

    def check(self, schema: Any, data: Any, source: str, name: str = "", of: str = "") -> None:
        """Hold data against the schema that is declared for ``source`` under ``name``; see :meth:`Checker.check`."""
        checker = self._kept.get((source, name))
        if checker is None or not checker.fits(schema):
            checker = self._kept[(source, name)] = Checker(schema)
        checker.check(data, source, of)


def _snapshot(schema: Any) -> bytes | None:
    """The content of a schema, exact in types (``1`` is not ``True``); None where it is not made of plain values."""
    try:
        return marshal.dumps(schema, 0)
    except ValueError:
        return None
