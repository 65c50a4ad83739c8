"""What takes the reports of attempts, and what sends them on."""

from collections.abc import Callable, Sized
from typing import Protocol

from workbench.events import Event
from workbench.events.exchange_parts import Part


class Outlet(Protocol):
    """What takes reports: :class:`workbench.worker.channel.Channel` in a run."""

    under_way: Sized
    """The attempts that are not over."""
    put: Callable[[Part], None]
    sleeps: bool
    """Whether what is put is written only after a call of :meth:`wake`."""
    due: float
    """The time from which on the end of an exchange is written at once."""
    when_looking: Callable[[], None]
    """Called often while anything is under way, in another thread."""

    def wake(self) -> None:
        """Write again, soon, what is put."""

    def write_at_once(self, at: float) -> None:
        """Write what was put, now."""

    def post(self, part: Part, /) -> None:
        """Take a part that is to leave soon, and what was put before it."""

    def send_soon(self, event: Event) -> None:
        """Take an event."""


class Sink(Protocol):
    """The receiver of what an attempt tells: ``put`` takes a part, ``post`` one that is to leave soon."""

    outlet: Outlet
    put: Callable[[Part], None]
    post: Callable[[Part], None]
    forget: Callable[[int, None], object]
    """Drops the attempt of that number, which is over."""

    def emit(self, event: Event) -> None:
        """Send an event."""

    def failed(self, where: str, error: Exception) -> None:
        """Report a failure of the capture itself."""

    body_room: int
    """Bytes of bodies that are left of the run's budget; less where two threads take of it at once."""

    def keep(self, size: int) -> int:
        """How many of ``size`` more body bytes are within that budget; they are taken off it."""
