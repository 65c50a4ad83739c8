"""The handlers that an integration has registered, and the wrapper of the one that runs."""

import asyncio
import inspect
import linecache
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from time import monotonic
from types import CodeType, new_class
from typing import Any, Self

from workbench.domain import Kind, Registered
from workbench.events import HandlerLeft, HandlerReturned, HandlerStarted, IntegrationLoaded
from workbench.worker.builtin_names import BuiltinNames
from workbench.worker.channel import Channel
from workbench.worker.handler_check import describe_handler
from workbench.worker.source import function_frame
from workbench.worker.values import convert


class HandlerExit(Exception):
    """A handler raised ``SystemExit`` or ``KeyboardInterrupt``, which would have ended the event loop."""


def handler_of(integration: Any, kind: Kind, name: str) -> Any:
    """The handler registered for a name; None where there is none."""
    if kind is Kind.ACCOUNT:
        return getattr(integration, "_connected_account_handler", None)  # release 0.1 knows none
    return (integration._action_handlers if kind.is_action else integration._polling_handlers).get(name)


def replace_handler(integration: Any, kind: Kind, name: str, handler: Any) -> None:
    """Register another handler in its place."""
    if kind is Kind.ACCOUNT:
        integration._connected_account_handler = handler
    else:
        (integration._action_handlers if kind.is_action else integration._polling_handlers)[name] = handler


def loaded_event(integration: Any, *, closely: bool) -> IntegrationLoaded:
    """The names of the registered handlers; ``closely`` adds a description of each."""
    account = handler_of(integration, Kind.ACCOUNT, "")
    return IntegrationLoaded(
        monotonic(),
        tuple(integration._action_handlers),
        tuple(integration._polling_handlers),
        account is not None,
        tuple(_handlers(integration)) if closely else None,
    )


def _handlers(integration: Any) -> Iterator[Registered]:
    for name, action in integration._action_handlers.items():
        yield describe_handler(Kind.ACTION, name, action)
    for name, poller in integration._polling_handlers.items():
        yield describe_handler(Kind.TRIGGER, name, poller)
    if (account := handler_of(integration, Kind.ACCOUNT, "")) is not None:
        yield describe_handler(Kind.ACCOUNT, "", account)


class HandlerWatch:
    """Wraps one handler: reports its start, holds what it returns or raises, and cancels it."""

    def __init__(self, channel: Channel, builtin_names: BuiltinNames) -> None:
        self._channel = channel
        self._builtin_names = builtin_names
        self.raised: BaseException | None = None
        self.arguments: tuple[Any, ...] = ()
        self.task: asyncio.Task[Any] | None = None
        self.is_not_awaitable = False
        self.has_left = False
        self.has_returned = False

    def put_before(self, integration: Any, kind: Kind, name: str) -> None:
        """Register, in place of the handler's class, a subclass of it that reports to this watch."""
        handler = handler_of(integration, kind, name)
        if isinstance(handler, type) and callable(getattr(handler, kind.handler.method, None)):
            replace_handler(integration, kind, name, self._subclass(handler, kind.handler.method))

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
        self._channel.send(HandlerStarted(monotonic(), function_frame(function)))
        self.arguments = args
        try:
            with ReturnLine(function) as place:
                result = function(*args, **kwargs)
                if isinstance(result, Awaitable):
                    result = await result
                else:
                    self._leave()
                    self._report(result, None)
                    self.is_not_awaitable = True
                    raise TypeError(_not_awaited(function, result))
        except (SystemExit, KeyboardInterrupt) as error:
            self._leave(raised=True)
            self.raised = error
            raise HandlerExit(type(error).__name__) from error
        except BaseException as error:
            if not self.has_left and not isinstance(error, asyncio.CancelledError):  # one that is stopped has not left
                self._leave(raised=True)
            self.raised = error
            raise
        self._leave()
        self._report(result, place.line)
        return result

    def _leave(self, *, raised: bool = False) -> None:
        self._builtin_names.restore()  # what follows is the SDK's and our own
        self.has_left = True
        self._channel.send(HandlerLeft(monotonic(), raised))

    def _report(self, result: object, line: int | None) -> None:
        self.has_returned = True
        at = monotonic()
        conversion = convert(result)
        self._channel.send(HandlerReturned(at, conversion.returned, line, conversion.text))


def _not_awaited(function: Callable[..., Any], result: object) -> str:
    name, method = function.__qualname__, function.__name__
    if isinstance(result, AsyncGenerator | Generator):
        kind = "an async generator" if isinstance(result, AsyncGenerator) else "a generator"
        return f"{name} is {kind}, because of its `yield`: write `async def {method}` with one `return` of everything."
    return f"{name} is not a coroutine: write `async def {method}`."


class ReturnLine:
    """Finds the line of the return statement that a function left through, with :mod:`sys.monitoring`.

    Where the statement stands in a ``with`` or ``try``, Python returns from the line that cleans up; the last line with
    ``return`` before that is the one. Other lines are watched once, so that a loop in a handler stays fast.
    """

    _TOOL = 4
    _STATEMENT = re.compile(r"(^|[:;])\s*return\b")

    def __init__(self, function: Callable[..., Any]) -> None:
        self.line: int | None = None
        self._statement: int | None = None
        code = getattr(inspect.unwrap(function), "__code__", None)
        self._code = code if isinstance(code, CodeType) else None

    def __enter__(self) -> Self:
        if self._code is None or sys.monitoring.get_tool(self._TOOL) is not None:
            self._code = None
            return self
        events = sys.monitoring.events
        sys.monitoring.use_tool_id(self._TOOL, "workbench")
        sys.monitoring.register_callback(self._TOOL, events.LINE, self._reached)
        sys.monitoring.register_callback(self._TOOL, events.PY_RETURN, self._returned)
        sys.monitoring.set_local_events(self._TOOL, self._code, events.LINE | events.PY_RETURN)
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._code is not None:
            sys.monitoring.set_local_events(self._TOOL, self._code, 0)
            sys.monitoring.free_tool_id(self._TOOL)

    def _reached(self, code: CodeType, line: int) -> Any:
        if self._has_return(code, line):
            self._statement = line
            return None
        return sys.monitoring.DISABLE

    def _returned(self, code: CodeType, offset: int, value: object) -> None:
        line = next((line for start, end, line in code.co_lines() if start <= offset < end), None)
        self.line = line if line is None or self._has_return(code, line) else self._statement or line

    def _has_return(self, code: CodeType, line: int) -> bool:
        return bool(self._STATEMENT.search(linecache.getline(code.co_filename, line)))
