"""gRPC (grpcio and grpc.aio): an interceptor on each channel that the integration makes.

Its C core sends by itself: the method, the metadata, the messages and the status are seen, the headers of HTTP/2 and
attempts that the core repeats are not.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from workbench.worker.capture.grpc_call import RecordedCall, know_connection
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
_RESOLVERS = ("dns", "ipv4", "ipv6")


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
        engine = self._recorder.answers
        base = engine.forward_of(f"{scheme}://{_host(target)}/") if engine is not None else ""
        if not base:
            return originals[scheme](target, *args, **options)
        know_connection(self._recorder, base)
        from workbench.worker.peer.grpc_forward import Channels  # few runs need it

        credentials = None
        if scheme == "grpcs":
            credentials, args = (args[0], args[1:]) if args else (options.pop("credentials"), args)
        make = sys.modules["grpc"].ssl_channel_credentials
        return Channels(originals["grpc"], originals["grpcs"], make).open(base, credentials, args, options)

    def _learning(self, channel: Any, methods: dict[str, Any]) -> Any:
        """``channel``, which tells how its responses are read, where they do not come from the network."""
        if self._recorder.answers is None:
            return channel
        from workbench.worker.peer.grpc_peer import learn_methods  # few runs need it

        return learn_methods(channel, methods)

    def _hook_async_channels(self, patches: Patches, module: Any) -> None:
        made, learning, forwarded = _async_interceptors(module, self._recorder), self._learning, self._forwarded
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
            self.methods: dict[str, Any] = {}

        def _start(self, details: Any) -> RecordedCall:
            return RecordedCall(recorder, self._base, details, sys._getframe(2))

        def _continue(self, continuation: Any, details: Any, request: Any, call: RecordedCall, sent: Any) -> Any:
            """What the network answers, or what does so in its place, which gets all messages before it answers."""
            engine = recorder.answering(self._base)
            if engine is None or engine.passes(*call.attempt.target):
                return continuation(details, request)
            from workbench.worker.peer.grpc_peer import AnsweredCall  # few runs need it

            messages = sent()
            answer = call.answer(engine, details, messages, self.methods)
            if call.delay:
                time.sleep(call.delay)
            if answer is None:
                live = continuation(details, iter(messages) if hasattr(request, "__next__") else request)
                return _changed(live, call, grpc)
            return AnsweredCall(answer, grpc)

        def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return call.watch(self._continue(continuation, details, request, call, lambda: [request]))

        def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            call = self._start(details)
            call.sent_all(request)
            return _Responses(self._continue(continuation, details, request, call, lambda: [request]), call)

        def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            sent = call.each_sent(requests)
            return call.watch(self._continue(continuation, details, sent, call, lambda: list(sent)))

        def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            call = self._start(details)
            sent = call.each_sent(requests)
            return _Responses(self._continue(continuation, details, sent, call, lambda: list(sent)), call)

    return Interceptor


def _changed(live: Any, call: RecordedCall, grpc: Any) -> Any:
    """A call that the network answers, with the messages that a rule makes of its own, where one does."""
    if call.change is None:
        return live
    from workbench.worker.peer.grpc_change import ChangedCall  # few runs need it

    return ChangedCall(live, call.change, grpc)


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

    class UnaryUnary(_AsyncCalls, aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
        """One message each way."""

        async def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
            return await self.one_received(continuation, details, request)

    class UnaryStream(_AsyncCalls, aio.UnaryStreamClientInterceptor):  # type: ignore[misc]
        """One message there, many back."""

        async def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
            return await self.many_received(continuation, details, request)

    class StreamUnary(_AsyncCalls, aio.StreamUnaryClientInterceptor):  # type: ignore[misc]
        """Many messages there, one back."""

        sends_many = True

        async def intercept_stream_unary(self, continuation: Any, details: Any, requests: Any) -> Any:
            return await self.one_received(continuation, details, requests)

    class StreamStream(_AsyncCalls, aio.StreamStreamClientInterceptor):  # type: ignore[misc]
        """Many messages both ways."""

        sends_many = True

        async def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
            return await self.many_received(continuation, details, requests)

    def made(base: str) -> list[Any]:
        methods: dict[str, Any] = {}
        kinds = (UnaryUnary, UnaryStream, StreamUnary, StreamStream)
        return [kind(aio, recorder, base, methods) for kind in kinds]

    return made


class _AsyncCalls:
    """What the four kinds of asynchronous calls share."""

    sends_many = False

    def __init__(self, aio: Any, recorder: Recorder, base: str, methods: dict[str, Any]) -> None:
        self._aio = aio
        self._recorder = recorder
        self._base = base
        self.methods = methods

    async def one_received(self, continuation: Any, details: Any, request: Any) -> Any:
        """A call whose response is one message."""
        call, sent = self._start(details, request)
        answered, sent = await self._answered(call, details, sent)
        if answered is None and call.change is not None:
            return self._changed(call, await continuation(details, sent), is_one=True)
        return answered or await call.awaited(await continuation(details, sent))

    async def many_received(self, continuation: Any, details: Any, request: Any) -> Any:
        """A call whose response is many messages."""
        call, sent = self._start(details, request)
        answered, sent = await self._answered(call, details, sent)
        if answered is None and call.change is not None:
            return self._changed(call, await continuation(details, sent), is_one=False)
        return answered or _each_received(await continuation(details, sent), call)

    def _start(self, details: Any, request: Any) -> tuple[RecordedCall, Any]:
        call = RecordedCall(self._recorder, self._base, details, sys._getframe(2))
        if self.sends_many:
            return call, call.each_sent_async(request)
        call.sent_all(request)
        return call, request

    async def _answered(self, call: RecordedCall, details: Any, sent: Any) -> tuple[Any, Any]:
        """A call whose messages come from no network, None where they do; and what is sent then."""
        engine = self._recorder.answering(self._base)
        if engine is None or engine.passes(*call.attempt.target):
            return None, sent
        from workbench.worker.peer.grpc_async_peer import answered_call  # few runs need it

        requests = [message async for message in sent] if self.sends_many else [sent]
        answer = call.answer(engine, details, requests, self.methods)
        if call.delay:
            await asyncio.sleep(call.delay)
        if answer is None:
            return None, iter(requests) if self.sends_many else sent
        return answered_call(self._aio, self._messages(call, self._made(answer))), sent

    def _made(self, answer: Any) -> AsyncIterator[Any]:
        from workbench.worker.peer.grpc_async_peer import messages_of  # few runs need it

        return messages_of(answer, self._aio, sys.modules["grpc"])

    def _changed(self, call: RecordedCall, live: Any, *, is_one: bool) -> Any:
        """A call that the network answers, with the messages that a rule makes of its own."""
        from workbench.worker.peer.grpc_async_peer import answered_call  # few runs need it
        from workbench.worker.peer.grpc_change import changed_messages
        from workbench.worker.peer.grpc_peer import CallAnswer

        async def messages() -> AsyncIterator[Any]:
            async for found in changed_messages(live, call.change, is_one=is_one):  # type: ignore[arg-type]
                if isinstance(found, CallAnswer):
                    async for message in self._made(found):  # which raises its error
                        yield message
                else:
                    yield found

        return answered_call(self._aio, self._messages(call, messages()))

    async def _messages(self, call: RecordedCall, found: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The messages of the answer."""
        try:
            async for message in found:
                call.received(message)
                yield message
        except BaseException as error:
            call.broke(error)
            raise
        call.attempt.complete()


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
