"""The adapters of a worker, installed and uninstalled."""

from collections.abc import Callable
from typing import Protocol

from workbench.worker.capture.calls.fetch import FetchAdapter
from workbench.worker.capture.calls.tasks import TasksAdapter
from workbench.worker.capture.calls.threads import ThreadsAdapter
from workbench.worker.capture.connections.audit import ConnectionAudit
from workbench.worker.capture.connections.child_processes import ChildProcesses
from workbench.worker.capture.grpc.adapter import GrpcAdapter
from workbench.worker.capture.http_client.adapter import HttpClientAdapter
from workbench.worker.capture.http_client.library_calls import BLOCKING_CALLS
from workbench.worker.capture.http_client.socks import SocksAdapter
from workbench.worker.capture.httpcore.adapter import HttpcoreAdapter
from workbench.worker.capture.httpcore.httpx import HttpxAdapter
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.patches import HookMissing
from workbench.worker.capture.recorder import Recorder
from workbench.worker.capture.websockets.websocket_client import WebSocketClientAdapter
from workbench.worker.capture.websockets.websockets import WebSocketsAdapter
from workbench.worker.capture.websockets.websockets_legacy import LegacyWebSocketsAdapter

_NOT_CAPTURED = "its requests are not captured"


class Adapter(Protocol):
    """The adapter of one library."""

    def install(self) -> None:
        """Install every hook, or raise :class:`HookMissing` and change nothing."""

    def uninstall(self) -> None:
        """Remove every hook."""


def _aiohttp_adapter(recorder: Recorder) -> Adapter:
    from workbench.worker.capture.aiohttp.adapter import AiohttpAdapter

    return AiohttpAdapter(recorder)


def _aiohttp_websocket_adapter(recorder: Recorder) -> Adapter:
    from workbench.worker.capture.websockets.aiohttp import AiohttpWebSocketAdapter

    return AiohttpWebSocketAdapter(recorder)


class Capture:
    """All adapters of a worker. A library that cannot be imported has none; that is noted at :meth:`install`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._unavailable: list[str] = []
        imports = ImportHooks(self._not_hooked)
        self._connections = ConnectionAudit(recorder, imports)
        made = (
            ThreadsAdapter(recorder),
            TasksAdapter(recorder),
            imports,
            FetchAdapter(recorder),
            self._of_library("aiohttp", _aiohttp_adapter),
            self._of_library("aiohttp", _aiohttp_websocket_adapter),
            HttpClientAdapter(recorder, imports),
            HttpxAdapter(recorder, imports),
            HttpcoreAdapter(recorder, imports),
            GrpcAdapter(recorder, imports),
            WebSocketsAdapter(recorder, imports),
            LegacyWebSocketsAdapter(recorder, imports),
            WebSocketClientAdapter(recorder, imports),
            SocksAdapter(recorder, imports),
            self._connections,
            ChildProcesses(recorder, imports),
        )
        self._adapters: tuple[Adapter, ...] = tuple(filter(None, made))

    def _of_library(self, library: str, make: Callable[[Recorder], Adapter]) -> Adapter | None:
        """The adapter that ``make`` gives; it imports the library, which may be the integration's own and broken."""
        try:
            return make(self._recorder)
        except Exception as error:
            self._unavailable.append(f"{library} ({type(error).__name__}: {error})")
            return None

    def _not_hooked(self, library: str, error: Exception) -> None:
        """A library that the integration has imported could not be hooked."""
        if isinstance(error, HookMissing | AttributeError):
            missing = f"{library}.{error.name}" if isinstance(error, AttributeError) else error
            lost = "its requests may lack their library and line" if library in BLOCKING_CALLS else _NOT_CAPTURED
            self._recorder.note(f"{missing} is missing in the imported release: {lost}.")
            if library.partition(".")[0] == "grpc":  # C code connects, which is seen in no other way
                self._connections.watch("grpc", None)
        else:
            self._recorder.failed(library, error)

    def install(self, *, strict: bool = False) -> None:
        """Install all. A missing hook is noted, or raised as :class:`HookMissing` if ``strict``."""
        for library in self._unavailable:
            self._recorder.note(f"{library} cannot be imported: {_NOT_CAPTURED}.")
        for adapter in self._adapters:
            try:
                adapter.install()
            except HookMissing as error:
                if strict:
                    raise
                self._recorder.note(f"{error} is missing in the installed library: {_NOT_CAPTURED}.")
            except Exception as error:  # a published SDK that cannot be imported: the integration's import says why
                self._recorder.failed(type(adapter).__name__, error)

    def uninstall(self) -> None:
        """Uninstall all, last first."""
        for adapter in reversed(self._adapters):
            adapter.uninstall()
