"""A choice of a select."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select."""

    value: str
    text: str
    chosen: bool
