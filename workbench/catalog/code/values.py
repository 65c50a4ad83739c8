"""What an expression of the code may be, as far as it is followed: symbols that ``reads`` gives a meaning to."""

from dataclasses import dataclass, field
from enum import StrEnum


class Known(StrEnum):
    """The objects whose keys are looked for."""

    CONTEXT = "context"
    AUTH = "auth"
    CREDENTIALS = "credentials"
    METADATA = "metadata"
    INPUTS = "inputs"
    OS = "os"
    ENVIRONMENT = "environment"
    GETENV = "getenv"


ENVELOPE = "credentials"
"""The key of ``context.auth`` that holds the credentials, where it is an envelope."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """A literal tuple, list or set of strings."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not followed, as an alternative to something that is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the function that the expression stands in."""

    name: str


@dataclass(frozen=True, slots=True)
class GlobalName:
    """A name of the module."""

    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import statement binds: a module, or ``name`` in it. ``level`` counts the dots."""

    level: int
    module: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """``of.name``."""

    of: "Value"
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """``of[key]``."""

    of: "Value"
    key: "Value"


@dataclass(frozen=True, slots=True)
class Element:
    """What iteration over ``of`` gives."""

    of: "Value"


@dataclass(frozen=True, slots=True)
class Call:
    """A call: alternatives for the function, for each positional argument, and for each keyword argument.

    ``guarded`` tells that it stands in a ``try`` that catches a missing key.
    """

    function: "Values"
    arguments: tuple["Values", ...] = ()
    keywords: tuple[tuple[str, "Values"], ...] = ()
    line: int = 0
    column: int = 0
    guarded: bool = False


type Value = Known | Text | Texts | Unknown | Parameter | GlobalName | Imported | Attribute | Item | Element | Call
type Values = tuple[Value, ...]
type Names = dict[str, Values]
"""Local names and what each may be."""
"""Alternatives; empty for what is not followed."""


@dataclass(frozen=True, slots=True)
class KeyRead:
    """A key that is read: of what, which key, where, and whether nothing guards against its absence.

    ``alone`` tells that it is read of nothing else.
    """

    of: Value
    key: Value
    line: int
    column: int
    required: bool
    alone: bool = True


@dataclass(frozen=True, slots=True)
class KeyWrite:
    """A key that ``of`` has from here on; None for any key."""

    of: Value
    key: Value | None


@dataclass(slots=True)
class FunctionCode:
    """What a function does with the values that are followed; the module's own statements count as one, too.

    ``parameters`` are those that can be given by position, in order; ``known`` tells what some are by their names or
    annotations. ``owner`` is the class of a method; ``bound`` tells that its first parameter is the instance or the
    class, ``is_property`` that it is called by access. ``stores`` are assignments to attributes: object, name,
    alternatives. ``decorators`` are the functions around it. ``lines`` are the first and the last. ``input_uses``
    counts where ``inputs`` stands, ``keyed_uses`` where that is for one key only; ``inputs_changed`` tells that the
    function binds or changes it.
    """

    name: str
    parameters: tuple[str, ...] = ()
    known: dict[str, Known] = field(default_factory=dict)
    owner: str = ""
    bound: bool = False
    is_property: bool = False
    decorators: Values = ()
    reads: list[KeyRead] = field(default_factory=list)
    writes: list[KeyWrite] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    returns: list[Value] = field(default_factory=list)
    stores: list[tuple[Value, str, Values]] = field(default_factory=list)
    lines: tuple[int, int] = (0, 0)
    input_uses: int = 0
    keyed_uses: int = 0
    inputs_changed: bool = False


@dataclass(slots=True)
class ModuleCode:
    """The functions of a module by qualified name, its classes with their bases, and the values of its names.

    ``names`` has those of classes as ``Class.name``.
    """

    functions: dict[str, FunctionCode] = field(default_factory=dict)
    classes: dict[str, Values] = field(default_factory=dict)
    names: dict[str, Values] = field(default_factory=dict)
