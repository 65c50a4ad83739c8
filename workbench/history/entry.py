"""A row of the history, and how rows are chosen."""

from dataclasses import dataclass

from workbench.domain import Kind, RunSummary


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the history; ``created_at`` in seconds since the epoch, ``size`` in bytes.

    ``duration`` is the whole time, ``handler_seconds`` its handler's share, where that is known.
    """

    id: int
    created_at: float
    integration_id: str
    root: str
    kind: Kind
    name: str
    pasted: bool
    duration: float | None
    handler_seconds: float | None
    profile: str
    contract: str
    pinned: bool
    size: int
    summary: RunSummary


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which runs are asked for; what is None or empty chooses all.

    ``text`` holds words that each have to be found, the last one as the beginning of a word. ``before`` is an id: the
    page of older runs begins after it. ``since`` is in seconds since the epoch.
    """

    integration_id: str | None = None
    kind: Kind | None = None
    name: str | None = None
    state: str | None = None
    cause: str | None = None
    text: str = ""
    pinned: bool | None = None
    since: float | None = None
    before: int | None = None
