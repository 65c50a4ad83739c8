"""gRPC (grpcio and grpc.aio): an interceptor on each channel that the integration makes.

Its C core sends by itself: the method, the metadata, the messages and the status are seen, the headers of HTTP/2 and
attempts that the core repeats are not.
"""

import sys
from collections.abc import Callable
from typing import Any

from workbench.worker.capture.calls.grouped_calls import grouped
from workbench.worker.capture.grpc.async_interceptors import async_interceptors
from workbench.worker.capture.grpc.call import know_connection
from workbench.worker.capture.grpc.interceptors import blocking_interceptors
from workbench.worker.capture.grpc.retries import most_attempts
from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.library_adapter import ImportedLibraryAdapter
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

_CALLABLES = (
    "UnaryUnaryMultiCallable",
    "UnaryStreamMultiCallable",
    "StreamUnaryMultiCallable",
    "StreamStreamMultiCallable",
)
_RESOLVERS = ("dns", "ipv4", "ipv6")


class GrpcAdapter(ImportedLibraryAdapter):
    """Installs the hooks once the integration has imported grpc. Channels keep theirs where these are removed."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder, imports)
        self._repeated: set[str] = set()

    def install(self) -> None:
        """Start."""
        self._when_imported("grpc", self._hook_channels)
        self._when_imported("grpc.aio", self._hook_async_channels)

    def _hook_channels(self, patches: Patches, module: Any) -> None:
        intercept, made = module.intercept_channel, blocking_interceptors(module, self._recorder)
        learning, forwarded = self._learning, self._forwarded
        originals = {"grpc": module.insecure_channel, "grpcs": module.secure_channel}

        def channel(scheme: str) -> Callable[..., Any]:
            def make(target: str, *args: Any, **options: Any) -> Any:
                interceptor = made(f"{scheme}://{_host(target)}")
                opened = forwarded(originals, scheme, target, args, options)
                return learning(intercept(opened, interceptor), interceptor.methods)

            return make

        patches.replace(module, "insecure_channel", lambda original: channel("grpc"))
        patches.replace(module, "secure_channel", lambda original: channel("grpcs"))

    def _forwarded(
        self, originals: dict[str, Any], scheme: str, target: str, args: Any, options: dict[str, Any]
    ) -> Any:
        """A channel to ``target``, or to where a rule forwards it."""
        self._tell_attempts(_host(target), most_attempts(args, options))
        engine = self._recorder.answers
        base = engine.forward_of(f"{scheme}://{_host(target)}/") if engine is not None else ""
        if not base:
            return originals[scheme](target, *args, **options)
        know_connection(self._recorder, base)
        from workbench.worker.peer.grpc.forwards import Channels  # few runs need it

        credentials = None
        if scheme == "grpcs":
            credentials, args = (args[0], args[1:]) if args else (options.pop("credentials"), args)
        make = sys.modules["grpc"].ssl_channel_credentials
        channels = Channels(originals["grpc"], originals["grpcs"], make, self._recorder.native_ports)
        return channels.open(base, credentials, args, options)

    def _tell_attempts(self, host: str, most: int) -> None:
        if most > 1 and host not in self._repeated:
            self._repeated.add(host)
            self._recorder.note(
                f"gRPC may send a call to {host} up to {most} times, by the retry policy of its channel. "
                "It does not tell how often it did, so each call is one exchange."
            )

    def _learning(self, channel: Any, methods: dict[str, Any]) -> Any:
        """``channel``, which tells how its responses are read, where they do not come from the network."""
        if self._recorder.answers is None:
            return channel
        from workbench.worker.peer.grpc.calls import learn_methods  # few runs need it

        return learn_methods(channel, methods)

    def _hook_async_channels(self, patches: Patches, module: Any) -> None:
        made, learning, forwarded = async_interceptors(module, self._recorder), self._learning, self._forwarded
        originals = {"grpc": module.insecure_channel, "grpcs": module.secure_channel}

        def channel(scheme: str) -> Callable[..., Any]:
            def make(target: str, *args: Any, interceptors: Any = None, **options: Any) -> Any:
                own = made(f"{scheme}://{_host(target)}")
                options["interceptors"] = [*(interceptors or ()), *own]
                opened = forwarded(originals, scheme, target, args, options)
                return learning(opened, own[0].methods)

            return make

        patches.replace(module, "insecure_channel", lambda original: channel("grpc"))
        patches.replace(module, "secure_channel", lambda original: channel("grpcs"))
        for name in _CALLABLES:  # the calling line: the interceptors run in a task of their own
            patches.replace(getattr(module._channel, name), "__call__", grouped(self._recorder, "grpc"))


def _host(target: str) -> str:
    """The host and port of a target, which may begin with the scheme of a resolver: ``dns:///`` or ``dns:`` alone."""
    if "://" in target:
        return target.rpartition("/")[2]
    scheme, _, address = target.partition(":")
    return address if scheme in _RESOLVERS and address else target
