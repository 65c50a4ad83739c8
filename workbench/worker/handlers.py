"""The handlers an integration has registered, and the watch kept on the one that runs."""

import asyncio
import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping
from types import CodeType, new_class
from typing import Any, Self

from autohive_integrations_sdk import Integration

from workbench.domain import Kind
from workbench.trace import HandlerReturned, HandlerStarted, IntegrationLoaded
from workbench.worker.channel import Channel
from workbench.worker.clock import now
from workbench.worker.source import function_frame
from workbench.worker.values import returned

METHODS: Mapping[Kind, str] = {Kind.ACTION: "execute", Kind.TRIGGER: "poll", Kind.ACCOUNT: "get_account_info"}
"""The method of a handler that the SDK calls."""

DECORATORS: Mapping[Kind, str] = {
    Kind.ACTION: "action",
    Kind.TRIGGER: "polling_trigger",
    Kind.ACCOUNT: "connected_account",
}
"""The decorator that registers a handler of each kind."""


class HandlerExit(Exception):
    """A handler raised ``SystemExit`` or ``KeyboardInterrupt``, which would have torn the event loop down."""


def handler_of(integration: Integration, kind: Kind, name: str) -> Any:
    """What is registered for that name, None where nothing is."""
    if kind is Kind.ACCOUNT:
        return integration._connected_account_handler
    return (integration._action_handlers if kind is Kind.ACTION else integration._polling_handlers).get(name)


def replace_handler(integration: Integration, kind: Kind, name: str, handler: Any) -> None:
    """Register another handler in its place."""
    if kind is Kind.ACCOUNT:
        integration._connected_account_handler = handler
    else:
        (integration._action_handlers if kind is Kind.ACTION else integration._polling_handlers)[name] = handler


def loaded_event(integration: Integration) -> IntegrationLoaded:
    """The names that handlers are registered for."""
    account = integration._connected_account_handler is not None
    return IntegrationLoaded(now(), tuple(integration._action_handlers), tuple(integration._polling_handlers), account)


class HandlerWatch:
    """Stands in front of one handler: says when it starts, keeps what it returns or raises, and cancels it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.raised: BaseException | None = None
        self.has_returned = False
        self.task: asyncio.Task[Any] | None = None
        self._line = ReturnLine()

    def put_before(self, integration: Integration, kind: Kind, name: str) -> None:
        """Register, in place of the handler's class, a subclass of it that reports to this watch."""
        handler = handler_of(integration, kind, name)
        if isinstance(handler, type) and callable(getattr(handler, METHODS[kind], None)):
            replace_handler(integration, kind, name, self._subclass(handler, METHODS[kind]))

    def _subclass(self, handler: type, method: str) -> type:
        watch = self

        async def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            function = getattr(super(subclass, self), method)
            return await watch.call(function, *args, **kwargs)

        watched.__name__ = method
        body = {method: watched, "__module__": handler.__module__, "__qualname__": handler.__qualname__}
        subclass = new_class(handler.__name__, (handler,), exec_body=lambda namespace: namespace.update(body))
        return subclass

    async def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the handler's own method."""
        self._channel.send(HandlerStarted(now(), function_frame(function)))
        try:
            with self._line.of(function):
                result = function(*args, **kwargs)
                if isinstance(result, Awaitable):
                    result = await result
                else:
                    self._report(result)
                    raise TypeError(
                        f"{function.__qualname__} is not a coroutine: write `async def {function.__name__}`."
                    )
        except (SystemExit, KeyboardInterrupt) as error:
            self.raised = error
            raise HandlerExit(type(error).__name__) from error
        except BaseException as error:
            self.raised = error
            raise
        self._report(result)
        return result

    def _report(self, result: object) -> None:
        self.has_returned = True
        self._channel.send(HandlerReturned(now(), returned(result), self._line.line))


class ReturnLine:
    """Finds the line of the return statement that a function left through, with :mod:`sys.monitoring`."""

    _TOOL = 4

    def __init__(self) -> None:
        self.line: int | None = None
        self._code: CodeType | None = None

    def of(self, function: Callable[..., Any]) -> Self:
        """Watch this function within the ``with`` block."""
        code = getattr(inspect.unwrap(function), "__code__", None)
        self._code = code if isinstance(code, CodeType) else None
        return self

    def __enter__(self) -> None:
        if self._code is None or sys.monitoring.get_tool(self._TOOL) is not None:
            self._code = None
            return
        sys.monitoring.use_tool_id(self._TOOL, "workbench")
        sys.monitoring.register_callback(self._TOOL, sys.monitoring.events.PY_RETURN, self._returned)
        sys.monitoring.set_local_events(self._TOOL, self._code, sys.monitoring.events.PY_RETURN)

    def __exit__(self, *exc_info: object) -> None:
        if self._code is not None:
            sys.monitoring.set_local_events(self._TOOL, self._code, 0)
            sys.monitoring.free_tool_id(self._TOOL)

    def _returned(self, code: CodeType, offset: int, value: object) -> None:
        self.line = next((line for start, end, line in code.co_lines() if start <= offset < end), None)
