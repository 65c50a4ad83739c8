"""A call of the integration, below which requests are sent."""

from msgspec import Struct

from workbench.domain import Frame
from workbench.worker.capture.attempt import Attempt


class Call(Struct, eq=False, gc=False):
    """One call of the integration: its exchanges are a group. ``tries`` counts retries, not redirects.

    ``library`` is the one that was called, where it sends by way of another; else empty.
    """

    group: int
    site: Frame | None
    library: str
    attempts: int = 0
    tries: int = 1
    last: Attempt | None = None
    interrupted: tuple[Attempt, ...] = ()

    def settle(self, error: BaseException) -> None:
        """End the attempts that were interrupted; the reason is known only now."""
        for attempt in self.interrupted:
            attempt.fail(error)
        self.interrupted = ()
