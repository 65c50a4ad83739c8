"""What an integration's code reads of what a run gets, as far as its text tells: for the hints on the run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A key and the first line that reads it; ``file`` is relative to the integration's folder."""

    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class RunReads:
    """The first flat read of ``context.auth`` and the first within its envelope, and the names that are not there.

    ``absent`` are credentials that the code reads in the shape of the run and that were not given, ``no_metadata`` the
    same of metadata, ``unset`` environment variables that it reads and that are neither inherited nor given.
    """

    flat: ReadPlace | None = None
    envelope: ReadPlace | None = None
    absent: tuple[ReadPlace, ...] = ()
    no_metadata: tuple[ReadPlace, ...] = ()
    unset: tuple[ReadPlace, ...] = ()
