"""What each request of a run is answered with; one object for all adapters and threads of a worker."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.answers.answer import Answer
from workbench.answers.rule_answers import changed_answer, own_answer
from workbench.answers.rules import RuleBook, has_host
from workbench.domain import (
    AnswerOrigin,
    AnswerSource,
    ExchangeError,
    OnUnmatched,
    Request,
    Rule,
    RuleAction,
    RunRequest,
)
from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.network.live_answer import LARGEST_CHANGE, Change
from workbench.worker.peer.network.relay import OpenForwards, forwarded_url, relay
from workbench.worker.peer.network.route import Proxy, Route
from workbench.worker.peer.recorded_replies import RecordedReplies
from workbench.worker.peer.reply import EARLY, NoRecordedAnswer, Reply, failed_connection
from workbench.worker.peer.waits import InFlight

if TYPE_CHECKING:
    import ssl

_INSTEAD = "Run with live answers, or replace what uses it in a test."


class AnswerEngine:
    """Answers requests as :class:`workbench.domain.Answers` say. ``note`` tells the run's user something."""

    def __init__(self, request: RunRequest, note: Callable[[str], None]) -> None:
        self._answers = request.answers
        self._note = note
        self._rules = RuleBook(request.answers.rules)
        self.in_flight = InFlight(is_offline=self.opens_none)
        self._forwards = OpenForwards()
        self.recorded = RecordedReplies(request, note)

    @property
    def is_recording(self) -> bool:
        """Whether no request goes to the network by itself."""
        return self._answers.source is AnswerSource.RECORDING

    @property
    def skips_waits(self) -> bool:
        """Whether nobody waits: between attempts, or for an answer that never comes."""
        return self.is_recording and self._answers.skip_waits

    @property
    def closes_network(self) -> bool:
        """Whether no connection but those made here may be opened."""
        return self.is_recording and self._answers.on_unmatched is not OnUnmatched.LIVE

    @property
    def opens_none(self) -> bool:
        """Whether no connection is opened here either: a forward of a rule opens one."""
        return self.closes_network and all(rule.action is not RuleAction.FORWARD for rule in self._answers.rules)

    def takes(self, url: str) -> bool:
        """Whether requests to that URL's host are answered here, be it by what the network answers."""
        return self.is_recording or self._rules.concerns(url)

    def passes(self, method: str, url: str, *, is_socket: bool = False) -> bool:
        """Whether a request whose URL is known before it connects goes to the network as if nothing was here.

        The handshake of a WebSocket (``is_socket``) does, unless a rule answers or fails it.
        """
        if self.is_recording:
            return False
        rule, is_taken = self._rules.take_if(
            method, url, lambda rule: rule is None or (is_socket and own_answer(rule) is None)
        )
        if is_taken and rule is not None:
            self._note(f"The rule {rule.name!r} does not apply to the WebSocket {url}: it changes HTTP answers alone.")
        return is_taken

    def goes_live(self, method: str, url: str) -> bool:
        """Whether the network answers a request that is about to connect, be it changed by a rule then.

        The library connects by itself: with its own proxy, certificates and choice what to check.
        """
        rule = self._rules.next(method, url)
        is_own = rule is not None and (rule.action is RuleAction.FORWARD or own_answer(rule) is not None)
        return not self.is_recording and not is_own

    def not_connected(self, method: str, url: str) -> None:
        """The network did not accept the connection of such a request: it counts all the same."""
        self._rules.take(method, url)

    def change(self, reply: Reply, request: Request) -> Change:
        """What the reply's rule does to the answer of the network."""
        rule = reply.rule
        if rule is None:
            return Change()
        return Change(
            rule, lambda answer: self._changed(rule, answer, request), lambda: self._note_too_long(rule, request)
        )

    def unconnected(self, method: str, url: str) -> Reply | None:
        """The reply to a request that is about to connect, where the connection fails; it is None else."""
        rule, is_taken = self._rules.take_if(method, url, _fails_early)
        answer = None if rule is None else own_answer(rule)
        if is_taken and rule is not None and answer is not None:
            return Reply(self._origin(rule), answer, rule=rule)
        if answer is not None or not self.is_recording or (rule and rule.action is RuleAction.FORWARD):
            return None
        if (reply := self.recorded.unconnected(method, url)) is not None:
            self._rules.take(method, url)
        return reply

    def broken_connection(self, attempt: Attempt, method: str, url: str) -> OSError | None:
        """The exception of a blocking connection for a request, where it fails; the attempt gets its origin."""
        return failed_connection(attempt, self.unconnected(method, url))

    def fails_to_send(self, method: str, url: str) -> bool:
        """Whether the next such request is recorded as one that could not be sent, whatever its body is."""
        return self._rules.next(method, url) is None and self.recorded.fails_to_send(method, url)

    def is_forwarded(self, method: str, url: str) -> bool:
        """Whether a rule forwards a request that is about to connect."""
        rule = self._rules.next(method, url)
        return rule is not None and rule.action is RuleAction.FORWARD

    def unforwarded(self, method: str, url: str, timeout: float | None = None) -> Reply | None:
        """The reply where the server that a rule forwards to accepts no connection, which takes its time; None else.

        It is connected where the library connects, so that the library raises what it raises of any such server.
        """
        rule = self._rules.next(method, url)
        if rule is None or rule.action is not RuleAction.FORWARD:
            return None
        failure = self._forwards.connect(Route(forwarded_url(rule.base_url, url), is_forward=True), timeout)
        if failure is None or not self._rules.take_if(method, url, lambda found: found is rule)[1]:
            return None
        self._note_forward(rule, failure)
        return Reply(self._origin(rule), Answer(failure=failure), rule=rule)

    def reply(self, request: Request) -> Reply:
        """The reply to a request that was sent; it may have to be fetched yet."""
        rule = self._rules.take(request.method, request.url)
        if rule is not None and (answer := own_answer(rule)) is not None:
            response = answer.response and self.recorded.filled(answer.response)
            return Reply(self._origin(rule), replace(answer, response=response), rule=rule)
        if rule is not None and rule.action is RuleAction.FORWARD:
            return Reply(self._origin(rule), rule=rule, url=forwarded_url(rule.base_url, request.url))
        reply = self._unchanged(request)
        if rule is None or reply.error is not None:
            return reply
        delay = rule.seconds if rule.action is RuleAction.DELAY else 0.0
        origin = replace(reply.origin, rule=rule.name)
        answer = reply.answer if reply.url else self._changed(rule, reply.answer, request)
        return replace(reply, origin=origin, answer=answer, rule=rule, delay=delay)

    def fetched(self, reply: Reply, request: Request, proxy: Proxy, context: "ssl.SSLContext | None" = None) -> Reply:
        """The reply with what the network answered, which takes its time.

        ``proxy`` is the one that the library would have asked, ``context`` what it would have checked. In a thread
        its caller counts it in ``in_flight``, until the event loop knows of it.
        """
        rule = reply.rule
        is_forward = rule is not None and rule.action is RuleAction.FORWARD
        route = Route(reply.url, Proxy() if is_forward else proxy, is_forward, context)
        decodes = rule is not None and rule.action is RuleAction.REPLACE
        most = rule.length if rule is not None and rule.action is RuleAction.TRUNCATE else None
        found = relay(request, route, self._forwards.take(route) if is_forward else None, decodes=decodes, most=most)
        if found.answer.failure is not None and rule is not None and is_forward:
            self._note_forward(rule, found.answer.failure)
        if found.is_too_long and rule is not None:
            self._note_too_long(rule, request)
        answer = self._changed(rule, found.answer, request) if rule and not found.is_too_long else found.answer
        return replace(reply, answer=answer, url="", rest=found.rest)

    def _changed(self, rule: Rule, answer: Answer, request: Request) -> Answer:
        """The answer as the rule changes it; the run says so where there is nothing to change."""
        changed = changed_answer(rule, answer)
        if rule.action is RuleAction.REPLACE and changed is answer and answer.failure is None:
            self.note_unchanged(rule, request.method, request.url)
        return changed

    def _note_forward(self, rule: Rule, failure: ExchangeError) -> None:
        reason = failure.message or failure.type
        self._note(f"The rule {rule.name!r} forwards to {rule.base_url}, which failed: {reason}.")

    def _note_too_long(self, rule: Rule, request: Request) -> None:
        self._note(
            f"The rule {rule.name!r} did not change the body of {request.method} {request.url}: it is longer than "
            f"{LARGEST_CHANGE // 1024**2} MiB."
        )

    def note_unchanged(self, rule: Rule, method: str, url: str) -> None:
        """Tell that the rule found nothing to replace in an answer."""
        self._note(
            f"The rule {rule.name!r} changed nothing in the answer to {method} {url}: its body is not JSON, or has no "
            f"value at {rule.pointer or '(whole)'}."
        )

    def delay(self, reply: Reply) -> None:
        """Wait as long as the reply is to be delayed, where waits are not skipped."""
        if reply.delay and not self.skips_waits:
            time.sleep(reply.delay)

    def forward_of(self, url: str) -> str:
        """The base URL to which a rule forwards connections to a host, whatever they ask for; empty where none does."""
        found = (rule for rule in self._answers.rules if rule.action is RuleAction.FORWARD)
        return next((rule.base_url for rule in found if has_host(rule.match, url)), "")

    def ends_connection(self, url: str) -> bool:
        """Whether the next connection to the host will fail, so that open ones end before."""
        return self.recorded.will_not_connect(url) or any(map(_fails_early, self._rules.due(url)))

    def refused(self, host: str) -> NoRecordedAnswer:
        """The error of a connection that is no request of a library that is known."""
        return NoRecordedAnswer(f"The recording has no answer to a connection to {host}: a replay opens none.")

    def refused_socket(self, url: str) -> NoRecordedAnswer:
        """The error of a WebSocket in a replay."""
        return NoRecordedAnswer(f"WebSockets are not replayed, so {url} was not opened. {_INSTEAD}")

    def _unchanged(self, request: Request) -> Reply:
        """The reply before rules change it."""
        if not self.is_recording:
            return Reply(AnswerOrigin(), url=request.url)
        if any(name.lower() == "upgrade" and value.lower() == "websocket" for name, value in request.headers):
            return Reply(AnswerOrigin(AnswerSource.RECORDING), error=self.refused_socket(request.url))
        return self.recorded.reply(request)

    def _origin(self, rule: Rule) -> AnswerOrigin:
        return AnswerOrigin(self._answers.source, rule=rule.name)


def _fails_early(rule: Rule | None) -> bool:
    """Whether a rule lets the connection fail, before anything is sent."""
    answer = None if rule is None else own_answer(rule)
    return answer is not None and answer.failure is not None and answer.failure.phase in EARLY
