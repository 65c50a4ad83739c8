"""What a rule changes in the messages of a call that a live server of gRPC answers."""

from collections.abc import AsyncIterator, Callable
from importlib import import_module
from typing import Any

from workbench.answers.rule_answers import replaced
from workbench.domain import Rule, RuleAction
from workbench.worker.capture.grpc.messages import line_of, protobuf_of
from workbench.worker.peer.grpc.calls import UNREADABLE, CallAnswer, message_of, rpc_error

_CUT = CallAnswer(code="UNAVAILABLE", details="Socket closed")


class MessageChange:
    """Changes each message of one call. ``note`` tells the run's user what could not be changed."""

    def __init__(self, rule: Rule, note: Callable[[], None]) -> None:
        self._rule = rule
        self._note = note
        self._left = rule.length

    def of(self, message: Any) -> Any:
        """The message as the rule changes it, or the :class:`CallAnswer` with which the call ends in its place."""
        line = line_of(message)
        if self._rule.action is RuleAction.TRUNCATE:
            self._left -= len(line)
            return message if self._left >= 0 else _CUT
        body = replaced(line, self._rule)
        if body is None:
            self._note()
            return message
        try:
            return message_of(body, type(message) if protobuf_of(message) is not None else None)
        except import_module("google.protobuf.json_format").ParseError:
            return UNREADABLE


class ChangedCall:
    """A call of one response, or the iterator of many, with changed messages; all else is the call's own."""

    def __init__(self, call: Any, change: MessageChange, grpc: Any) -> None:
        self._call = call
        self._change = change
        self._grpc = grpc
        self._only: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def result(self, timeout: float | None = None) -> Any:
        """The only message. Raises the call's error, or that of the change."""
        if self._only is None:
            self._only = self._change.of(self._call.result(timeout))
        return self._message(self._only)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """The error of :meth:`result`."""
        try:
            self.result(timeout)
        except self._grpc.RpcError as error:
            found: BaseException = error
            return found
        return None

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        """Call once it is over, with this object."""
        self._call.add_done_callback(lambda _: fn(self))

    def __iter__(self) -> "ChangedCall":
        return self

    def __next__(self) -> Any:
        return self._message(self._change.of(next(self._call)))

    def _message(self, found: Any) -> Any:
        if isinstance(found, CallAnswer):
            raise rpc_error(found, self._grpc)
        return found


async def changed_messages(call: Any, change: MessageChange, *, is_one: bool) -> AsyncIterator[Any]:
    """The messages of an asynchronous call, and the :class:`CallAnswer` that ends it early, where one does."""
    if is_one:
        yield change.of(await call)
        return
    async for message in call:
        found = change.of(message)
        yield found
        if isinstance(found, CallAnswer):
            return
