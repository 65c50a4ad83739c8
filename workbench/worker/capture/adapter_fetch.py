"""``ExecutionContext.fetch`` as one call: the SDK's retries of it are attempts of one group."""

import inspect
import sys
from collections.abc import Callable
from typing import Any

from autohive_integrations_sdk import ExecutionContext

from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Call, Recorder


class FetchAdapter:
    """Wraps ``fetch``; its requests are recorded by the library's adapter."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches = Patches()

    def install(self) -> None:
        """Start."""
        self._patches.replace(ExecutionContext, "fetch", self._fetch)

    def uninstall(self) -> None:
        """Stop."""
        self._patches.undo()

    def _fetch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        async def within(call: Call, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
            with recorder.during(call):
                return await original(*args, **options)

        # Not a coroutine function itself: the calling line is on the stack during the call only.
        def fetch(*args: Any, **options: Any) -> Any:
            made: Any = within(recorder.call(sys._getframe(1)), args, options)
            made.__name__, made.__qualname__ = original.__name__, original.__qualname__  # for whoever does not await it
            return made

        return inspect.markcoroutinefunction(fetch)
