"""Calls of gRPC are answered from a recording without a server: messages of their class, and grpc's own errors."""

import asyncio
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import grpc.aio
import pytest
from google.protobuf.struct_pb2 import Struct

from tests.worker.capture.grpc.test_calls import lines, method, say, struct, target
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, FailureKind, Replacement, Rule, RuleAction, RuleMatch
from workbench.events import fold
from workbench.worker.capture.grpc.messages import line_of
from workbench.worker.peer.reply import NoRecordedAnswer

__all__ = ["target"]

REFUSED = "127.0.0.1:1"


def blocking(host: str) -> list[object]:
    with grpc.insecure_channel(host) as channel:
        say = method(channel, "Say")
        found = [
            say(struct(name="ada"), metadata=(("x-key", "k"),))["you"],
            say.future(struct(name="b")).result()["you"],
        ]
        found += [one["n"] for one in method(channel, "Count")(struct(to=3))]
        found += [method(channel, "Join")(iter([struct(part="a"), struct(part="b")]))["all"]]
        found += [one["n"] for one in method(channel, "Echo")(iter([struct(n=1), struct(n=2)]))]
        with pytest.raises(grpc.RpcError) as raised:
            say(struct(name="a", fail=1))
    with grpc.insecure_channel(REFUSED) as channel, pytest.raises(grpc.RpcError) as refused:
        method(channel, "Say")(struct(name="a"), timeout=1)
    return [*found, *((type(one.value), one.value.code(), one.value.details()) for one in (raised, refused))]


async def asynchronous(host: str) -> list[object]:
    async with grpc.aio.insecure_channel(host) as channel:
        found = [(await method(channel, "Say")(struct(name="ada")))["you"]]
        found += [one["n"] async for one in method(channel, "Count")(struct(to=2))]
        found += [(await method(channel, "Join")(iter([struct(part="a"), struct(part="b")])))["all"]]
        found += [one["n"] async for one in method(channel, "Echo")(iter([struct(n=1)]))]
        for name in ("Echo", "Join"):
            written = method(channel, name)()
            for number in range(3):
                await written.write(struct(n=number, part=str(number)))
            await written.done_writing()
            found += [one["n"] async for one in written] if name == "Echo" else [(await written)["all"]]
        with pytest.raises(grpc.RpcError) as raised:
            await method(channel, "Say")(struct(name="a", fail=1))
    return [*found, (type(raised.value), raised.value.code(), raised.value.details())]


@pytest.mark.parametrize("way", [blocking, lambda host: asyncio.run(asynchronous(host))])
def test_all_kinds_of_calls(captured, target, way) -> None:
    live = way(target)
    recorded = captured.exchanges
    captured.events.clear()
    captured.recorder.answers = engine(recorded)

    assert way(target) == live
    for before, after in zip(recorded, captured.exchanges, strict=True):
        assert (after.request, lines(after.response.body) if after.response else None) == (
            before.request,
            lines(before.response.body) if before.response else None,
        )
        assert (after.body_state, after.error) == (before.body_state, before.error)
        assert (after.origin.source, after.origin.recorded) == (AnswerSource.RECORDING, before.id)


def test_a_call_that_was_not_recorded(captured) -> None:
    captured.recorder.answers = engine(())
    with grpc.insecure_channel(REFUSED) as channel, pytest.raises(NoRecordedAnswer, match="It has no exchanges"):
        method(channel, "Say")(struct(name="a"))
    with pytest.raises(NoRecordedAnswer):
        asyncio.run(asynchronous(REFUSED))
    assert captured.exchanges[0].origin.unmatched is not None


class Wrapped:
    """A message as the clients of Google have them: proto-plus, which wraps one of protobuf."""

    def __init__(self, message: Struct) -> None:
        self._pb = message

    @classmethod
    def pb(cls) -> type[Struct]:
        return Struct

    @classmethod
    def wrap(cls, message: Struct) -> "Wrapped":
        return cls(message)

    @classmethod
    def deserialize(cls, data: bytes) -> "Wrapped":
        return cls(Struct.FromString(data))

    def serialize(self) -> bytes:
        return self._pb.SerializeToString()


def test_messages_that_wrap_those_of_protobuf(captured, target) -> None:
    def ask() -> Wrapped:
        with grpc.insecure_channel(target) as channel:
            call = channel.unary_unary("/lab.Lab/Say", Wrapped.serialize, Wrapped.deserialize)
            return call(Wrapped(struct(name="ada")), timeout=10)

    assert ask()._pb["you"] == "ada"
    (recorded,) = captured.exchanges
    assert (lines(recorded.request.body), lines(recorded.response.body)) == ([{"name": "ada"}], [{"you": "ada"}])
    captured.recorder.answers = engine((recorded,))
    assert ask()._pb["you"] == "ada"
    assert captured.exchanges[-1].origin.source is AnswerSource.RECORDING
    everywhere = Rule("other", RuleAction.REPLACE, pointer="/you", value="me", replacement=Replacement.VALUE)
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(everywhere,))
    assert ask()._pb["you"] == "me"


