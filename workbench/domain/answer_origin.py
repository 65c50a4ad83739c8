"""Where the answer to one request came from, and why a recording had none."""

from dataclasses import dataclass
from enum import StrEnum


class AnswerSource(StrEnum):
    """What answers a request that no rule answers."""

    LIVE = "live"
    RECORDING = "recording"


class RequestPart(StrEnum):
    """A part of a request by which it is compared with recorded ones."""

    METHOD = "method"
    SCHEME = "scheme"
    HOST = "host"
    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class RequestDifference:
    """One thing in which a request differs from a recorded one.

    ``pointer`` is that of a :class:`workbench.domain.Noise`. ``recorded`` and ``sent`` are short texts of the values,
    None where there is none.
    """

    part: RequestPart
    pointer: str = ""
    recorded: str | None = None
    sent: str | None = None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A request that the recording has no answer to: the recorded exchange that comes closest, and what differs.

    ``closest`` is None where the recording is empty; ``used`` says that one such was recorded but has been answered.
    Where only a part of its response was stored, ``stored`` of ``size`` bytes, ``closest`` is the exchange itself.
    """

    request: str
    closest: int | None = None
    differences: tuple[RequestDifference, ...] = ()
    used: bool = False
    stored: int | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class AnswerOrigin:
    """Where an exchange's answer came from. ``recorded`` is the id of the recorded exchange, ``rule`` a rule's name.

    ``unmatched`` is set where a recording had no answer, whatever happened then.
    """

    source: AnswerSource = AnswerSource.LIVE
    recorded: int | None = None
    rule: str = ""
    unmatched: Unmatched | None = None
