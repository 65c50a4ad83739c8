"""The smallest values that macros draw: a pill, a choice of a select, a notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word and a colour: ``ok``, ``warn``, ``bad`` or ``live``."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A link and its text."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the top of a page; ``tone`` is ``ok``, ``warn`` or ``bad``."""

    text: str
    tone: str = ""