def test_a_message_within_another_value_is_json() -> None:
    line = line_of({"streaming_config": Wrapped(struct(code="en"))})
    assert lines(line) == [{"streaming_config": {"code": "en"}}]


def rule(action: RuleAction, **more) -> Rule:
    return Rule(str(action), action, RuleMatch(host="api.example.com"), **more)


def say_to(host: str, timeout: float = 2) -> object:
    with grpc.insecure_channel(host) as channel:
        return method(channel, "Say")(struct(name="ada"), timeout=timeout)["you"]


def test_rules(captured, target) -> None:
    host, live = "api.example.com:50051", AnswerSource.LIVE
    captured.recorder.answers = engine((), source=live, rules=(rule(RuleAction.FORWARD, base_url=f"http://{target}"),))
    assert say_to(host) == "ada"
    with grpc.secure_channel(host, grpc.ssl_channel_credentials()) as channel:
        assert method(channel, "Say")(struct(name="b"), timeout=2)["you"] == "b"
        captured.recorder.finish()
    assert target not in [one.host for one in fold(captured.events).uncaptured], "where the calls are forwarded"
    captured.recorder.answers = engine((), source=live, rules=(rule(RuleAction.RESPOND, body=b'{"you": "me"}'),))
    assert say_to(host) == "me"
    assert say_to(target) == "ada", "no rule is for that host"
    codes = {}
    for kind in (FailureKind.REFUSED, FailureKind.NAME_NOT_FOUND, FailureKind.TIMEOUT, FailureKind.DISCONNECTED):
        captured.recorder.answers = engine((), source=live, rules=(rule(RuleAction.FAIL, failure=kind),))
        with pytest.raises(grpc.RpcError) as raised:
            say_to(host, 0.1 if kind is FailureKind.TIMEOUT else 2)
        codes[captured.exchanges[-1].error.kind] = raised.value.code().name
    assert codes == {
        FailureKind.REFUSED: "UNAVAILABLE",
        FailureKind.NAME_NOT_FOUND: "UNAVAILABLE",
        FailureKind.TIMEOUT: "DEADLINE_EXCEEDED",
        FailureKind.DISCONNECTED: "UNAVAILABLE",
    }
    assert [one.origin.rule for one in captured.exchanges] == ["forward"] * 2 + ["respond", ""] + ["fail"] * 4


@contextmanager
def tls_server(credentials: grpc.ServerCredentials) -> Iterator[str]:
    """The base URL of a server with one call, by TLS."""
    with ThreadPoolExecutor(1) as pool:
        server = grpc.server(pool)
        answer = grpc.unary_unary_rpc_method_handler(say, Struct.FromString, Struct.SerializeToString)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("lab.Lab", {"Say": answer}),))
        port = server.add_secure_port("127.0.0.1:0", credentials)
        server.start()
        try:
            yield f"https://127.0.0.1:{port}"
        finally:
            server.stop(None).wait()


