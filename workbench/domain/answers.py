"""Where the HTTP answers of a run come from: the network, a recording, and rules on top of either."""

from dataclasses import dataclass, field
from enum import StrEnum

from workbench.domain.answer_origin import AnswerSource
from workbench.domain.exchange import Exchange, FailureKind, Headers


class RuleAction(StrEnum):
    """What a rule does with a request or its answer."""

    FORWARD = "forward"
    RESPOND = "respond"
    FAIL = "fail"
    DELAY = "delay"
    TRUNCATE = "truncate"
    REPLACE = "replace"
    RATE_LIMIT = "rate-limit"


class Replacement(StrEnum):
    """What stands in place of a value in a JSON body; ``NOTHING`` takes the member or item out."""

    NULL = "null"
    NOTHING = "nothing"
    OTHER_TYPE = "other-type"
    EMPTY_ARRAY = "empty-array"
    LONG_TEXT = "long-text"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """Which requests a rule is for; an empty member is for all of them.

    ``host`` (with a port or without), ``path`` and the values of ``query`` may hold ``*``. Of a query the parameters in
    ``query`` are compared, and no others. ``nth`` is for the nth such request of a run alone, from 1; ``after`` for
    those that follow the first ``after``.
    """

    method: str = ""
    host: str = ""
    path: str = ""
    nth: int | None = None
    after: int = 0
    query: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. What ``action`` does not use of the members behind it has its default.

    ``base_url`` is for ``FORWARD``; ``status``, ``headers`` and ``body`` for ``RESPOND``; ``failure`` for ``FAIL``;
    ``seconds`` for ``DELAY`` and ``RATE_LIMIT``, which sends them as a date with ``as_date``; ``length`` (bytes) for
    ``TRUNCATE``; ``pointer``, ``replacement`` and, for ``Replacement.VALUE``, ``value`` (JSON text) for ``REPLACE``.
    """

    name: str
    action: RuleAction
    match: RuleMatch = field(default_factory=RuleMatch)
    base_url: str = ""
    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    failure: FailureKind = FailureKind.REFUSED
    seconds: float = 0.0
    as_date: bool = False
    length: int = 0
    pointer: str = ""
    replacement: Replacement = Replacement.NULL
    value: str = ""


class NoiseKind(StrEnum):
    """What differs between two runs of the same code with the same answers, and how it is compared instead."""

    DATE_TIME = "date-time"
    UUID = "uuid"
    NUMBER = "number"
    TEXT = "text"
    ANY = "any"


class NoisePlace(StrEnum):
    """The part of a recording that a noise stands in."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"
    RESULT = "result"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Noise:
    """A value that changes from run to run and is compared by its kind.

    ``exchange`` is the id of the recorded exchange, None for the result. ``pointer`` is a JSON Pointer in a JSON body,
    the result, or an object of the query's, form's or headers' names (``/since``, ``/since/1`` for its second value);
    for a path it is the segment's number, for the error that ended a run ``/message``. ``pattern`` is the regular
    expression of a ``TEXT``.
    """

    place: NoisePlace
    pointer: str
    kind: NoiseKind
    exchange: int | None = None
    pattern: str = ""


class OnUnmatched(StrEnum):
    """What a request gets that has no recorded answer: an error, the closest answer, or that of the network."""

    FAIL = "fail"
    CLOSEST = "closest"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Answers:
    """The source of a run's answers as asked for.

    ``recorded`` are the exchanges of the recording, ``noise`` what is compared by kind in them; ``label`` says in few
    words whose they are (``run 17``, a file's name), ``of_run`` is the id of that run. ``skip_waits``: waits between
    attempts are not waited for. ``rules`` are asked in order and the first that matches a request is taken;
    ``saved_rules`` are those of them that stood in ``workbench.toml``, None where that was left out.
    """

    source: AnswerSource = AnswerSource.LIVE
    label: str = ""
    recorded: tuple[Exchange, ...] = field(default=(), repr=False)
    noise: tuple[Noise, ...] = ()
    on_unmatched: OnUnmatched = OnUnmatched.FAIL
    skip_waits: bool = True
    rules: tuple[Rule, ...] = ()
    of_run: str = ""
    saved_rules: tuple[Rule, ...] | None = None

    @property
    def are_changed(self) -> bool:
        """Whether a request may get another answer than the network's: a recorded one, or one by a rule."""
        return self.source is AnswerSource.RECORDING or bool(self.rules)
