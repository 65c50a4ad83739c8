"""What hooks on libraries with sockets of their own share, by whose calls their requests are known."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from workbench.domain import Frame, UncapturedConnection
from workbench.worker.capture.connections.open_sockets import OpenSockets
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.recorder import Recorder

_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

type Tell = Callable[[UncapturedConnection], None]


class CallHooks(ImportedLibraryAdapter):
    """Hooks that are installed once the integration has imported such a library. They ``tell`` what they see."""

    def __init__(self, recorder: Recorder, imports: ImportHooks, tell: Tell, sockets: OpenSockets) -> None:
        super().__init__(recorder, imports)
        self._tell = tell
        self._sockets = sockets


def connection_to(
    url: str, library: str, site: Frame | None, *, is_lookup: bool = False
) -> UncapturedConnection | None:
    """The connection for a request of ``url``; None where it names no host."""
    parts = urlsplit(url)
    if not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    name = f"{host}:{parts.port or _PORTS.get(parts.scheme, 0)}"
    return UncapturedConnection(name, library, site, is_lookup=is_lookup)
