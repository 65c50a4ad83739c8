"""Puts the adapters in place and takes them away."""

from typing import Protocol

from workbench.worker.capture.adapter_aiohttp import AiohttpAdapter
from workbench.worker.capture.adapter_fetch import FetchAdapter
from workbench.worker.capture.connection_audit import ConnectionAudit
from workbench.worker.capture.patches import HookMissing
from workbench.worker.capture.recorder import Recorder


class Adapter(Protocol):
    """What an adapter for one library offers."""

    def install(self) -> None:
        """Put every hook in place, or raise :class:`HookMissing` and leave all as it was."""

    def uninstall(self) -> None:
        """Take every hook away."""


class Capture:
    """All adapters of a worker."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._adapters: tuple[Adapter, ...] = (
            FetchAdapter(recorder),
            AiohttpAdapter(recorder),
            ConnectionAudit(recorder),
        )

    def install(self, *, strict: bool = False) -> None:
        """Put all in place. A hook that is missing is noted, and raised as :class:`HookMissing` where ``strict``."""
        for adapter in self._adapters:
            try:
                adapter.install()
            except HookMissing as error:
                if strict:
                    raise
                self._recorder.note(f"{error} is missing in the installed library: its requests are not captured.")

    def uninstall(self) -> None:
        """Take all away, last first."""
        for adapter in reversed(self._adapters):
            adapter.uninstall()
