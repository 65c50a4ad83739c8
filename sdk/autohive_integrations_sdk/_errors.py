"""The exceptions of the SDK. Every one has ``message``, which the guide's test bed prints.

::

    Exception
    ├── ConfigurationError      config.json is invalid, or code registers a handler that it does not declare
    ├── ValidationError         inputs, auth or the output are invalid by the contract or a schema
    │   └── SchemaError         the schema itself is invalid (a ConfigurationError as well)
    └── HTTPError               the status of the response is 400 or above
        └── RateLimitError      … with 429
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One place where the data breaks the schema, or (in a :class:`SchemaError`) where the schema breaks JSON Schema.

    ``pointer`` and ``schema_pointer`` are JSON Pointers (RFC 6901) into the data and into the schema; "" is the root.
    ``branches`` holds the violations of each branch of an ``anyOf`` or ``oneOf``.
    """

    pointer: str
    schema_pointer: str
    keyword: str
    message: str
    branches: "tuple[SchemaViolation, ...]" = ()

    def __str__(self) -> str:
        return f"{self.pointer or '(root)'}: {self.message} (schema: {self.schema_pointer or '(root)'})"


class ConfigurationError(Exception):
    """``config.json`` is missing, unreadable or of the wrong shape, or a handler's name is not declared in it.

    In the last case ``undeclared`` is the section of ``config.json`` (``actions``, ``polling_triggers``) and the name.
    """

    def __init__(self, message: str = "", *, undeclared: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.undeclared = undeclared


class ValidationError(Exception):
    """A value is invalid by its schema or by the contract.

    ``source`` is ``input``, ``output``, ``auth``, or ``legacy`` for all that has no schema. ``schema`` and
    ``inputs`` are the schema and the data that were checked. ``errors`` holds the violations, of more than a thousand
    those that were found first; the text shows the first of them, each with its pointers into data and schema.
    """

    def __init__(
        self,
        message: str = "",
        schema: Any = None,
        inputs: Any = None,
        source: str = "legacy",
        *,
        errors: tuple[SchemaViolation, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.schema = schema
        self.inputs = inputs
        self.source = source
        self.errors = errors


class SchemaError(ValidationError, ConfigurationError):
    """The schema in ``config.json`` is itself invalid in a part that the data reached; ``errors`` have the places."""


class HTTPError(Exception):
    """An error response: ``status`` is 400 or above, ``response_data`` the body, parsed where it was JSON."""

    def __init__(self, status: int, message: str, response_data: Any = None) -> None:
        super().__init__(f"HTTP {status}: {message}")
        self.status = status
        self.message = message
        self.response_data = response_data


class RateLimitError(HTTPError):
    """A response with status 429; ``retry_after`` is in seconds (60 where the response has no such header)."""

    def __init__(self, retry_after: int, status: int, message: str, response_data: Any = None) -> None:
        super().__init__(status, message, response_data)
        self.retry_after = retry_after


def listed(heading: str, lines: Iterable[object], *, more: bool = False) -> str:
    """``heading`` and, below it, the lines; a long list is cut, with the number left out: where ``more``, the least."""
    shown = [f"  {line}" for line in lines]
    if len(shown) > _SHOWN:
        left_out = len(shown) - _SHOWN
        shown[_SHOWN:] = [f"  and at least {left_out + 1} more" if more else f"  and {left_out} more"]
    return "\n".join([heading, *shown])
