"""What a diagnosis says: faults, and for ``oneOf`` and ``anyOf`` what each branch asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a branch asks ("a member "url"", "an object"), and whether the data meets it."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """One row of the matrix: a branch of ``oneOf`` or ``anyOf`` held against the data.

    ``label`` names it (its title, or what it wants), ``schema_pointer`` is its place. ``faults`` are empty where it
    ``matched``; ``closest`` marks the branch that the data was most likely meant for. ``members`` are the names that
    the branch speaks of.
    """

    index: int
    label: str
    schema_pointer: str
    matched: bool
    asks: tuple[Ask, ...] = ()
    faults: tuple["Fault", ...] = ()
    closest: bool = False
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for which the schema says no.

    ``pointer`` is a JSON Pointer into the data; a missing or forbidden member has its own, not its container's.
    ``schema_pointer`` leads to the keyword in the schema, through local references. ``keyword`` is ``""`` for a schema
    that is just ``false``. ``expected`` and ``actual`` are short phrases, ``message`` is one sentence. ``branches`` and
    ``cause`` (the fault within the closest branch) belong to ``oneOf`` and ``anyOf``. ``hint`` is a name or value that
    may have been meant. ``in_schema`` says that the schema itself is broken: no data can mend it.
    """

    pointer: str
    schema_pointer: str
    keyword: str
    expected: str
    actual: str
    message: str
    branches: tuple[Branch, ...] = ()
    cause: "Fault | None" = None
    hint: str = ""
    in_schema: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every fault, the likeliest cause first; of more than ten thousand the first that were found, and ``more``.

    ``valid`` is the verdict of ``jsonschema.Draft7Validator``. Where that gives none (a schema that cannot be used,
    data too deep to follow) it is False. An invalid schema is always named in ``faults`` (``in_schema``), even where
    its fault happened not to matter for this data and ``valid`` is True.
    """

    valid: bool
    faults: tuple[Fault, ...] = ()
    more: bool = False

    @property
    def headline(self) -> Fault | None:
        """The likeliest cause, None where there is no fault."""
        return self.faults[0] if self.faults else None

    @property
    def schema_faults(self) -> tuple[Fault, ...]:
        """The faults that no data can mend."""
        return tuple(fault for fault in self.faults if fault.in_schema)
