"""Where a published release of the SDK comes from: a runner is made with a provider of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class SdkUnavailable(Exception):
    """A release could not be had; the message says why."""


class SdkProvider(Protocol):
    """Has releases of the SDK, or gets them."""

    def folder(self, release: str, tell: Callable[[str], None], stopped: Callable[[], bool]) -> Path:
        """The folder with that release and what it needs, installed if it must be.

        ``tell`` takes sentences about how far that has come; ``stopped`` is asked now and then. Raises
        :class:`SdkUnavailable`.
        """
