"""A recording: what a handler was given, what its requests got, and what came of it. Secrets are masked."""

from dataclasses import dataclass, field
from typing import Final

from workbench.domain import JSON, ContractVersion, Exchange, Kind, Side, Status
from workbench.domain.answers import Noise

FORMAT: Final = 1
"""The form of the file; a newer one is not read."""


class RecordingError(ValueError):
    """A recording that cannot be made, read or written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """The type and the message of the error that ended the run."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class ExpectedValidationError:
    """A validation error. ``pointer`` leads into the value of ``where``."""

    where: Side
    pointer: str
    keyword: str
    message: str


@dataclass(frozen=True, slots=True)
class Expected:
    """The outcome to expect: ``result`` where there is one, ``error`` where one ended the run."""

    status: Status
    result: JSON = None
    error: ExpectedError | None = None
    errors: tuple[ExpectedValidationError, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the handler was given. ``auth_shape`` is empty where nobody chose one, as ``contract`` is None then.

    The other members are those of :class:`workbench.domain.RunRequest`; ``environment`` holds the variables by name,
    those too that the run inherited and that turned out to be secrets.
    """

    inputs: JSON = field(default_factory=dict)
    auth: JSON = field(default_factory=dict)
    auth_type: str = ""
    auth_shape: str = ""
    metadata: JSON = field(default_factory=dict)
    environment: tuple[tuple[str, str | None], ...] = ()
    contract: ContractVersion | None = None
    last_poll_ts: str | None = None
    max_retries: int | None = None
    fetch_timeout: float | None = None
    timeout: float = 60.0
    secret_names: tuple[str, ...] = ()
    public_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of the handler ``handler``, which is ``kind``.

    ``secrets`` are the names that stand for secrets, as ``‹name›``, in every text. ``contract`` is the one that the
    run had; ``given.contract`` is set only where a person chose it. ``recorded_at`` is in seconds since the epoch; with
    ``has_clock`` a replay runs at that time, since another one would change what the handler does.
    """

    kind: Kind
    handler: str
    contract: ContractVersion
    given: Given
    expected: Expected
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)
    noise: tuple[Noise, ...] = ()
    secrets: tuple[str, ...] = ()
    recorded_at: float = 0.0
    has_clock: bool = False
