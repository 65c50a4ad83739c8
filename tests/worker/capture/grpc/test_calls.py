"""Calls of gRPC are captured, with their messages as JSON: all four kinds, blocking and asynchronous."""

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import grpc.aio
import pytest
from google.protobuf.struct_pb2 import Struct

from tests.case_tables import each_case
from tests.worker.capture.conftest import Captured
from tests.worker.capture.proxy_server import ProxyServer
from workbench.domain import FailureKind
from workbench.events import fold
from workbench.explain.http import network
from workbench.explain.text import plain, sentence
from workbench.worker.capture import Capture
from workbench.worker.capture.grpc.proxy import proxy_of
from workbench.worker.capture.grpc.retries import most_attempts


def struct(**fields: object) -> Struct:
    made = Struct()
    made.update(fields)
    return made


def say(request: Struct, context: grpc.ServicerContext) -> Struct:
    if "fail" in request.fields:
        context.abort(grpc.StatusCode.NOT_FOUND, "no such thing")
    if "busy" in request.fields:
        context.abort(grpc.StatusCode.UNAVAILABLE, "try later")
    if "wait" in request.fields:
        context.add_callback(lambda: None)
        while context.is_active():
            time.sleep(0.01)
    context.send_initial_metadata((("x-first", "f"),))
    context.set_trailing_metadata((("x-trailer", "t"),))
    return struct(you=request["name"])


def count(request: Struct, context: grpc.ServicerContext) -> Iterator[Struct]:
    for number in range(int(request["to"])):
        yield struct(n=number)


def join(requests: Iterator[Struct], context: grpc.ServicerContext) -> Struct:
    return struct(all="".join(one["part"] for one in requests))


def echo(requests: Iterator[Struct], context: grpc.ServicerContext) -> Iterator[Struct]:
    yield from requests


def gather(requests: Iterator[Struct], context: grpc.ServicerContext) -> Iterator[Struct]:
    yield from [*requests]


