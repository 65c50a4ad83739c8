"""Tasks and threads that the integration starts and that the handler does not wait for, as events.

Only the start of each is seen, and only the line of the integration's own code is stored: nothing is traced, and
nothing is referenced that Python would otherwise free. ``loop.create_task`` is replaced on the worker's own loop, so
that a task factory of the integration's works as ever.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from time import monotonic
from types import CodeType, FrameType
from typing import Any
from weakref import WeakKeyDictionary

from workbench.domain import BackgroundWork, Frame, WorkKind
from workbench.events import BackgroundWorkFound
from workbench.worker.channel import Channel
from workbench.worker.errors import describe
from workbench.worker.pool_calls import PoolCalls
from workbench.worker.source import OwnCode, stack_of
from workbench.worker.text import clean, shorten

MOST = 20
"""Tasks and threads that are reported; a loop may start thousands."""

_MAX_NAME = 200
_BETWEEN = (
    "asyncio",
    "threading",
    "concurrent.futures",
    "contextlib",
    "workbench.worker.capture",
    "workbench.worker.pool_calls",
)
"""Modules whose frames may stand between the integration's line and the start: others start work of their own."""


class BackgroundWatch:
    """The tasks and threads of a run. One whose start was not seen is not the integration's."""

    def __init__(self, channel: Channel, own: OwnCode, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._own = own
        self._loop = loop
        self._tasks: WeakKeyDictionary[asyncio.Task[Any], Frame] = WeakKeyDictionary()
        self._threads: WeakKeyDictionary[threading.Thread, tuple[Frame, str]] = WeakKeyDictionary()
        self._calls = PoolCalls(self._starter)
        self._told: set[int] = set()
        self._left = MOST

    def install(self) -> None:
        """Start, before the integration is loaded."""
        self._replace(self._loop, "create_task", self._create_task)
        self._replace(self._loop, "call_exception_handler", self._lost)
        self._replace(threading.Thread, "start", self._start)
        self._replace(threading, "excepthook", self._thread_failed)
        self._calls.install()

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        original = getattr(owner, name)
        setattr(owner, name, wraps(original)(make(original)))

    def report(self, *, of_handler: asyncio.Task[Any] | None) -> None:
        """Tell what still runs, and what failed without anybody asking; call it when the handler is over."""
        with suppress(Exception):
            for task in asyncio.all_tasks(self._loop):
                if task is not of_handler and not task.done():
                    self._tell_task(task)
            for task in list(self._tasks):
                if task.done() and getattr(task, "_log_traceback", False):
                    self._tell_task(task, getattr(task, "_exception", None))
            for call in self._calls.lost():
                if call.error is not None:
                    error = describe(call.error, self._own)
                    self._tell(BackgroundWork(WorkKind.CALL, _name(call.name), call.place, error), id(call))
            for thread in threading.enumerate():
                self._tell_thread(thread)

    # Starts

    def _create_task(self, original: Callable[..., asyncio.Task[Any]]) -> Callable[..., asyncio.Task[Any]]:
        def create_task(coro: Any, **options: Any) -> asyncio.Task[Any]:
            task = original(coro, **options)
            with suppress(Exception):
                if place := self._starter(sys._getframe(1), getattr(coro, "cr_code", None)):
                    self._tasks[task] = place
            return task

        return create_task

    def _start(self, original: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
        def start(thread: threading.Thread) -> None:
            with suppress(Exception):
                target = getattr(thread, "_target", None)  # which is gone once the thread has run
                code = getattr(target or type(thread).run, "__code__", None)
                if place := self._starter(sys._getframe(1), code):
                    name = getattr(target, "__qualname__", type(thread).__qualname__)
                    self._threads[thread] = place, thread.name if _is_pooled(thread) else name
            original(thread)

        return start

    def _starter(self, frame: FrameType, code: CodeType | None) -> Frame | None:
        """The integration's line that starts own code, or that starts anything by itself; None for a library's work."""
        if code is not None and self._own.has(code.co_filename):
            return self._own.call_site(frame)
        outer = next((one for one in stack_of(frame) if not _is_between(one)), None)
        return self._own.call_site(outer) if outer and self._own.has(outer.f_code.co_filename) else None

    # Ends

    def _lost(self, original: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def call_exception_handler(context: dict[str, Any]) -> None:
            with suppress(Exception):
                task, error = context.get("task") or context.get("future"), context.get("exception")
                if isinstance(task, asyncio.Task):
                    self._tell_task(task, error)
                elif isinstance(error, BaseException) and "never retrieved" in str(context.get("message")):
                    self._tell(BackgroundWork(WorkKind.TASK, "", None, describe(error, self._own)), id(task))
            original(context)

        return call_exception_handler

    def _thread_failed(self, original: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def excepthook(args: Any) -> Any:
            with suppress(Exception):
                if args.exc_value is not None and args.exc_type is not SystemExit and args.thread in self._threads:
                    self._tell_thread(args.thread, args.exc_value)
            return original(args)

        return excepthook

    def _tell_task(self, task: asyncio.Task[Any], error: BaseException | None = None) -> None:
        place = self._tasks.get(task)
        if place is None or id(task) in self._told:
            return
        coroutine: Any = task.get_coro()
        name = getattr(coroutine, "__qualname__", type(coroutine).__qualname__)
        found = describe(error, self._own) if error is not None else None
        self._tell(BackgroundWork(WorkKind.TASK, _name(name), place, found), id(task))

    def _tell_thread(self, thread: threading.Thread, error: BaseException | None = None) -> None:
        if thread not in self._threads or id(thread) in self._told:
            return
        (place, name), now = self._threads[thread], None
        if error is None:
            if not thread.is_alive() or _is_idle(thread):
                return
            now = self._now(thread)
        found = describe(error, self._own) if error is not None else None
        work = BackgroundWork(WorkKind.THREAD, _name(name), now or place, found, is_at=now is not None)
        self._tell(work, id(thread))

    def _now(self, thread: threading.Thread) -> Frame | None:
        """Where a thread of a pool is: the line that started it began another job, maybe long ago."""
        frame = sys._current_frames().get(thread.ident or 0) if _is_pooled(thread) else None
        return self._own.call_site(frame) if frame else None

    def _tell(self, work: BackgroundWork, key: int) -> None:
        self._told.add(key)
        if self._left > 0:
            self._left -= 1
            self._channel.send(BackgroundWorkFound(monotonic(), work))


def _name(name: object) -> str:
    return shorten(clean(str(name)), _MAX_NAME)


def _is_between(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and name.startswith(_BETWEEN)


def _is_pooled(thread: threading.Thread) -> bool:
    return "concurrent.futures" in str(getattr(getattr(thread, "_target", None), "__module__", ""))


def _is_idle(thread: threading.Thread) -> bool:
    """Whether a thread of a pool waits for work, or hands over a result: no frame but the pool's own is then on it."""
    frame = sys._current_frames().get(thread.ident or 0)
    return _is_pooled(thread) and all(_is_between(one) for one in stack_of(frame))
