"""Why a value breaks its schema: one value that travels from the diagnosis to every page, command and export."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class Side(StrEnum):
    """Which value of a run an error is about; ``VALUE`` is one on its own, outside any run."""

    INPUT = "input"
    OUTPUT = "output"
    AUTH = "auth"
    VALUE = "value"


class ErrorCode(StrEnum):
    """What kind of error it is, and so which sentence it has; ``OTHER`` brings its own ``message``."""

    KEYWORD = "keyword"
    CONSTANT = "constant"
    FORBIDDEN_PROPERTY = "forbidden-property"
    MANY_BRANCHES = "many-branches"
    SCHEMA_INVALID = "schema-invalid"
    REQUIRED_BOOLEAN = "required-boolean"
    TYPE_UNKNOWN = "type-unknown"
    PATTERN_INVALID = "pattern-invalid"
    PATTERN_SLOW = "pattern-slow"
    REF_REMOTE = "ref-remote"
    REF_DANGLING = "ref-dangling"
    SCHEMA_TOO_DEEP = "schema-too-deep"
    SCHEMA_ENDLESS = "schema-endless"
    DATA_TOO_DEEP = "data-too-deep"
    NOT_VALIDATED = "not-validated"
    ALTERNATIVES = "too-many-alternatives"
    RECORDS_NOT_ARRAY = "records-not-array"
    RECORD_NOT_OBJECT = "record-not-object"
    RECORD_INCOMPLETE = "record-incomplete"
    RECORD_ID_REPEATED = "record-id-repeated"
    RECORD_ID_EMPTY = "record-id-empty"
    RECORD_ID_TYPE = "record-id-type"
    ACCOUNT_EMPTY = "account-empty"
    ACCOUNT_FIELD_TYPE = "account-field-type"
    FORMAT = "format"
    UNDECLARED_PROPERTY = "undeclared-property"
    OTHER = "other"

    @property
    def is_of_sdk(self) -> bool:
        """Whether it breaks a rule of the SDK and none of a schema: the shape of what a poll returns."""
        return self in (ErrorCode.RECORDS_NOT_ARRAY, ErrorCode.RECORD_NOT_OBJECT, ErrorCode.RECORD_INCOMPLETE)

    @property
    def is_of_platform(self) -> bool:
        """Whether it breaks a rule that neither a schema nor the SDK checks: of the ids of records, of an account."""
        return self in _OF_RECORD_IDS or self in (ErrorCode.ACCOUNT_EMPTY, ErrorCode.ACCOUNT_FIELD_TYPE)

    @property
    def is_of_record_id(self) -> bool:
        """Whether it is about the id of a record."""
        return self in _OF_RECORD_IDS


_OF_RECORD_IDS = frozenset({ErrorCode.RECORD_ID_REPEATED, ErrorCode.RECORD_ID_EMPTY, ErrorCode.RECORD_ID_TYPE})


class SpellingHintKind(StrEnum):
    """What a hint names: a declared property, an allowed value, or a property of the data that was misspelt."""

    PROPERTY = "property"
    VALUE = "value"
    MISSPELT = "misspelt"


@dataclass(frozen=True, slots=True)
class SpellingHint:
    """A name or value that was probably meant."""

    kind: SpellingHintKind
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A JSON value in short: its type, its JSON text where that is short, and its size.

    ``size`` counts characters, items or properties. ``text`` of a long string is its quoted beginning; of arrays and
    objects it is empty. A Python object that is not JSON has its class as ``type``.
    """

    type: str
    text: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class ValidationPlace:
    """Where a validation stood when the run was stopped.

    ``data`` are the steps into the value, ``schema`` those of the validator through the schema, which name a ``$ref``
    but not what it leads to. ``where`` is ``VALUE`` where it is not known what was validated.
    """

    where: Side
    data: tuple[str, ...]
    schema: tuple[str, ...]
    keyword: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a branch requires (``property "url"``, ``object``), and whether the data meets it."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of ``oneOf`` or ``anyOf``, and how the data does against it.

    ``label`` names it (its title, or what it requires), ``schema_pointer`` is its place. ``errors`` are empty where it
    ``matched``; ``closest`` marks the branch that the data was most likely meant for. ``names`` are the properties that
    the branch declares or requires.
    """

    index: int
    label: str
    schema_pointer: str
    matched: bool
    requirements: tuple[Requirement, ...] = ()
    errors: "tuple[ValidationError, ...]" = ()
    closest: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValidationError:
    """One reason why a value is invalid, or a warning (``keyword`` is then the code of its check).

    ``pointer`` is a JSON Pointer into the data; a missing or forbidden property has its own, not its container's.
    ``schema_pointer`` leads to the keyword in the schema, through local references. ``keyword`` is ``""`` for a schema
    that is just ``false``. ``expected`` and ``actual`` are short phrases, ``message`` is one sentence; all three are
    made by :mod:`workbench.schema.messages` of the facts: ``details`` hold what the keyword requires in short texts
    (types, values as JSON, a limit, a pattern, names), ``unlisted`` how many more there are, ``value`` is what was
    found (None for nothing). ``branches`` of ``branch_count``, and ``cause`` (the error within the closest branch)
    belong to ``oneOf`` and ``anyOf``; ``cut`` says that something of the branches was left out because the error has to
    travel. ``in_schema`` says that the schema itself is invalid, so no data can fix it.
    """

    where: Side
    pointer: str
    schema_pointer: str
    keyword: str
    message: str = ""
    expected: str = ""
    actual: str = ""
    branches: tuple[Branch, ...] = ()
    branch_count: int = 0
    cause: "ValidationError | None" = None
    hint: SpellingHint | None = None
    in_schema: bool = False
    code: ErrorCode = ErrorCode.KEYWORD
    details: tuple[str, ...] = ()
    unlisted: int = 0
    value: Excerpt | None = None
    cut: bool = False

    def detail(self, number: int) -> str:
        """One of the details, empty where it is missing: a worker may send what it likes."""
        return self.details[number] if number < len(self.details) else ""

    @property
    def rule(self) -> str:
        """The pointer of the rule that was broken: within a ``oneOf`` or ``anyOf``, that of the closest branch."""
        return self.cause.schema_pointer if self.cause else self.schema_pointer


def map_pointers(error: ValidationError, place: Callable[[str], str]) -> ValidationError:
    """The error with ``place`` applied to every pointer into the data, those of its branches included."""
    return replace(
        error,
        pointer=place(error.pointer),
        cause=map_pointers(error.cause, place) if error.cause else None,
        branches=tuple(
            replace(branch, errors=tuple(map_pointers(each, place) for each in branch.errors))
            for branch in error.branches
        ),
    )
