"""httpx, both editions: a call of its clients is a group, and a request that they reject is an exchange."""

import inspect
import sys
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from workbench.worker.capture.calls.call import Call
from workbench.worker.capture.calls.grouped_calls import hook_calls, of_request, reject
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches

_CALLS = ("request", "get", "options", "head", "post", "put", "patch", "delete", "send")


class HttpxAdapter(ImportedLibraryAdapter):
    """Wraps what a client is called with; what it sends is recorded by the adapter of httpcore."""

    def install(self) -> None:
        """Start."""
        for library in ("httpx", "httpx2"):
            self._when_imported(f"{library}._client", partial(self._hook_calls, library))

    def _hook_calls(self, library: str, patches: Patches, module: Any) -> None:
        hook_calls(self._recorder, (library, {"Client.send": of_request}), patches, module)
        patches.replace(module.BaseClient, "build_request", partial(self._build_request, library))
        for name in _CALLS:
            patches.replace(module.AsyncClient, name, partial(self._awaited, library))

    def _build_request(self, library: str, original: Callable[..., Any]) -> Callable[..., Any]:
        """What httpx makes of its arguments; it may reject them (an invalid URL)."""
        recorder = self._recorder

        @wraps(original)
        def build_request(client: Any, method: Any, url: Any, *args: Any, **options: Any) -> Any:
            try:
                return original(client, method, url, *args, **options)
            except Exception as error:
                recorder.rejected(library, str(method).upper(), str(url), error, sys._getframe(1))
                raise

        return build_request

    def _awaited(self, library: str, original: Callable[..., Any]) -> Callable[..., Any]:
        recorder, sends = self._recorder, original.__name__ == "send"

        async def within(call: Call, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
            tried, token = call.attempts, recorder.current_call.set(call)
            try:
                return await original(*args, **options)
            except Exception as error:
                if sends and call.attempts == tried:
                    reject(recorder, library, of_request, args, options, error)
                raise
            finally:
                recorder.leave(token)

        # The calling line is on the stack now; when the coroutine runs, in a task perhaps, it is not.
        @wraps(original)
        def call(*args: Any, **options: Any) -> Any:
            return within(recorder.call(sys._getframe(1), library), args, options)

        return inspect.markcoroutinefunction(call)
