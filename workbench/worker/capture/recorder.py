"""The exchanges of a run: numbered, grouped by the call that caused them, with the line of that call."""

import asyncio
import itertools
from collections.abc import Callable
from contextvars import ContextVar, Token
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from workbench.domain import Frame
from workbench.events import CaptureNoted, Event, RetryScheduled
from workbench.events.exchange_parts import STARTED, Part
from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.calls.call_sites import CallSites
from workbench.worker.capture.sink import Outlet
from workbench.worker.source import OwnCode
from workbench.worker.text import text_of

if TYPE_CHECKING:
    from workbench.worker.peer.engine import AnswerEngine

BODY_BUDGET = 64 * 1024 * 1024
"""Bytes of all bodies of a run that are stored."""

MAX_FAILURES = 5

_LATE = 0.05
"""Seconds after which the beginning of a request is reported, although what is sent of it is not there yet."""


class Recorder:
    """Records the exchanges of all adapters."""

    def __init__(self, outlet: Outlet, own: OwnCode) -> None:
        self.open: dict[int, Attempt] = {}
        self.forget: Callable[[int, None], object] = self.open.pop
        outlet.under_way = self.open
        outlet.when_looking = self._tell_late
        self.outlet = outlet
        self._send = outlet.send_soon
        self.put: Callable[[Part], None] = outlet.put
        self.post: Callable[[Part], None] = outlet.post
        self._own = own
        self.known_places = own.places
        self.next_id = itertools.count(1).__next__
        self.next_group = itertools.count(1).__next__
        self.body_room = BODY_BUDGET
        self._failures = 0
        self.native_ports: set[int] = set()
        self.uncaptured = 0
        """Connections that were reported."""
        self._answers: AnswerEngine | None = None
        self.is_live = True
        """Whether the network answers, and nothing else."""
        self._when_answered: Callable[[], None] | None = None
        self.network_closed = False
        self.when_finished: Callable[[], None] = lambda: None
        self.sites = CallSites(own, self.failed)
        self.current_call: ContextVar[Call | None] = ContextVar("workbench_call", default=None)
        self.broken_connection: ContextVar[BaseException | None] = ContextVar("workbench_broken", default=None)
        self.current: ContextVar[Attempt | None] = ContextVar("workbench_attempt", default=None)

    @property
    def answers(self) -> "AnswerEngine | None":
        """What answers requests, if anything but the network does."""
        return self._answers

    @answers.setter
    def answers(self, engine: "AnswerEngine | None") -> None:
        self._answers, self.is_live = engine, engine is None
        hook, self._when_answered = self._when_answered, None
        if hook is not None:
            hook()

    def hook_answers(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` once anything but the network answers."""
        if self.is_live:
            self._when_answered = hook
        else:
            hook()

    def answering(self, url: str) -> "AnswerEngine | None":
        """What answers requests to that URL in place of the network; None where the network does."""
        return self._answers if self._answers is not None and self._answers.takes(url) else None

    def call(self, frame: FrameType | None, library: str = "") -> Call:
        """The current call, else a new one by the integration's line at or above ``frame``."""
        call = self.current_call.get()
        if call is None:
            return self.new_call(frame, library)
        if not call.library:
            call.library = library
        return call

    def new_call(self, frame: FrameType | None, library: str = "") -> Call:
        """A call by the integration's line at or above ``frame``."""
        try:
            site = self._own.call_site(frame) or self.sites.giver()
        except Exception as error:
            self.failed("call_site", error)
            site = None
        return Call(self.next_group(), site, library)

    def leave(self, token: Token[Call | None]) -> None:
        """Belong to the call again that was the current one before :attr:`current_call` was set."""
        try:  # and no suppress(): it takes as long as all the rest of a call
            self.current_call.reset(token)
        except ValueError:  # closed from another context, as the garbage collector does
            return

    def begin(
        self,
        library: str,
        method: str,
        url: str,
        frame: FrameType | None = None,
        *,
        proxy: str = "",
        started: float | None = None,
    ) -> Attempt:
        """A new attempt of the current call, else of a call by the integration's line at or above ``frame``."""
        attempt = self.prepare()
        attempt.started = started or attempt.started
        attempt.proxy = proxy
        self.announce(attempt, library, method, url, frame)
        return attempt

    def begin_with(self, call: Call, source: Any, library: str, method: str, url: Any, proxy: str) -> Attempt:
        """An attempt whose request is sent next, on an open connection: its beginning is reported together with it.

        ``url`` becomes a text; without a ``method`` both are completed by the head of the request.
        """
        number = self.next_id()
        call.attempts = tried = call.attempts + 1
        begun = call.group, tried, call.library or library, method, url, call.site, proxy
        attempt = Attempt(self, number, monotonic(), None, "connect", None, method, proxy, True, source, begun)
        call.last = self.open[number] = attempt
        return attempt

    def _tell_late(self) -> None:
        """Report requests of which only a part is sent, as the integration still makes their bodies."""
        before = monotonic() - _LATE
        for attempt in list(self.open.values()):
            if attempt.begun is not None and attempt.started < before and (attempt.method or attempt.head is not None):
                attempt.tell_begun()

    def prepare(self) -> Attempt:
        """An attempt that has begun and of which it is not known yet what it will ask for."""
        return Attempt(self, self.next_id(), monotonic())

    def announce(self, attempt: Attempt, library: str, method: str, url: str, frame: FrameType | None = None) -> None:
        """What a prepared attempt asks for; from here on it is an exchange of the run."""
        attempt.announced = True
        attempt.method = method
        attempt.target = method, url
        attempt.secure = url.startswith(("https:", "wss:"))
        self.open[attempt.id] = attempt
        try:
            call = self.current_call.get() or self.call(frame)
            number = call.attempts = call.attempts + 1
            call.last = attempt
            library = call.library or library
            asked = library, method, url, call.site, attempt.proxy
            self.post((STARTED, attempt.started, attempt.id, call.group, number, *asked))
        except Exception as error:
            self.failed("begin", error)

    def library_of_call(self) -> str:
        """The library that was called, of :class:`Call`; empty outside of one."""
        call = self.current_call.get()
        return call.library if call else ""

    def of_origin(self, site: Frame | None, work: Callable[..., Any]) -> Callable[..., Any]:
        """``work`` for another thread: it is part of the attempt under way, and its requests belong to ``site``."""
        attempt = self.current.get()

        def with_origin(*args: Any, **options: Any) -> Any:
            tokens = self.sites.origin.set(site), self.current.set(attempt)
            try:
                return work(*args, **options)
            finally:
                self.sites.origin.reset(tokens[0])
                self.current.reset(tokens[1])

        return with_origin

    def waits(self, seconds: float, most: int) -> None:
        """The current call waits before its next try, of ``most`` in all; nothing where its last attempt goes on."""
        call = self.current_call.get()
        if call is None or call.last is None or not call.last.has_failed:
            return
        call.tries += 1
        self.emit(RetryScheduled(monotonic(), call.last.id, seconds, call.tries, max(most, call.tries)))

    def failed_attempt(self, attempt: Attempt, error: BaseException) -> None:
        """The attempt ended by ``error``; a cancellation may turn out to be a timeout, which the call knows."""
        call = self.current_call.get()
        if isinstance(error, asyncio.CancelledError) and call is not None:
            call.interrupted += (attempt,)
        else:
            attempt.fail(error)

    def broken(self, call: Call, error: BaseException) -> None:
        """A blocking call was ended by ``error``, and with it the attempt that it has left open."""
        if call.last is not None:
            call.last.fail(error)

    def rejected(
        self,
        library: str,
        method: str,
        url: str,
        error: BaseException,
        frame: FrameType | None = None,
        *,
        phase: str = "request",
        started: float | None = None,
    ) -> None:
        """A request that the library did not send, because of ``error``."""
        attempt = self.begin(library, method, url, frame, started=started)
        attempt.phase = phase
        attempt.fail(error)

    def finish(self) -> None:
        """End what is still open when the handler has finished: unread responses and abandoned requests."""
        self.when_finished()
        for attempt in list(self.open.values()):
            attempt.give_up("unread" if attempt.has_response else "abandoned")

    def emit(self, event: Event) -> None:
        """Send an event of an attempt."""
        self._send(event)

    def note(self, message: str) -> None:
        """Send a note of the capture."""
        self._send(CaptureNoted(monotonic(), message))

    def failed(self, where: str, error: Exception) -> None:
        """Note a failure of the capture; the first few are enough."""
        self._failures += 1
        if self._failures <= MAX_FAILURES:
            reason = f"{type(error).__qualname__}: {text_of(error)}"
            self.note(f"The HTTP capture failed in {where} ({reason}). The request itself was not affected.")

    def keep(self, size: int) -> int:
        """How many of ``size`` more body bytes are stored."""
        left = self.body_room  # without a lock: it is no matter if two threads take the same bytes of the budget
        if size <= left:
            self.body_room = left - size
            return size
        self.body_room = 0
        if left > 0:
            self.note(f"The bodies are larger than {BODY_BUDGET:,} bytes. From here on they are only counted.")
        return left
