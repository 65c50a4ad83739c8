"""Child processes that the integration starts: nobody sees what they send, so that each is named with its line."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any, Final

from workbench.domain import UncapturedConnection
from workbench.events import ConnectionNotCaptured
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder
from workbench.worker.source import stack_of

_STARTERS: Final = frozenset({"subprocess", "asyncio", "os", "multiprocessing", "concurrent", "threading", "workbench"})
"""Packages that start processes on behalf of others."""
_MOST: Final = 50
"""Processes of a run that are named."""


class ChildProcesses(ImportedLibraryAdapter):
    """Hooks on the ways by which Python starts a process."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder, imports)
        self._left = _MOST

    def install(self) -> None:
        """Start."""
        self._when_imported("subprocess", self._hook_subprocess)
        self._when_imported("multiprocessing.util", self._hook_multiprocessing)
        for name in ("fork", "posix_spawn", "posix_spawnp", "system"):
            if hasattr(os, name):
                self._patches.replace(os, name, self._starts)

    def _hook_subprocess(self, patches: Patches, module: Any) -> None:
        patches.replace(module.Popen, "__init__", self._popen)

    def _hook_multiprocessing(self, patches: Patches, module: Any) -> None:
        patches.replace(module, "spawnv_passfds", self._spawns)

    def _spawns(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """What multiprocessing starts, but for its own helper."""

        @wraps(original)
        def spawn(path: Any, args: Any, passfds: Any) -> Any:
            frame = sys._getframe(1)
            if frame.f_globals.get("__name__") != "multiprocessing.resource_tracker":
                self._tell("python", frame)
            return original(path, args, passfds)

        return spawn

    def _popen(self, original: Callable[..., None]) -> Callable[..., None]:
        @wraps(original)
        def start(process: Any, args: Any, *more: Any, **options: Any) -> None:
            self._tell("sh" if options.get("shell") else options.get("executable") or args, sys._getframe(1))
            original(process, args, *more, **options)

        return start

    def _starts(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def start(*args: Any, **options: Any) -> Any:
            frame = sys._getframe(1)
            if _package(frame) != "subprocess":  # whose processes Popen has named
                self._tell(args[0] if args else "python", frame)
            return original(*args, **options)

        return start

    def _tell(self, program: Any, frame: FrameType) -> None:
        """Unless a module of Python starts it for a purpose of its own (``platform``, ``uuid``)."""
        try:
            caller = next((one for one in stack_of(frame) if _package(one) not in _STARTERS), None)
            is_of_python = caller is None or _package(caller) in sys.stdlib_module_names
            if is_of_python or self._left <= 0 or (site := self._recorder.sites.of(frame)) is None:
                return
            self._left -= 1
            engine = self._recorder.answers
            stopped = self._recorder.network_closed if engine is not None and engine.closes_network else None
            found = UncapturedConnection(_name(program), "", site, is_process=True, is_stopped=stopped)
            self._recorder.emit(ConnectionNotCaptured(monotonic(), found))
        except Exception as error:
            self._recorder.failed("a child process", error)


def _name(program: Any) -> str:
    """The file's name of a program, given as its path, its arguments, or the line of a command."""
    first = program[0] if isinstance(program, list | tuple) and program else program
    words = os.fsdecode(first).split()
    return Path(words[0]).name if words else "python"


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
