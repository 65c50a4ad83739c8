"""Calls of libraries whose sockets Python does not see: what they ask for, or when their sockets are worth a look.

The system's list of sockets is looked through often while such a library is imported. A connection that is opened and
closed between two looks is found here.
"""

import re
import sys
from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any, Final
from urllib.parse import urlsplit

from workbench.domain import UncapturedConnection
from workbench.worker.capture.connections.call_hooks import CallHooks, connection_to
from workbench.worker.capture.patches import Patches

_CONNECTS: Final = {
    "psycopg2": "connect",
    "psycopg.connection": "Connection.connect",
    "MySQLdb": "connect",
    "pymssql": "connect",
    "pyodbc": "connect",
}
"""Functions that open a connection, which is open when they return, by the module that has them."""

_VERBS: Final = ("request", "get", "head", "options", "delete", "post", "put", "patch", "trace", "websocket")
_ASKS: Final = {
    "tls_client.sessions": (("Session",), (*_VERBS, "execute_request")),
    "primp": (("", "Client", "AsyncClient"), _VERBS),
    "rnet": (("", "Client", "BlockingClient"), _VERBS),
}
"""Functions that are called with a URL, by the module that has them: their classes (none for its own), their names."""

_SETTING: Final = re.compile(r"\b(host|server|port)\s*=\s*'?([^\s;']+)", re.IGNORECASE)


class NativeCalls(CallHooks):
    """Hooks on these functions, installed once the integration has imported their libraries."""

    def install(self) -> None:
        """Start."""
        for module in _CONNECTS:
            self._when_imported(module, self._hook_connect)
        for module in _ASKS:
            self._when_imported(module, self._hook_asks)

    def _hook_connect(self, patches: Patches, module: Any) -> None:
        owner, _, name = _CONNECTS[module.__name__].rpartition(".")
        wrap = partial(self._connects, module.__name__.partition(".")[0])
        patches.replace(getattr(module, owner) if owner else module, name, wrap)

    def _connects(self, library: str, original: Any) -> Any:
        recorder, sockets = self._recorder, self._sockets

        def connected(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def connect(*args: Any, **options: Any) -> Any:
                told = recorder.uncaptured
                try:
                    result = function(*args, **options)
                except BaseException:
                    sockets.look()
                    if recorder.uncaptured == told:  # it is closed by now, or was never opened
                        self._failed_to_connect(library, args, options, sys._getframe(1))
                    raise
                sockets.look()
                return result

            return connect

        return classmethod(connected(original.__func__)) if isinstance(original, classmethod) else connected(original)

    def _failed_to_connect(self, library: str, args: tuple[Any, ...], options: Mapping[str, Any], frame: Any) -> None:
        try:
            if (host := _host_in(args, options)) and not host.startswith(("/", "(")):  # a socket in the file system
                self._tell(UncapturedConnection(host, library, self._recorder.sites.of(frame)))
        except Exception as error:
            self._recorder.failed(library, error)

    def _hook_asks(self, patches: Patches, module: Any) -> None:
        """Not every release has all of them."""
        classes, names = _ASKS[module.__name__]
        wrap = self._asks(module.__name__.partition(".")[0])
        for owner in (getattr(module, name, None) if name else module for name in classes):
            for name in names:
                if owner is not None and callable(vars(owner).get(name)):
                    patches.replace(owner, name, wrap)

    def _asks(self, library: str) -> Callable[[Any], Any]:
        def wrap(original: Any) -> Any:
            @wraps(original)
            def ask(*args: Any, **options: Any) -> Any:
                frame = sys._getframe(1)
                if not str(frame.f_globals.get("__name__")).startswith(library):  # one calls the other in some releases
                    self._call_seen(library, (*args, *options.values()), frame)
                return original(*args, **options)

            return ask

        return wrap

    def _call_seen(self, library: str, given: tuple[Any, ...], frame: Any) -> None:
        try:
            url = next((one for one in given if isinstance(one, str) and "://" in one), "")
            if (found := connection_to(url, library, self._recorder.sites.of(frame))) is not None:
                self._recorder.native_ports.add(int(found.host.rpartition(":")[2]))  # which is found open at the end
                self._tell(found)
        except Exception as error:
            self._recorder.failed(library, error)


def _host_in(args: tuple[Any, ...], options: Mapping[str, Any]) -> str:
    """The host, and the port where it is given, of arguments with which a database is connected to."""
    text = next((one for one in (*args, options.get("dsn"), options.get("conninfo")) if isinstance(one, str)), "")
    if "://" in text:
        return urlsplit(text).netloc.rpartition("@")[2]
    found = {name.lower(): value for name, value in _SETTING.findall(text)}
    if text and not found:  # the host itself, as MySQLdb takes it
        found["host"] = text
    found |= {name: str(value) for name, value in options.items() if value}
    host, port = found.get("host") or found.get("server", ""), found.get("port", "")
    return f"{host}:{port}" if host and port else host
