"""Requests of libcurl, by pycurl and curl_cffi: Python does not see its sockets, but each handle tells its URL."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from workbench.domain import Frame
from workbench.worker.capture.connections.call_hooks import CallHooks, connection_to
from workbench.worker.capture.patches import Patches

_NAME_NOT_FOUND: Final = 6
"""curl's code."""


class CurlCalls(CallHooks):
    """Hooks on what performs a request, installed once the integration has imported such a library."""

    def install(self) -> None:
        """Start."""
        hook = self._when_imported
        hook("pycurl", self._hook_pycurl)
        hook("curl_cffi.curl", self._hook_curl_cffi)
        hook("curl_cffi.aio", self._hook_async_curl_cffi)

    def _hook_pycurl(self, patches: Patches, module: Any) -> None:
        """Its classes are of C, which take no other attributes: classes of ours that extend them take their place."""
        infos = _Infos("pycurl", module.EFFECTIVE_URL, module.PRIMARY_IP, module.PRIMARY_PORT)
        patches.replace(module, "Curl", self._handle(infos))
        patches.replace(module, "CurlMulti", self._handles(infos))

    def _handle(self, infos: "_Infos") -> Callable[[Any], Any]:
        perform_one = self._performing(infos)

        def extend(plain: Any) -> Any:
            class Curl(plain):  # type: ignore[misc]
                __doc__ = plain.__doc__
                __slots__ = ()

                def perform(self, *args: Any) -> Any:
                    return perform_one(super().perform, self, args)

                def perform_rb(self, *args: Any) -> Any:
                    return perform_one(super().perform_rb, self, args)

                def perform_rs(self, *args: Any) -> Any:
                    return perform_one(super().perform_rs, self, args)

            return _named_as(plain, Curl)

        return extend

    def _handles(self, infos: "_Infos") -> Callable[[Any], Any]:
        """Handles that are performed together. Each has its URL and its address once it is connected."""
        seen, site_of = self._seen, self._recorder.sites.of

        def extend(plain: Any) -> Any:
            class CurlMulti(plain):  # type: ignore[misc]
                __doc__ = plain.__doc__

                def __init__(self, *args: Any, **options: Any) -> None:
                    super().__init__(*args, **options)
                    self._workbench_waiting: dict[Any, Frame | None] = {}

                def add_handle(self, curl: Any) -> Any:
                    result = super().add_handle(curl)
                    self._workbench_waiting[curl] = site_of(sys._getframe(1))
                    return result

                def remove_handle(self, curl: Any) -> Any:
                    if curl in self._workbench_waiting:  # it did not connect, or nobody has looked since
                        seen(infos, curl, self._workbench_waiting.pop(curl), None)
                    return super().remove_handle(curl)

                def perform(self) -> Any:
                    return self._workbench_look(super().perform())

                def socket_action(self, *args: Any) -> Any:
                    return self._workbench_look(super().socket_action(*args))

                def socket_all(self) -> Any:
                    return self._workbench_look(super().socket_all())

                def _workbench_look(self, result: Any) -> Any:
                    for curl, site in list(self._workbench_waiting.items()):
                        if infos.address_of(curl) is not None:
                            del self._workbench_waiting[curl]
                            seen(infos, curl, site, None)
                    return result

            return _named_as(plain, CurlMulti)

        return extend

    def _hook_curl_cffi(self, patches: Patches, module: Any) -> None:
        perform_one = self._performing(_curl_cffi_infos(module))

        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(original)
            def perform(curl: Any, *args: Any, **options: Any) -> Any:
                # it forgets the URL before it returns, unless it is told to keep it
                return perform_one(lambda *rest: original(curl, *rest, **options), curl, args)

            return perform

        patches.replace(module.Curl, "perform", wrap)

    def _hook_async_curl_cffi(self, patches: Patches, module: Any) -> None:
        infos, sockets = _curl_cffi_infos(sys.modules["curl_cffi.curl"]), self._sockets
        seen, site_of = self._seen, self._recorder.sites.of

        def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(original)
            def add_handle(curls: Any, curl: Any, *args: Any, **options: Any) -> Any:
                site, future = site_of(sys._getframe(1)), original(curls, curl, *args, **options)
                sockets.busy += 1

                def done(ended: Any) -> None:
                    sockets.busy -= 1
                    seen(infos, curl, site, None if ended.cancelled() else ended.exception())

                future.add_done_callback(done)
                return future

            return add_handle

        patches.replace(module.AsyncCurl, "add_handle", wrap)

    def _performing(self, infos: "_Infos") -> Callable[[Callable[..., Any], Any, Any], Any]:
        """A function that performs a request, and tells of it."""
        sockets = self._sockets

        def perform(function: Callable[..., Any], curl: Any, args: Any) -> Any:
            error = None
            sockets.busy += 1
            try:
                return function(*args)
            except BaseException as raised:
                error = raised
                raise
            finally:
                sockets.busy -= 1
                self._seen(infos, curl, self._recorder.sites.of(sys._getframe(2)), error)

        return perform

    def _seen(self, infos: "_Infos", curl: Any, site: Frame | None, error: BaseException | None) -> None:
        try:
            if (address := infos.address_of(curl)) is not None:
                self._sockets.known.add(address)
            code = getattr(error, "code", None) or next(iter(getattr(error, "args", ())), 0)
            is_lookup = code == _NAME_NOT_FOUND
            if (found := connection_to(infos.url_of(curl), infos.library, site, is_lookup=is_lookup)) is not None:
                self._tell(found)
        except Exception as failure:
            self._recorder.failed(infos.library, failure)


class _Infos:
    """What a handle tells, by the numbers that the library has for it."""

    def __init__(self, library: str, url: Any, host: Any, port: Any) -> None:
        self.library = library
        self._url, self._host, self._port = url, host, port

    def url_of(self, curl: Any) -> str:
        """The URL that it has asked for last; empty where it is closed by now."""
        return str(_info(curl, self._url) or "")

    def address_of(self, curl: Any) -> tuple[str, int] | None:
        """The address and port that it is connected to."""
        host, port = _info(curl, self._host), _info(curl, self._port)
        return (str(host), int(port)) if host and port else None


def _named_as(plain: Any, kind: Any) -> Any:
    kind.__module__, kind.__qualname__ = plain.__module__, plain.__qualname__
    return kind


def _curl_cffi_infos(module: Any) -> _Infos:
    infos = module.CurlInfo
    return _Infos("curl_cffi", infos.EFFECTIVE_URL, infos.PRIMARY_IP, infos.PRIMARY_PORT)


def _info(curl: Any, number: Any) -> Any:
    try:
        found = curl.getinfo(number)
    except Exception:  # it is closed by now
        return None
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found
