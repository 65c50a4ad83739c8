"""How long the runner is patient and how much it keeps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunnerLimits:
    """Seconds, except where another unit is said.

    A run that shall end is asked where it stands (``locate``), then cancelled and given ``cancel`` to end by itself,
    then killed. ``leave`` is what a worker gets to end after its verdict, ``boot`` what it gets to start, ``drain``
    what pipes get that someone else still holds open. ``raw_output`` is in bytes, for each of stdout and stderr.
    """

    queued: int = 100
    locate: float = 0.5
    cancel: float = 1.5
    leave: float = 3.0
    boot: float = 30.0
    drain: float = 0.25
    raw_output: int = 1024 * 1024
