"""Replies of the recording of a run, and what it says of requests that are yet to come."""

import threading
from collections.abc import Callable
from dataclasses import replace

from workbench.answers.answer import Answer, recorded_answer
from workbench.answers.messages import unmatched_message
from workbench.answers.recording import Recording, stored_in_part
from workbench.domain import (
    AnswerOrigin,
    AnswerSource,
    Exchange,
    OnUnmatched,
    Request,
    Response,
    RunRequest,
    Unmatched,
)
from workbench.worker.peer.replay_secrets import ReplaySecrets
from workbench.worker.peer.reply import NoRecordedAnswer, Reply


class RecordedReplies:
    """Gives each exchange of the recording once; its methods are for many threads."""

    def __init__(self, request: RunRequest, note: Callable[[str], None]) -> None:
        self._answers = request.answers
        self._note = note
        self._lock = threading.Lock()
        self._secrets = ReplaySecrets(request)
        recorded = self._secrets.recorded(request.answers.recorded)
        self._recording = Recording(recorded, self._answers.noise, self._secrets.masked)

    def reply(self, request: Request) -> Reply:
        """The reply to a request that was sent; one that is to be fetched where nothing matches and that may be."""
        with self._lock:
            self._secrets.sent(request)
            found = self._recording.take(request)
            if isinstance(found, Unmatched) and self._secrets.know_stored():
                self._recording.mask_again()
                found = self._recording.take(request)
            takes_closest = self._answers.on_unmatched is OnUnmatched.CLOSEST
            if isinstance(found, Exchange):
                partly = None if takes_closest else stored_in_part(found)
                return self._unmatched(partly, request) if partly else self._recorded(self._secrets.filled(found))
            if not takes_closest:
                return self._unmatched(found, request)
            closest = self._recording.closest(request)
            return self._stand_in(found, closest and self._secrets.filled(closest))

    def unconnected(self, method: str, url: str) -> Reply | None:
        """The reply to a request that is about to connect, where the recorded one failed to; None else."""
        with self._lock:
            found = self._recording.take_unconnected(method, url)
        return None if found is None else self._recorded(found)

    def fails_to_send(self, method: str, url: str) -> bool:
        """Whether the connection of the next such request broke while it was sent."""
        with self._lock:
            return self._recording.fails_to_send(method, url)

    def will_not_connect(self, url: str) -> bool:
        """Whether the next connection to the host failed."""
        with self._lock:
            return self._recording.will_not_connect(url)

    def filled(self, response: Response) -> Response:
        """The response of a rule, which may have begun from a recorded one, with values in place of masks."""
        with self._lock:
            return self._secrets.answered(response)

    def unanswered(self, request: Request) -> Exchange | None:
        """The exchange that such a request is recorded as next, where that has no response."""
        with self._lock:
            found = self._recording.next(request)
        return found if found is not None and found.response is None else None

    def sent_before(self, exchange: int | None) -> tuple[int, tuple[int, ...]]:
        """How many lines the body of that recorded request has, and how many of them came before each of the answer."""
        found = next((one for one in self._answers.recorded if one.id == exchange), None)
        if found is None:
            return 0, ()
        return len(found.request.body.splitlines()), found.response.sent_before if found.response else ()

    def sent_first(self, request: Request) -> int:
        """How many lines were sent before the answer of the exchange that such a request is recorded as next."""
        with self._lock:
            found = self._recording.next(request)
        before = found.response.sent_before if found is not None and found.response is not None else ()
        return before[0] if before else 0

    def departure(self, exchange: int, request: Request) -> tuple[AnswerOrigin, NoRecordedAnswer] | None:
        """Where a request goes on otherwise than the recorded one by which it is answered already."""
        with self._lock:
            self._secrets.sent(request)
            found = self._recording.departure(exchange, request)
        if found is None:
            return None
        return AnswerOrigin(AnswerSource.RECORDING, unmatched=found), NoRecordedAnswer(unmatched_message(found))

    def _recorded(self, exchange: Exchange) -> Reply:
        response = exchange.response
        if response is not None and response.cut:
            self._note(
                f"Only {len(response.body):,} of {response.size:,} bytes are stored of the recorded body of exchange "
                f"{exchange.id}: the replay has no more."
            )
        return Reply(AnswerOrigin(AnswerSource.RECORDING, exchange.id), recorded_answer(exchange))

    def _stand_in(self, unmatched: Unmatched, closest: Exchange | None) -> Reply:
        """The answer of the closest exchange; an empty one where there is none."""
        if closest is None:
            return Reply(AnswerOrigin(AnswerSource.RECORDING, unmatched=unmatched), Answer(Response(200, "OK")))
        reply = self._recorded(closest)
        return replace(reply, origin=replace(reply.origin, unmatched=unmatched))

    def _unmatched(self, unmatched: Unmatched, request: Request) -> Reply:
        if self._answers.on_unmatched is OnUnmatched.LIVE:
            return Reply(AnswerOrigin(AnswerSource.LIVE, unmatched=unmatched), url=request.url)
        origin = AnswerOrigin(AnswerSource.RECORDING, unmatched=unmatched)
        return Reply(origin, error=NoRecordedAnswer(unmatched_message(unmatched)))