KINDS = {
    "Say": ("unary_unary", say),
    "Count": ("unary_stream", count),
    "Join": ("stream_unary", join),
    "Echo": ("stream_stream", echo),
    "Gather": ("stream_stream", gather),
}


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    with ThreadPoolExecutor(4) as pool:
        server = grpc.server(pool)
        handlers = {
            name: getattr(grpc, f"{kind}_rpc_method_handler")(work, Struct.FromString, Struct.SerializeToString)
            for name, (kind, work) in KINDS.items()
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("lab.Lab", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(None).wait()


def method(channel, name: str):
    kind = KINDS[name][0]
    return getattr(channel, kind)(f"/lab.Lab/{name}", Struct.SerializeToString, Struct.FromString)


def test_a_target_may_name_the_resolver_of_its_host(captured, target) -> None:
    for prefix in ("", "ipv4:", "dns:", "dns:///"):
        with grpc.insecure_channel(prefix + target) as channel:
            assert method(channel, "Say")(struct(name="ada"))["you"] == "ada"
    assert {one.request.url for one in captured.exchanges} == {f"grpc://{target}/lab.Lab/Say"}


def lines(body: bytes) -> list[object]:
    return [json.loads(line) for line in body.splitlines()]


def test_the_four_kinds_of_calls(captured, target) -> None:
    with grpc.insecure_channel(target) as channel:
        assert method(channel, "Say")(struct(name="ada"), metadata=(("x-key", "k"),))["you"] == "ada"  # the call
        assert [one["n"] for one in method(channel, "Count")(struct(to=3))] == [0, 1, 2]
        assert method(channel, "Join")(iter([struct(part="a"), struct(part="b")]))["all"] == "ab"
        assert [one["n"] for one in method(channel, "Echo")(iter([struct(n=1), struct(n=2)]))] == [1, 2]
        assert method(channel, "Say").future(struct(name="later")).result()["you"] == "later"

    say, count, join, echo, later = captured.exchanges
    assert (say.library, say.request.url, say.request.http_version) == ("grpc", f"grpc://{target}/lab.Lab/Say", "2")
    assert say.request.headers == (("x-key", "k"),)
    assert (say.response.headers, say.response.trailers) == ((("x-first", "f"),), (("x-trailer", "t"),))
    assert (lines(say.request.body), lines(say.response.body)) == ([{"name": "ada"}], [{"you": "ada"}])
    assert say.call_site.source.strip().endswith("# the call")
    assert lines(count.response.body) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert lines(join.request.body) == [{"part": "a"}, {"part": "b"}]
    assert (lines(echo.request.body), lines(echo.response.body)) == ([{"n": 1}, {"n": 2}], [{"n": 1}, {"n": 2}])
    assert lines(later.response.body) == [{"you": "later"}]
    assert {one.body_state for one in captured.exchanges} == {"complete"}


async def test_the_four_kinds_of_asynchronous_calls(captured, target) -> None:
    async with grpc.aio.insecure_channel(target) as channel:
        pending = method(channel, "Say")(struct(name="ada"))  # the call
        assert (await pending)["you"] == "ada"
        assert [one["n"] async for one in method(channel, "Count")(struct(to=2))] == [0, 1]
        assert (await method(channel, "Join")(iter([struct(part="a"), struct(part="b")])))["all"] == "ab"
        assert [one["n"] async for one in method(channel, "Echo")(iter([struct(n=1)]))] == [1]

    say, count, join, echo = captured.exchanges
    assert (say.response.headers, say.response.trailers) == ((("x-first", "f"),), (("x-trailer", "t"),))
    assert (lines(say.request.body), lines(say.response.body)) == ([{"name": "ada"}], [{"you": "ada"}])
    assert say.call_site.source.strip().endswith("# the call")
    assert lines(count.response.body) == [{"n": 0}, {"n": 1}]
    assert (lines(join.request.body), lines(echo.response.body)) == ([{"part": "a"}, {"part": "b"}], [{"n": 1}])
    assert {one.body_state for one in captured.exchanges} == {"complete"}
    captured.recorder.finish()
    assert fold(captured.events).uncaptured == ()


FAILURES = [
    ("", {"fail": 1}, "NOT_FOUND", FailureKind.STATUS, "answered NOT_FOUND: no such thing"),
    ("", {"busy": 1}, "UNAVAILABLE", FailureKind.STATUS, "answered UNAVAILABLE: try later"),
    ("", {"wait": 1}, "DEADLINE_EXCEEDED", FailureKind.TIMEOUT, "did not respond within the request"),
    ("127.0.0.1:1", {}, "UNAVAILABLE", FailureKind.REFUSED, "nothing listens at 127.0.0.1:1"),
    (
        "nowhere.invalid:50051",
        {},
        "UNAVAILABLE",
        FailureKind.NAME_NOT_FOUND,
        "the host nowhere.invalid:50051 was not",
    ),
]


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(("host", "fields", "status", "kind", "words"), FAILURES)
def test_each_failure_is_one_exchange(captured, target, host, fields, status, kind, words, asynchronous) -> None:
    limit = 0.3 if kind is FailureKind.TIMEOUT else 20

    async def ask() -> None:
        async with grpc.aio.insecure_channel(host or target) as channel:
            await method(channel, "Say")(struct(name="a", **fields), timeout=limit)

    with pytest.raises(grpc.RpcError) as raised:
        if asynchronous:
            asyncio.run(ask())
        else:
            with grpc.insecure_channel(host or target) as channel:
                method(channel, "Say")(struct(name="a", **fields), timeout=limit)

    assert raised.value.code().name == status
    assert (captured.one.error.type, captured.one.error.kind) == (status, kind)
    assert (captured.one.body_state == "complete") is (kind is FailureKind.STATUS)
    assert words in plain(sentence(*network.reason(captured.one)))


def test_a_call_names_the_proxy_that_its_core_asks(captured, target, monkeypatch) -> None:
    through = ProxyServer(f"http://{target}")
    monkeypatch.setenv("http_proxy", f"http://ada:secret@{through.address}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for host, proxy in (("api.example.com:50051", through.address), (target, "")):
        with grpc.insecure_channel(host) as channel:
            assert method(channel, "Say")(struct(name="ada"), timeout=10)["you"] == "ada"
        assert captured.exchanges[-1].proxy == proxy
    through.close()
    assert through.asked == ["CONNECT api.example.com:50051"]
    rejecting = ProxyServer(f"http://{target}", refuses=True)
    monkeypatch.setenv("http_proxy", f"http://{rejecting.address}")
    with grpc.insecure_channel("other.example.com:50051") as channel, pytest.raises(grpc.RpcError):
        method(channel, "Say")(struct(name="ada"), timeout=10)
    rejecting.close()
    error = captured.exchanges[-1].error
    assert (error.kind, error.phase) == (FailureKind.PROXY, "connect")


@each_case(
    "proxy, excepted, found",
    [
        ("http://u:p@p.example:8080", "", "p.example:8080"),
        ("p.example:8080", "other.example", "p.example:8080"),
        ("http://p.example", "", "p.example:80"),
        ("https://p.example:8080", "", ""),
        ("http://p.example:port", "", ""),
        ("http://p.example:8080", "api.example.com", ""),
        ("http://p.example:8080", "a.b, .example.com", ""),
        ("http://p.example:8080", "le.com", "p.example:8080"),
        ("http://p.example:8080", "10.0.0.0/8,x/9", "p.example:8080"),
    ],
)
def test_the_proxy_of_the_core(proxy: str, excepted: str, found: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("https_proxy", raising=False)
        patch.setenv("http_proxy", proxy)
        patch.setenv("no_proxy", excepted)
        assert proxy_of("grpcs://api.example.com:443") == found
        patch.setenv("no_grpc_proxy", "10.0.0.0/8")
        assert proxy_of("grpc://10.1.2.3:50051") == ""


def test_connections_of_a_release_without_the_hook_are_named(target, monkeypatch) -> None:
    seen = Captured()
    capture = Capture(seen.recorder)
    monkeypatch.delattr(grpc, "intercept_channel")
    capture.install()
    try:
        with grpc.insecure_channel(target) as channel:
            assert method(channel, "Say")(struct(name="ada"))["you"] == "ada"
            seen.recorder.finish()
    finally:
        capture.uninstall()
    assert seen.notes == ["grpc.intercept_channel is missing in the imported release: its requests are not captured."]
    assert (target, "grpc") in {(one.host, one.library) for one in fold(seen.events).uncaptured}


def policy(attempts: object, **more: object) -> list[tuple[str, object]]:
    waits = {"initialBackoff": "0.01s", "maxBackoff": "0.01s", "backoffMultiplier": 1}
    retries = {"maxAttempts": attempts, "retryableStatusCodes": ["UNAVAILABLE"], **waits}
    config = json.dumps({"methodConfig": [{"name": [{"service": "lab.Lab"}], "retryPolicy": retries}]})
    return [("grpc.service_config", config), *more.items()]


def test_attempts_of_the_core_are_told_of_as_far_as_they_are_known(captured, target) -> None:
    async def say_async() -> None:
        async with grpc.aio.insecure_channel(target, options=policy(3)) as channel:
            with pytest.raises(grpc.RpcError):
                await method(channel, "Say")(struct(busy=1))

    with grpc.insecure_channel(target, policy(3)) as channel, pytest.raises(grpc.RpcError):
        method(channel, "Say")(struct(busy=1))
    asyncio.run(say_async())
    assert [one.error.type for one in captured.exchanges] == ["UNAVAILABLE"] * 2
    (note,) = captured.notes
    assert note.startswith(f"gRPC may send a call to {target} up to 3 times, by the retry policy of its channel.")


@each_case(
    ("options", "most"),
    [
        ([], 1), (policy(2), 2), (policy(9), 5), (policy("x"), 1), (policy(3, **{"grpc.enable_retries": 0}), 1),
        ([("grpc.service_config", "{}")], 1), ([("grpc.service_config", "no JSON")], 1), (["odd"], 1), (None, 1),
    ],
)  # fmt: skip
def test_the_retry_policy_of_a_channel(options: object, most: int) -> None:
    assert most_attempts((options,), {}) == most_attempts((), {"options": options}) == most
