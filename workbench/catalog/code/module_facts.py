"""What the text of an integration's modules says, as values: imports, registrations, reads of keys."""

from dataclasses import dataclass, field
from enum import StrEnum

from workbench.catalog.code.literal_values import LiteralObject
from workbench.catalog.code.values import ModuleCode
from workbench.catalog.findings.ignores import Ignore
from workbench.domain import AuthShape, Kind


class ReadSource(StrEnum):
    """What a key is read of."""

    AUTH = "auth"
    """``context.auth["x"]``: flat."""
    CREDENTIALS = "credentials"
    """``context.auth["credentials"]["x"]``: within the envelope."""
    METADATA = "metadata"
    ENVIRONMENT = "environment"
    INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class NameRead:
    """A key that the code reads, and where. ``required``: by a subscript that nothing guards, so it must be there."""

    source: ReadSource
    name: str
    path: str
    line: int
    required: bool
    column: int = 1


@dataclass(frozen=True, slots=True)
class ShapeRead:
    """A shape of ``context.auth`` that the code reads, and the first place that does."""

    shape: AuthShape
    path: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Registration:
    """A handler registered in the code. ``name`` is None where it is worked out at run time, empty for an account.

    ``always`` tells that the statement stands in the module itself, not in a branch or a function of it. ``owner`` is
    the class that is registered, by its qualified name; empty where it is not a class at the top of the module.
    """

    kind: Kind
    name: str | None
    path: str
    line: int
    column: int
    always: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name of an import statement: ``import module`` (``name`` empty) or ``from module import name``.

    ``level`` counts leading dots. ``guarded``: it stands in a ``try``. ``line`` and ``column`` are those of the
    statement, ``name_line`` and ``name_column`` those of the name.
    """

    module: str
    name: str
    level: int
    line: int
    column: int
    name_line: int
    name_column: int
    guarded: bool


@dataclass(frozen=True, slots=True)
class BareReturn:
    """A ``return`` in an action's handler of what is certainly not an ``ActionResult``, named in words."""

    what: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FetchUse:
    """How a function uses a name that holds only results of ``fetch``: as a parsed body, or as a ``FetchResponse``."""

    name: str
    use: str
    as_response: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FetchSlip:
    """A use of ``fetch`` that works under no release: an attribute of its result, or a keyword of the call.

    ``of`` is the name that holds the result, empty for a keyword and for a result without a name.
    """

    name: str
    of: str
    line: int
    column: int
    is_keyword: bool = False


@dataclass(frozen=True, slots=True)
class LiteralResult:
    """A ``return ActionResult(data={…})`` of the handler of ``action`` whose data is written out."""

    action: str
    data: LiteralObject


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """All that one walk of a module collects.

    ``path`` is relative to the integration's folder. ``result_name`` is the first of ``ActionResult``, ``ActionError``,
    ``FetchResponse`` that it takes from the SDK, empty where there is none.
    """

    path: str
    imports: tuple[ImportedName, ...] = ()
    registrations: tuple[Registration, ...] = ()
    result_name: str = ""
    bare_returns: tuple[BareReturn, ...] = ()
    fetch_uses: tuple[FetchUse, ...] = ()
    fetch_slips: tuple[FetchSlip, ...] = ()
    literal_results: tuple[LiteralResult, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    code: ModuleCode = field(default_factory=ModuleCode, repr=False)


@dataclass(frozen=True, slots=True)
class HandlerNeed:
    """An input that a handler needs: read by it, or by a function that it hands its inputs to."""

    kind: Kind
    name: str
    read: NameRead


@dataclass(frozen=True, slots=True)
class CodeReads:
    """The keys that an integration's modules read, by file and line, and the shapes of ``context.auth``, each once."""

    names: tuple[NameRead, ...] = ()
    shapes: tuple[ShapeRead, ...] = ()

    @property
    def only_shape(self) -> ShapeRead | None:
        """The shape where the code reads ``context.auth`` in one way only; None where it reads both or neither."""
        return self.shapes[0] if len(self.shapes) == 1 else None

    def of(self, *sources: ReadSource) -> tuple[NameRead, ...]:
        """The reads of these sources."""
        return tuple(read for read in self.names if read.source in sources)