@pytest.mark.parametrize("scheme", ["grpc", "grpcs"])
def test_a_channel_is_forwarded_to_a_local_server_with_tls(captured, certificate, monkeypatch, scheme) -> None:
    """Whichever its certificate is (this one is for another name, and signed by itself), and through no proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    pem = certificate[1].read_bytes()
    credentials = grpc.ssl_server_credentials([(certificate[1].with_name("key.pem").read_bytes(), pem)])
    with tls_server(credentials) as base:
        forward = rule(RuleAction.FORWARD, base_url=base)
        captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(forward,))
        options = [("grpc.max_receive_message_length", 1000)]
        host, trusted = "api.example.com:443", grpc.ssl_channel_credentials()
        opened = grpc.insecure_channel(host, options)
        if scheme == "grpcs":
            opened = grpc.secure_channel(host, trusted, options=options)
        with opened as channel:
            assert method(channel, "Say")(struct(name="ada"), timeout=10)["you"] == "ada"
    assert (captured.one.request.url, captured.one.origin.rule) == (f"{scheme}://{host}/lab.Lab/Say", "forward")


def test_a_channel_is_forwarded_to_a_local_server_whose_certificate_has_expired(captured, tmp_path) -> None:
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    asked = tmp_path / "request.pem"
    command = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(asked), "-subj", "/CN=127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    command = ["openssl", "x509", "-req", "-in", str(asked), "-signkey", str(key), "-days", "-1", "-out", str(pem)]
    subprocess.run(command, check=True, capture_output=True)
    credentials = grpc.ssl_server_credentials([(key.read_bytes(), pem.read_bytes())])
    host = "api.example.com:443"

    async def say_twice() -> object:
        async with grpc.aio.secure_channel(host, grpc.ssl_channel_credentials()) as channel:
            await method(channel, "Say")(struct(name="first"), timeout=30)
            return (await method(channel, "Say")(struct(name="x" * 1_000_000), timeout=30))["you"]

    with tls_server(credentials) as base:
        forward = rule(RuleAction.FORWARD, base_url=base)
        captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(forward,))
        with grpc.secure_channel(host, grpc.ssl_channel_credentials()) as channel:
            assert method(channel, "Say")(struct(name="ada"), timeout=30)["you"] == "ada"
        assert asyncio.run(say_twice()) == "x" * 1_000_000
    assert [(one.request.url, one.origin.rule) for one in captured.exchanges] == [
        (f"grpcs://{host}/lab.Lab/Say", "forward")
    ] * 3
    captured.recorder.finish()
    assert fold(captured.events).uncaptured == ()


async def say_async(host: str, timeout: float = 2) -> object:
    async with grpc.aio.insecure_channel(host) as channel:
        return (await method(channel, "Say")(struct(name="ada"), timeout=timeout))["you"]


async def count_async(host: str) -> list[object]:
    async with grpc.aio.insecure_channel(host) as channel:
        return [one["n"] async for one in method(channel, "Count")(struct(to=3))]


def count(host: str) -> list[object]:
    with grpc.insecure_channel(host) as channel:
        return [one["n"] for one in method(channel, "Count")(struct(to=3))]


WAYS = {
    "blocking": (say_to, count),
    "asynchronous": (lambda host: asyncio.run(say_async(host)), lambda host: asyncio.run(count_async(host))),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", list(AnswerSource))
def test_rules_change_the_messages_of_a_live_server_and_of_a_recording(captured, target, way, source) -> None:
    one, many = WAYS[way]
    assert (one(target), many(target)) == ("ada", [0, 1, 2])
    recorded, match = captured.exchanges, RuleMatch(host=target)

    def ruled(action: RuleAction, **more) -> None:
        captured.events.clear()
        rules = (Rule("a change", action, match, **more),)
        captured.recorder.answers = engine(recorded, rules=rules, source=source, note=captured.recorder.note)

    ruled(RuleAction.REPLACE, pointer="/you", replacement=Replacement.VALUE, value='"bob"')
    assert one(target) == "bob"
    assert b'"bob"' in captured.one.response.body
    ruled(RuleAction.REPLACE, pointer="/you", replacement=Replacement.NULL)
    assert many(target) == [0, 1, 2]
    assert "changed nothing in the answer to POST grpc://" in captured.notes[-1]
    ruled(RuleAction.REPLACE, pointer="/n", replacement=Replacement.OTHER_TYPE)
    assert many(target) == ["text"] * 3
    ruled(RuleAction.TRUNCATE, length=len(recorded[1].response.body) - 2)
    with pytest.raises(grpc.RpcError) as raised:
        many(target)
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
    assert lines(captured.one.response.body) == [{"n": 0}, {"n": 1}]
    ruled(RuleAction.TRUNCATE, length=1)
    with pytest.raises(grpc.RpcError):
        one(target)
    assert captured.one.error.kind is FailureKind.DISCONNECTED


@pytest.mark.parametrize("source", list(AnswerSource))
def test_a_delay_holds_the_deadline_and_not_the_event_loop(captured, target, monkeypatch, source) -> None:
    assert say_to(target) == "ada"
    recorded, slept, live = captured.exchanges, [], source is AnswerSource.LIVE
    monkeypatch.setattr("workbench.worker.capture.grpc.interceptors.time.sleep", slept.append)

    def delayed(seconds: float) -> None:
        rules = (Rule("slow", RuleAction.DELAY, RuleMatch(host=target), seconds=seconds),)
        captured.recorder.answers = engine(recorded * 2, rules=rules, source=source)

    delayed(1.5)
    assert say_to(target, 30) == "ada"
    delayed(60)
    with pytest.raises(grpc.RpcError) as raised:
        say_to(target, 0.01)
    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert slept == ([1.5, 0.01] if live else [])
    with pytest.raises(grpc.RpcError) as raised:
        asyncio.run(say_async(target, 0.01))
    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert len(slept) == (2 if live else 0), "the event loop goes on meanwhile"
    assert {one.origin.rule for one in captured.exchanges[1:]} == {"slow"}
