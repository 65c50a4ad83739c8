"""Calls of libraries whose sockets Python does not see: what they ask for, or when their sockets are worth a look.

The system's list of sockets is looked through often while such a library is imported. A connection that is opened and
closed between two looks is found here.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from workbench.domain import Frame, UncapturedConnection
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

_CONNECTS: Final = {
    "psycopg2": "connect",
    "psycopg.connection": "Connection.connect",
    "MySQLdb": "connect",
    "pymssql": "connect",
    "pyodbc": "connect",
}
"""Functions that open a connection, which is open when they return, by the module that has them."""

_NAME_NOT_FOUND: Final = 6
"""curl's code."""
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

type Tell = Callable[[UncapturedConnection], None]


class NativeCalls:
    """Hooks on these functions, installed once the integration has imported their libraries."""

    def __init__(self, recorder: Recorder, imports: ImportHooks, tell: Tell, look: Callable[[], None]) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()
        self._tell = tell
        self._look = look

    def install(self) -> None:
        """Start."""
        hook = self._imports.patch_when_imported
        for module in _CONNECTS:
            hook(module, self._patches, self._hook_connect)
        hook("pycurl", self._patches, self._hook_pycurl)
        hook("curl_cffi.curl", self._patches, self._hook_curl_cffi)
        hook("curl_cffi.aio", self._patches, self._hook_async_curl_cffi)

    def uninstall(self) -> None:
        """Stop."""
        self._patches.undo()

    def _hook_connect(self, patches: Patches, module: Any) -> None:
        owner, _, name = _CONNECTS[module.__name__].rpartition(".")
        patches.replace(getattr(module, owner) if owner else module, name, self._connects)

    def _connects(self, original: Any) -> Any:
        look = self._look

        def connected(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def connect(*args: Any, **options: Any) -> Any:
                try:
                    return function(*args, **options)
                finally:
                    look()

            return connect

        return classmethod(connected(original.__func__)) if isinstance(original, classmethod) else connected(original)

    def _hook_pycurl(self, patches: Patches, module: Any) -> None:
        """Its class is one of C, which takes no other attributes: a class of ours that extends it takes its place."""
        plain, tell = module.Curl, self._performing("pycurl", module.EFFECTIVE_URL)

        class Curl(plain):  # type: ignore[misc, valid-type]
            __doc__ = plain.__doc__
            __slots__ = ()

            def perform(self, *args: Any) -> Any:
                return tell(super().perform, self, args)

            def perform_rb(self, *args: Any) -> Any:
                return tell(super().perform_rb, self, args)

            def perform_rs(self, *args: Any) -> Any:
                return tell(super().perform_rs, self, args)

        Curl.__module__, Curl.__qualname__ = plain.__module__, plain.__qualname__
        patches.replace(module, "Curl", lambda _: Curl)

    def _hook_curl_cffi(self, patches: Patches, module: Any) -> None:
        tell = self._performing("curl_cffi", module.CurlInfo.EFFECTIVE_URL)

        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(original)
            def perform(curl: Any, *args: Any, **options: Any) -> Any:
                # it forgets the URL before it returns, unless it is told to keep it
                return tell(lambda *rest: original(curl, *rest, **options), curl, args)

            return perform

        patches.replace(module.Curl, "perform", wrap)

    def _hook_async_curl_cffi(self, patches: Patches, module: Any) -> None:
        url_of, named = _url_reader(sys.modules["curl_cffi.curl"].CurlInfo.EFFECTIVE_URL), self._named
        site_of = self._recorder.site

        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(original)
            def add_handle(curls: Any, curl: Any, *args: Any, **options: Any) -> Any:
                site, future = site_of(sys._getframe(1)), original(curls, curl, *args, **options)
                future.add_done_callback(
                    lambda done: named("curl_cffi", url_of(curl), site, None if done.cancelled() else done.exception())
                )
                return future

            return add_handle

        patches.replace(module.AsyncCurl, "add_handle", wrap)

    def _performing(self, library: str, info: Any) -> Callable[[Callable[..., Any], Any, Any], Any]:
        """A function that performs a request of curl, and tells of it."""
        url_of = _url_reader(info)

        def perform(function: Callable[..., Any], curl: Any, args: Any) -> Any:
            error = None
            try:
                return function(*args)
            except BaseException as raised:
                error = raised
                raise
            finally:
                self._named(library, url_of(curl), self._recorder.site(sys._getframe(2)), error)

        return perform

    def _named(self, library: str, url: str, site: Frame | None, error: BaseException | None) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
            if parts.hostname:
                host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
                code = getattr(error, "code", None) or next(iter(getattr(error, "args", ())), 0)
                is_lookup = code == _NAME_NOT_FOUND
                self._tell(UncapturedConnection(f"{host}:{port}", library, site, is_lookup=is_lookup))
        except Exception as failure:
            self._recorder.failed(library, failure)


def _url_reader(info: Any) -> Callable[[Any], str]:
    def url_of(curl: Any) -> str:
        try:
            found = curl.getinfo(info)
        except Exception:  # it is closed by now
            return ""
        return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found or "")

    return url_of
