"""When something happened: how long ago in words, and the whole date for a machine and for who asks."""

import time
from dataclasses import dataclass
from datetime import datetime

from workbench.explain.text import day

_STEPS = ((60, 1, "s"), (3_600, 60, "min"), (86_400, 3_600, "h"))
"""Below how many seconds, seconds of the unit, the unit. ``static/js/moments.js`` has the same."""
_JUST = 5
_DAYS = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """``relative`` is ``just now``, ``3 min ago``; ``absolute`` the local date and time; ``iso`` both with the zone."""

    iso: str
    absolute: str
    relative: str

    @property
    def clock(self) -> str:
        """The local time of day."""
        return self.absolute.partition(" ")[2]


def moment(at: float) -> Moment:
    """The moment ``at``, in seconds since the epoch, as seen from now."""
    iso = datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
    return Moment(iso, day(at), ago(time.time() - at) or day(at)[:10])


def ago(seconds: float) -> str:
    """How long ago in words; empty where the date says more."""
    if seconds < _JUST:
        return "just now"
    for below, unit, name in _STEPS:
        if seconds < below:
            return f"{int(seconds // unit)} {name} ago"
    days = int(seconds // 86_400)
    if days > _DAYS:
        return ""
    return "yesterday" if days == 1 else f"{days} days ago"
