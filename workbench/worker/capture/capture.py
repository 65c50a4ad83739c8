"""The adapters of a worker, installed and uninstalled."""

from typing import Protocol

from workbench.worker.capture.adapter_aiohttp import AiohttpAdapter
from workbench.worker.capture.adapter_fetch import FetchAdapter
from workbench.worker.capture.connection_audit import ConnectionAudit
from workbench.worker.capture.patches import HookMissing
from workbench.worker.capture.recorder import Recorder


class Adapter(Protocol):
    """The adapter of one library."""

    def install(self) -> None:
        """Install every hook, or raise :class:`HookMissing` and change nothing."""

    def uninstall(self) -> None:
        """Remove every hook."""


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
        """Install all. A missing hook is noted, or raised as :class:`HookMissing` if ``strict``."""
        for adapter in self._adapters:
            try:
                adapter.install()
            except HookMissing as error:
                if strict:
                    raise
                self._recorder.note(f"{error} is missing in the installed library: its requests are not captured.")

    def uninstall(self) -> None:
        """Uninstall all, last first."""
        for adapter in reversed(self._adapters):
            adapter.uninstall()
