"""Where a store keeps finished runs for longer than its memory lasts."""

from collections.abc import Callable
from typing import Protocol

from workbench.domain import Run


class Archive(Protocol):
    """Finished, masked runs by id. None of these raises."""

    def reserve_id(self) -> str:
        """The id of the next run."""

    def put(self, run: Callable[[], Run]) -> None:
        """Keep a finished run soon; ``run`` gives it, masked, and may take time."""

    def get(self, run_id: str) -> Run | None:
        """A run that was kept, or None."""
