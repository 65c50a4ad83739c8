"""A clock that is some seconds ahead or behind, for the replays that find out what depends on the time.

Python's own functions and classes of the time are replaced before the integration is imported. Monotonic clocks go on
as they are. What C code reads of the system is not changed.
"""

import datetime as dates
import sys
import time
from collections.abc import Callable
from datetime import date as RealDate
from datetime import datetime as RealDateTime
from typing import Any


def shift_clock(seconds: float) -> None:
    """Let ``time.time``, ``datetime.now`` and the like tell the time ``seconds`` from now, until the process ends."""
    now, now_ns = time.time, time.time_ns
    module: Any = time

    def shifted() -> float:
        return now() + seconds

    module.time = shifted
    module.time_ns = lambda: now_ns() + round(seconds * 1_000_000_000)
    for name in ("localtime", "gmtime", "ctime"):
        setattr(module, name, _of_seconds(getattr(time, name), shifted))
    local, write, write_default = module.localtime, time.strftime, time.asctime
    module.strftime = lambda form, moment=None: write(form, local() if moment is None else moment)
    module.asctime = lambda moment=None: write_default(local() if moment is None else moment)
    _replace_classes(shifted)


def _of_seconds(function: Callable[[float], Any], now: Callable[[], float]) -> Callable[..., Any]:
    return lambda moment=None: function(now() if moment is None else moment)


def _replace_classes(now: Callable[[], float]) -> None:
    class AnyDate(type):
        """Objects of the real classes, which other code makes, are ones of ours."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, RealDateTime if issubclass(cls, RealDateTime) else RealDate)

        def __subclasscheck__(cls, other: type) -> bool:
            wanted = RealDateTime if RealDateTime in cls.__mro__ else RealDate
            return wanted in other.__mro__

    class date(RealDate, metaclass=AnyDate):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(now())

    class datetime(RealDateTime, metaclass=AnyDate):
        @classmethod
        def now(cls, tz: dates.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(now(), dates.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(now())

    for made in (date, datetime):
        made.__module__, made.__qualname__ = "datetime", made.__name__
        setattr(sys.modules["datetime"], made.__name__, made)
