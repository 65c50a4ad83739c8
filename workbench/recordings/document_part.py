"""A value of a JSON document that anybody may have written, with its place: what is wrong is named there."""

from enum import StrEnum
from typing import Any, Final

from workbench.domain import JSON
from workbench.jsondoc import pointer as pointers
from workbench.jsondoc.types import type_phrase

_ABSENT: Final = object()

_MOST: Final = 1e300
"""Numbers stay below it: a longer integer cannot be a number of seconds."""


class DocumentError(ValueError):
    """A document that is no recording: what is wrong, and the JSON Pointer of its place."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        super().__init__(message)


class DocumentPart:
    """A value of the document with its place; each method raises :class:`DocumentError` where it is another one."""

    def __init__(self, value: Any, pointer: str = "") -> None:
        self.value = value
        self.pointer = pointer

    def wrong(self, expected: str) -> DocumentError:
        """The error that says what was expected here."""
        where = self.pointer or "the document"
        found = "missing" if self.value is _ABSENT else type_phrase(self.value)
        return DocumentError(self.pointer, f"{where} must be {expected}, but is {found}.")

    def at(self, name: str) -> "DocumentPart":
        """A property, also one that is missing."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return DocumentPart(self.value.get(name, _ABSENT), pointers.join(self.pointer, name))

    def items(self, most: int) -> "list[DocumentPart]":
        """The items of an array; none where it is missing or null."""
        if not self.is_there:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("an array")
        if len(self.value) > most:
            raise DocumentError(self.pointer, f"{self.pointer} has {len(self.value):,} items; the limit is {most:,}.")
        return [DocumentPart(item, pointers.join(self.pointer, place)) for place, item in enumerate(self.value)]

    @property
    def is_there(self) -> bool:
        """Whether the value is neither missing nor null."""
        return self.value is not _ABSENT and self.value is not None

    def text(self, default: str | None = None) -> str:
        """A string."""
        if not self.is_there and default is not None:
            return default
        if not isinstance(self.value, str):
            raise self.wrong("a string")
        return self.value

    def text_or_none(self) -> str | None:
        """A string, None for null and for what is missing."""
        return self.text() if self.is_there else None

    def number(self, default: float = 0.0) -> float:
        """A finite number."""
        if not self.is_there:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not -_MOST < self.value < _MOST:
            raise self.wrong("a number")
        return float(self.value)

    def number_or_none(self) -> float | None:
        """A number, None for null and for what is missing."""
        return self.number() if self.is_there else None

    def integer(self, default: int | None = None) -> int:
        """An integer of at most 15 digits."""
        if not self.is_there and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int) or abs(self.value) >= 10**15:
            raise self.wrong("an integer")
        return self.value

    def member[Member: StrEnum](self, kind: type[Member]) -> Member:
        """A member of an enumeration."""
        try:
            return kind(self.text())
        except ValueError:
            if not isinstance(self.value, str):
                raise self.wrong("a string") from None
            known = ", ".join(kind)
            raise DocumentError(
                self.pointer, f"{self.pointer} is {self.value[:40]!r}, but must be one of {known}."
            ) from None

    def json(self, default: JSON) -> JSON:
        """Any value."""
        value: JSON = default if self.value is _ABSENT else self.value
        return value

    def texts(self) -> tuple[str, ...]:
        """An array of strings."""
        return tuple(item.text() for item in self.items(10_000))
