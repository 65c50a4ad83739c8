"""The reply to one request, and what a library meets where there is none."""

from dataclasses import dataclass, field

from workbench.answers.answer import Answer
from workbench.domain import AnswerOrigin, ExchangeError, FailureKind, Rule
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.failures import connect_error
from workbench.worker.peer.network.relay import Rest

EARLY = ("dns", "connect", "tls")
"""Phases of a failure before anything is sent."""


class NoRecordedAnswer(Exception):
    """A request that the recording has no answer to; no library takes it for a failed connection."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request and where it came from; ``error`` is set where there is none.

    ``url`` is where the answer has yet to be fetched, which the engine does; ``delay`` is in seconds. ``rest`` is what
    follows the bytes of the answer; the reader closes it.
    """

    origin: AnswerOrigin
    answer: Answer = field(default_factory=Answer)
    error: NoRecordedAnswer | None = None
    rule: Rule | None = None
    url: str = ""
    delay: float = 0.0
    rest: Rest | None = None

    @property
    def failure(self) -> ExchangeError | None:
        """What happens after the answer's bytes."""
        return self.answer.failure


def failed_connection(attempt: Attempt, reply: Reply | None) -> OSError | None:
    """The exception of a connection that fails so; the attempt gets its origin."""
    if reply is None or reply.failure is None:
        return None
    attempt.answered_from(reply.origin)
    attempt.phase = reply.failure.phase
    return connect_error(reply.failure)


def is_silence(failure: ExchangeError) -> bool:
    """Whether the failure is that no answer comes, or none that is waited for."""
    return failure.kind in (FailureKind.TIMEOUT, FailureKind.CANCELLED)
