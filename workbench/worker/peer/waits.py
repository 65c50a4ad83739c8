"""Waits that a replay does not wait for: the event loop's clock goes on, and ``time.sleep`` returns at once."""

import asyncio
import concurrent.futures.thread
import sys
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType
from typing import Any

_MOST = 30 * 24 * 3600.0
"""Seconds that are skipped in a run; a handler that waits for ever then does."""
LONGEST_WAIT = 3600.0
"""Seconds that a request waits for an answer that never comes, where nothing else ends it."""
_POLLER = "(_poll_wrapper)"
"""How the name ends of the thread in which ``grpc.aio`` waits for its core."""
_REAL = 0.001
"""Seconds that a blocking wait takes all the same, so that other threads get on."""

_LOOK = 0.02
"""Seconds between two looks at threads that work."""


class InFlight:
    """Counts work in other threads for which an event loop may wait; ``is_offline``: no connection is opened."""

    def __init__(self, *, is_offline: bool = False) -> None:
        self.is_offline = is_offline
        self._count = 0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """One more."""
        with self._lock:
            self._count += 1

    def end(self, done: object = None) -> None:
        """One less; a future calls it, too."""
        with self._lock:
            self._count -= 1

    def is_idle(self) -> bool:
        """Whether no thread works: none of a pool's that has work, and no other of the integration's."""
        if self._count > 0:
            return False
        pooled = getattr(concurrent.futures.thread, "_threads_queues", {})
        others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
        if self.is_offline:
            others = [thread for thread in others if not thread.name.endswith(_POLLER)]
        if any(thread not in pooled for thread in others):
            return False
        frames = sys._current_frames() if others else {}
        return all(_waits_for_work(frames.get(thread.ident or 0)) for thread in others)


def begun[T](work: Callable[[], T], in_flight: InFlight) -> Future[T]:
    """What ``work`` gives, done by a thread that the integration neither counts nor joins; ``in_flight`` does."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)
        finally:
            in_flight.end()

    in_flight.begin()
    start_new_thread(run, ())
    return done


async def finished[T](work: Callable[[], T], in_flight: InFlight) -> T:
    """The same, awaited; trio waits for the thread."""
    done = begun(work, in_flight)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # trio
        return done.result()
    return await asyncio.wrap_future(done, loop=loop)


def _waits_for_work(frame: FrameType | None) -> bool:
    """Whether a pool's thread has handed over what it did last: a future that is done has its loop to wake yet."""
    return frame is None or frame.f_code.co_qualname == "_worker"


class SkippingSelector:
    """An event loop's selector: where nothing but timers is left to wait for, ``skip`` gets the seconds."""

    def __init__(
        self, selector: Any, skip: Callable[[float], None], is_idle: Callable[[], bool], *, is_offline: bool = False
    ) -> None:
        self._is_offline = is_offline
        self._selector = selector
        self._skip = skip
        self._is_idle = is_idle
        self._left = _MOST

    def __getattr__(self, name: str) -> Any:
        return getattr(self._selector, name)

    def select(self, timeout: float | None = None) -> Any:
        """What is ready; the timers' time has come where nothing can be before."""
        if timeout is None or timeout <= 0:
            return self._selector.select(timeout)
        known = self._selector.get_map()
        only_own = len(known) <= 1  # the descriptor by which other threads wake the loop
        if not only_own and self._is_offline:  # no call of gRPC is on its way
            only_own = len(known) - sum(map(_is_of_grpc, known.values())) <= 1
        if not only_own or timeout > self._left:
            return self._selector.select(timeout)
        if not self._is_idle():  # a thread may have woken the loop, and be done without a word soon after
            return self._selector.select(min(timeout, _LOOK))
        if found := self._selector.select(0):  # after the look at the threads: the last one may have woken the loop
            return found
        self._left -= timeout
        self._skip(timeout)
        return []


def _is_of_grpc(key: Any) -> bool:
    """Whether ``grpc.aio`` waits there for its core, as it does as long as its process lives."""
    reader = key.data[0] if isinstance(key.data, tuple) else None
    callback = getattr(reader, "_callback", None)
    return str(getattr(getattr(callback, "func", callback), "__qualname__", "")).startswith("PollerCompletionQueue.")


def skip_sleep(original: Callable[..., None]) -> Callable[..., None]:
    """``time.sleep`` that hardly waits."""

    def sleep(seconds: float, /) -> None:
        original(min(seconds, _REAL))

    return sleep


def skip_waits(loop: Any, in_flight: InFlight) -> None:
    """Let nobody wait from here on, neither on ``loop`` nor in a thread."""
    loop.skip_waits(in_flight)
    time.sleep = skip_sleep(time.sleep)
