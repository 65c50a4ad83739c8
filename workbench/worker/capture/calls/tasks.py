"""Tasks that the integration makes of a library's coroutines: their requests belong to the line that made the task.

Nothing of the integration is on the stack of such a task, as in ``asyncio.gather(client.list(), client.get(1))``.
"""

import sys
from asyncio import base_events
from collections.abc import Callable
from functools import wraps
from types import CodeType
from typing import Any

from workbench.domain import Frame
from workbench.worker.capture.library_adapter import LibraryAdapter


class TasksAdapter(LibraryAdapter):
    """Remembers where a task was made; those of the integration's own coroutines have their line on the stack."""

    def install(self) -> None:
        """Start. Whatever makes tasks asks the loop: ``gather``, groups of tasks, timeouts, anyio."""
        self._patches.replace(base_events.BaseEventLoop, "create_task", self._create_task)

    def _create_task(self, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder = self._recorder

        @wraps(original)
        def create_task(loop: Any, coro: Any, **options: Any) -> Any:
            site = self._site(coro, sys._getframe(1))
            if site is None:
                return original(loop, coro, **options)
            with recorder.sites.given_by(site):  # a task copies the context, whichever factory makes it
                return original(loop, coro, **options)

        return create_task

    def _site(self, coro: Any, frame: Any) -> Frame | None:
        code = getattr(coro, "cr_code", None)
        return (
            None if isinstance(code, CodeType) and self._recorder.sites.owns(code) else self._recorder.sites.of(frame)
        )
