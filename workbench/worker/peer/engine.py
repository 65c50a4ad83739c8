"""What each request of a run is answered with; one object for all adapters and threads of a worker."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.answers.answer import Answer, recorded_answer
from workbench.answers.masks import SecretFill
from workbench.answers.messages import unmatched_message
from workbench.answers.recording import Recording
from workbench.domain import (
    AnswerOrigin,
    Answers,
    AnswerSource,
    Exchange,
    ExchangeError,
    Request,
    RunRequest,
    Unmatched,
)
from workbench.events.redactor import Redactor
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.failures import connect_error


class NoRecordedAnswer(Exception):
    """A request that the recording has no answer to; no library takes it for a failed connection."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request and where it came from; ``error`` is set where there is none."""

    origin: AnswerOrigin
    answer: Answer = field(default_factory=Answer)
    error: NoRecordedAnswer | None = None

    @property
    def failure(self) -> ExchangeError | None:
        """What happens after the answer's bytes."""
        return self.answer.failure


class AnswerEngine:
    """Answers requests as :class:`workbench.domain.Answers` say. ``note`` tells the run's user something."""

    def __init__(self, request: RunRequest, note: Callable[[str], None]) -> None:
        self._answers: Answers = request.answers
        self._note = note
        self._lock = threading.Lock()
        redactor = Redactor.for_request(request)
        fill = SecretFill(redactor.value_of)
        filled = [fill.exchange(exchange) for exchange in request.answers.recorded]
        self._redactor = redactor.knowing(fill.made_up)
        self._recording = Recording(filled, self._answers.noise, self._masked)

    @property
    def is_recording(self) -> bool:
        """Whether no request goes to the network by itself."""
        return self._answers.source is AnswerSource.RECORDING

    @property
    def skips_waits(self) -> bool:
        """Whether nobody waits: between attempts, or for an answer that never comes."""
        return self.is_recording and self._answers.skip_waits

    def takes(self, url: str) -> bool:
        """Whether requests to that URL's host are answered here."""
        return self.is_recording

    def unconnected(self, method: str, url: str) -> Reply | None:
        """The reply to a request that is about to connect, where the connection fails; it is None else."""
        with self._lock:
            found = self._recording.take_unconnected(method, url)
        return None if found is None else self._recorded(found)

    def broken_connection(self, attempt: Attempt, method: str, url: str) -> OSError | None:
        """The exception of a blocking connection for a request, where it fails; the attempt is told."""
        reply = self.unconnected(method, url)
        if reply is None or reply.failure is None:
            return None
        attempt.answered_from(reply.origin)
        attempt.phase = reply.failure.phase
        return connect_error(reply.failure)

    def reply(self, request: Request) -> Reply:
        """The reply to a request that was sent."""
        with self._lock:
            found = self._recording.take(request)
        return self._recorded(found) if isinstance(found, Exchange) else self._unmatched(found)

    def ends_connection(self, url: str) -> bool:
        """Whether the next connection to the host will fail, so that open ones end before."""
        with self._lock:
            return self._recording.will_not_connect(url)

    def _recorded(self, exchange: Exchange) -> Reply:
        response = exchange.response
        if response is not None and response.cut:
            self._note(
                f"Only {len(response.body):,} of {response.size:,} bytes are stored of the recorded body of exchange "
                f"{exchange.id}: the replay has no more."
            )
        return Reply(AnswerOrigin(AnswerSource.RECORDING, exchange.id), recorded_answer(exchange))

    def _unmatched(self, unmatched: Unmatched) -> Reply:
        origin = AnswerOrigin(AnswerSource.RECORDING, unmatched=unmatched)
        return Reply(origin, error=NoRecordedAnswer(unmatched_message(unmatched)))

    def _masked(self, request: Request) -> Request:
        exchange = Exchange(0, 0, 0, "", request, 0.0)
        return self._redactor.exchange(exchange).request
