"""``ExecutionContext.fetch`` as one call: the SDK's retries of it are attempts of one group, with the waits between."""

import asyncio
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import wraps
from typing import Any

from workbench.domain import FETCH_RETRIES
from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.library_adapter import LibraryAdapter
from workbench.worker.capture.recorder import Recorder
from workbench.worker.sdk import sdk


class FetchAdapter(LibraryAdapter):
    """Wraps ``fetch``; its requests are recorded by the library's adapter."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._tries: ContextVar[int] = ContextVar("workbench_tries", default=0)

    def install(self) -> None:
        """Start. The waits are calls of ``asyncio.sleep`` within ``fetch``, in every release of the SDK."""
        self._patches.replace(asyncio, "sleep", self._sleep)
        self._patches.replace(sdk().ExecutionContext, "fetch", self._fetch)

    def _fetch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, tries = self._recorder, self._tries

        async def within(call: Call, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
            token, outer = tries.set(_most_tries(args, options)), recorder.current_call.set(call)
            try:
                return await original(*args, **options)
            finally:
                recorder.leave(outer)
                with suppress(ValueError):  # closed from another context, as the garbage collector does
                    tries.reset(token)

        # Not a coroutine function itself: the calling line is on the stack during the call only.
        def fetch(*args: Any, **options: Any) -> Any:
            made: Any = within(recorder.call(sys._getframe(1)), args, options)
            made.__name__, made.__qualname__ = original.__name__, original.__qualname__  # for whoever does not await it
            return made

        return inspect.markcoroutinefunction(fetch)

    def _sleep(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, tries = self._recorder, self._tries

        @wraps(original)
        def sleep(*args: Any, **options: Any) -> Any:
            most, seconds = tries.get(), args[0] if args else options.get("delay")
            if most and isinstance(seconds, int | float) and seconds > 0:
                recorder.waits(float(seconds), most)
            return original(*args, **options)

        return inspect.markcoroutinefunction(sleep)


def _most_tries(args: tuple[Any, ...], options: dict[str, Any]) -> int:
    """How often ``fetch`` may try, by the settings of its context and what counts as done already."""
    config = getattr(args[0], "config", None) if args else None
    most = config.get("max_retries", FETCH_RETRIES) if isinstance(config, dict) else FETCH_RETRIES
    done = options.get("retry_count", 0)
    return most - done + 1 if isinstance(most, int) and isinstance(done, int) else FETCH_RETRIES + 1
