"""gRPC (grpcio and grpc.aio): an interceptor on each channel that the integration makes.

Its C core sends by itself: the method, the metadata, the messages and the status are seen, the headers of HTTP/2 and
attempts that the core repeats are not.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from workbench.worker.capture.grpc_call import RecordedCall
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_calls import grouped
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

_CALLABLES = (
    "UnaryUnaryMultiCallable",
    "UnaryStreamMultiCallable",
    "StreamUnaryMultiCallable",
    "StreamStreamMultiCallable",
)


class GrpcAdapter:
    """Installs the hooks once the integration has imported grpc, and removes them."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        self._recorder = recorder
        self._imports = imports
        self._patches = Patches()

    def install(self) -> None:
        """Start."""
        self._imports.patch_when_imported("grpc", self._patches, self._hook_channels)
        self._imports.patch_when_imported("grpc.aio", self._patches, self._hook_async_channels)

    def uninstall(self) -> None:
        """Stop; channels that were made meanwhile stay as they are."""
        self._patches.undo()

    def _hook_channels(self, patches: Patches, module: Any) -> None:
        intercept, made = module.intercept_channel, _interceptors(module, self._recorder)

        def channel(original: Callable[..., Any], scheme: str) -> Callable[..., Any]:
            def make(target: str, *args: Any, **options: Any) -> Any:
                return intercept(original(target, *args, **options), made(f"{scheme}://{_host(target)}"))

            return make

        patches.replace(module, "insecure_channel", lambda original: channel(original, "grpc"))
        patches.replace(module, "secure_channel", lambda original: channel(original, "grpcs"))

    def _hook_async_channels(self, patches: Patches, module: Any) -> None:
        made = _async_interceptors(module, self._recorder)

        def channel(original: Callable[..., Any], scheme: str) -> Callable[..., Any]:
            def make(target: str, *args: Any, interceptors: Any = None, **options: Any) -> Any:
                own = [*(interceptors or ()), *made(f"{scheme}://{_host(target)}")]
                return original(target, *args, interceptors=own, **options)

            return make

        patches.replace(module, "insecure_channel", lambda original: channel(original, "grpc"))
        patches.replace(module, "secure_channel", lambda original: channel(original, "grpcs"))
        for name in _CALLABLES:  # the calling line: the interceptors run in a task of their own
            patches.replace(getattr(module._channel, name), "__call__", grouped(self._recorder, "grpc"))


def _host(target: str) -> str:
    """The host and port of a target, which may begin with the scheme of a resolver."""
    return target.rpartition("/")[2] if "://" in target or target.startswith("dns:") else target


def _interceptors(grpc: Any, recorder: Recorder) -> Callable[[str], Any]:
    """Makes the interceptor of a channel; its class has those of the imported grpc as bases."""

    class Interceptor(
        grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
        grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
        grpc.StreamUnaryClientInterceptor,  # type: ignore[misc]
        grpc.StreamStreamClientInterceptor,  # type: ignore[misc]
    ):
        """All four kinds of calls."""

        def __init__(self, base: str) -> None:
            self._base = base

        def _start(self, details: Any) -> RecordedCall:
            return RecordedCall(recorder, self._base, details, sys._getframe(2))

        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return call.watch(continuation(details, request))

        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return _Responses(continuation(details, request), call)

        def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            return call.watch(continuation(details, call.each_sent(requests)))

        def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            return _Responses(continuation(details, call.each_sent(requests)), call)

    return Interceptor


class _Responses:
    """The responses of a call, which are the call itself, too."""

    def __init__(self, responses: Any, call: RecordedCall) -> None:
        self._responses = responses
        self._call = call

    def __getattr__(self, name: str) -> Any:
        return getattr(self._responses, name)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            message = next(self._responses)
        except StopIteration:
            self._call.ended(self._responses)
            raise
        except BaseException as error:
            self._call.broke(error)
            raise
        self._call.received(message)
        return message


def _async_interceptors(aio: Any, recorder: Recorder) -> Callable[[str], list[Any]]:
    """Makes the interceptors of a channel, one for each kind of call: a channel takes only the first kind of each."""

    class Base:
        """What all four have."""

        def __init__(self, base: str) -> None:
            self._base = base

        def start(self, details: Any) -> RecordedCall:
            return RecordedCall(recorder, self._base, details, sys._getframe(1))

    class UnaryUnary(Base, aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
        """One message each way."""

        async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self.start(details)
            call.sent_all(request)
            return await call.awaited(await continuation(details, request))

    class UnaryStream(Base, aio.UnaryStreamClientInterceptor):  # type: ignore[misc]
        """One message there, many back."""

        async def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self.start(details)
            call.sent_all(request)
            return _each_received(await continuation(details, request), call)

    class StreamUnary(Base, aio.StreamUnaryClientInterceptor):  # type: ignore[misc]
        """Many messages there, one back."""

        async def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self.start(details)
            return await call.awaited(await continuation(details, call.each_sent_async(requests)))

    class StreamStream(Base, aio.StreamStreamClientInterceptor):  # type: ignore[misc]
        """Many messages both ways."""

        async def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self.start(details)
            return _each_received(await continuation(details, call.each_sent_async(requests)), call)

    kinds = (UnaryUnary, UnaryStream, StreamUnary, StreamStream)
    return lambda base: [kind(base) for kind in kinds]


async def _each_received(responses: Any, call: RecordedCall) -> AsyncIterator[Any]:
    try:
        async for message in responses:
            call.received(message)
            yield message
        await call.ended_async(responses)
    except GeneratorExit:
        call.attempt.give_up("abandoned")
        raise
    except BaseException as error:
        call.broke(error)
        raise
