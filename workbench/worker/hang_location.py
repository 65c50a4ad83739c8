"""The place of a run in the code: the main thread's stack, or the chain of awaits of its handler."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterable, Iterator
from time import process_time, sleep
from types import AsyncGeneratorType, CodeType, FrameType
from typing import Any

from workbench.domain import Frame, ValidationPlace
from workbench.system import system
from workbench.worker.source import OwnCode, frame_at, stack_of
from workbench.worker.validation_place import validation_place

MAX_FRAMES = 60

_LOOK = 0.05
_BUSY = 0.003
"""Seconds of processor time in :data:`_LOOK` from which on something is computed."""
_READY = 0.04
"""Seconds in which something was ready to be computed, on a machine that had no processor left for it."""

_Place = tuple[CodeType, int]


def locate(task: asyncio.Task[Any] | None, own: OwnCode) -> tuple[Frame, ...]:
    """The frames, innermost first. Call it from another thread than the one that is stuck."""
    stacks = sys._current_frames()
    main = [(frame.f_code, frame.f_lineno) for frame in stack_of(stacks.get(threading.main_thread().ident or 0))]
    if task is None or _has_own(main, own):
        places = main
    else:
        places = [*_threads(stacks, own), *_other_tasks(task, own), *reversed(list(_awaits(task)))]
    places = _visible(places) or _visible(main)
    return tuple(frame_at(code, line) for code, line in places[:MAX_FRAMES])


def locate_validation() -> ValidationPlace | None:
    """Where the main thread stands in a validation, None where it validates nothing."""
    return validation_place(sys._current_frames().get(threading.main_thread().ident or 0))


def is_waiting() -> bool:
    """Whether this process does nothing: no processor time passes, nor is any wanted. Takes :data:`_LOOK` seconds."""
    used, queued = process_time(), system().seconds_in_queue()
    sleep(_LOOK)
    used, queued = process_time() - used, system().seconds_in_queue() - queued
    return used < _BUSY and used + queued < _READY


def _visible(places: Iterable[_Place]) -> list[_Place]:
    return [place for place in places if not _is_machinery(place[0].co_filename)]


def _has_own(places: Iterable[_Place], own: OwnCode) -> bool:
    return any(own.has(code.co_filename) for code, _ in places)


def _is_machinery(file: str) -> bool:
    return file.startswith(("<frozen ", _HERE))


_HERE = __file__.rpartition("/")[0]


def _threads(stacks: dict[int, FrameType], own: OwnCode) -> Iterator[_Place]:
    """The stacks of other threads that run the integration's own code (``asyncio.to_thread`` and the like)."""
    skipped = {threading.main_thread().ident, threading.get_ident()}
    for thread, frame in stacks.items():
        places = [(one.f_code, one.f_lineno) for one in stack_of(frame)]
        if thread not in skipped and _has_own(places, own):
            yield from places


def _other_tasks(task: asyncio.Task[Any], own: OwnCode) -> Iterator[_Place]:
    """The places of the integration's other tasks: the handler may be gathering them."""
    for other in asyncio.all_tasks(task.get_loop()):
        if other is not task:
            places = list(_awaits(other))
            if _has_own(places, own):
                yield from reversed(places)


def _awaits(task: asyncio.Task[Any]) -> Iterator[_Place]:
    """The lines at which a task's coroutines wait, outermost first."""
    waiting: Any = task.get_coro()
    while waiting is not None:
        frame = _attribute(waiting, "frame")
        if isinstance(frame, FrameType):
            yield frame.f_code, frame.f_lineno
        waiting = _attribute(waiting, "await") or getattr(waiting, "gi_yieldfrom", None) or _generator_of(waiting)


def _attribute(waiting: object, name: str) -> Any:
    found = (getattr(waiting, f"{prefix}_{name}", None) for prefix in ("cr", "ag", "gi"))
    return next((value for value in found if value is not None), None)


def _generator_of(waiting: object) -> AsyncGeneratorType[Any, Any] | None:
    """The generator behind the object of ``anext()``, which has no attribute for it."""
    if not type(waiting).__name__.startswith(("async_generator_", "anext_")):
        return None
    referred = (one for one in gc.get_referents(waiting) if one is not waiting)
    return next((one for one in referred if isinstance(one, AsyncGeneratorType)), None)
