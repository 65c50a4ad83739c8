"""Which SDK a run uses: the workbench's own, the one in ``dependencies/``, or a published release."""

from dataclasses import dataclass
from enum import StrEnum


class SdkSource(StrEnum):
    """Where the SDK of a run comes from."""

    OURS = "ours"
    VENDORED = "vendored"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class SdkChoice:
    """The SDK of a run. ``release`` is that of one that is not ours."""

    source: SdkSource = SdkSource.OURS
    release: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is the workbench's own."""
        return self.source is SdkSource.OURS

    @property
    def text(self) -> str:
        """The choice as ``--sdk`` takes it."""
        return self.release if self.source is SdkSource.RELEASE else self.source
