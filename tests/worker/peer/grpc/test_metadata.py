"""A replay gives the metadata of a gRPC response where the server gave it: first, or with the status at the end."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import grpc.aio
import pytest
from google.protobuf.struct_pb2 import Struct

from tests.worker.capture.grpc.test_calls import struct
from tests.worker.peer.test_libraries import engine
from workbench.domain import AnswerSource, OnUnmatched, Replacement, Rule, RuleAction, RuleMatch

KINDS = {"One": "unary_unary", "Many": "unary_stream", "Joined": "stream_unary", "Both": "stream_stream"}
DETAILS = b"\x08\x05\x12\x07\xe9\x00 rich"


def answer(request: object, context: grpc.ServicerContext) -> Struct:
    context.send_initial_metadata((("x-first", "f"), ("first-bin", b"\x00\xff")))
    return end(request if isinstance(request, Struct) else [*request][-1], context)


def answers(request: object, context: grpc.ServicerContext) -> Iterator[Struct]:
    context.send_initial_metadata((("x-first", "f"), ("first-bin", b"\x00\xff")))
    yield struct(n=1)  # without which grpc.aio may lose what came first, where an error follows at once
    yield end(request if isinstance(request, Struct) else [*request][-1], context)


def end(given: Struct, context: grpc.ServicerContext) -> Struct:
    context.set_trailing_metadata((("x-last", "1"), ("x-last", "2"), ("grpc-status-details-bin", DETAILS)))
    if given["n"] == 2:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not yet")
    return struct(n=1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadPoolExecutor(2) as pool:
        made = grpc.server(pool)
        handlers = {
            name: getattr(grpc, f"{kind}_rpc_method_handler")(
                answers if kind.endswith("stream") else answer, Struct.FromString, Struct.SerializeToString
            )
            for name, kind in KINDS.items()
        }
        made.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("lab.Lab", handlers),))
        port = made.add_insecure_port("127.0.0.1:0")
        made.start()
        yield f"127.0.0.1:{port}"
        made.stop(None).wait()


def asked(channel, name: str, number: int) -> tuple[object, object]:
    """What calls a method, and the request that it takes."""
    kind = KINDS[name]
    call = getattr(channel, kind)(f"/lab.Lab/{name}", Struct.SerializeToString, Struct.FromString)
    return call, iter([struct(n=number)]) if kind.startswith("stream") else struct(n=number)


def pairs(metadata) -> list[tuple[str, str | bytes]]:
    return [(key, value) for key, value in metadata]


def blocking(host: str) -> list[object]:
    found: list[object] = []
    with grpc.insecure_channel(host) as channel:
        for name, kind in KINDS.items():
            for number in (1, 2):
                call, request = asked(channel, name, number)
                given = call(request) if kind.endswith("stream") else call.future(request)
                try:
                    found += [one["n"] for one in given] if kind.endswith("stream") else [given.result()["n"]]
                except grpc.RpcError as error:
                    found += [pairs(error.initial_metadata()), pairs(error.trailing_metadata()), error.code()]
                first = given.initial_metadata()
                found += [pairs(first), first[0].key, pairs(given.trailing_metadata()), given.code(), given.details()]
    return found


async def asynchronous(host: str) -> list[object]:
    found: list[object] = []
    async with grpc.aio.insecure_channel(host) as channel:
        for name, kind in KINDS.items():
            for number in (1, 2):
                call, request = asked(channel, name, number)
                given = call(request)
                try:
                    found += [one["n"] async for one in given] if kind.endswith("stream") else [(await given)["n"]]
                except grpc.RpcError as error:
                    found += [pairs(error.initial_metadata()), pairs(error.trailing_metadata()), error.code()]
                found += [pairs(await given.initial_metadata()), pairs(await given.trailing_metadata())]
                found += [await given.code(), await given.details()]
    return found


WAYS = {"blocking": blocking, "asynchronous": lambda host: asyncio.run(asynchronous(host))}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_metadata_and_status_of_all_kinds_of_calls(captured, server, way) -> None:
    live = way(server)
    recorded = captured.exchanges
    shown = (("x-first", "f"), ("first-bin", "AP8=")), ("grpc-status-details-bin", "CAUSB+kAIHJpY2g=")
    assert [(one.response.headers, one.response.trailers[-1]) for one in recorded] == [shown] * 8
    captured.events.clear()

    captured.recorder.answers = engine(recorded)
    assert way(server) == live
    replayed = captured.exchanges
    assert [one.origin.source for one in replayed] == [AnswerSource.RECORDING] * 8
    assert [one.response for one in replayed] == [one.response for one in recorded]
    captured.recorder.answers = engine((), on_unmatched=OnUnmatched.LIVE)
    assert way(server) == live
    same = Rule("same", RuleAction.REPLACE, RuleMatch(), pointer="/n", replacement=Replacement.VALUE, value="1")
    captured.recorder.answers = engine((), source=AnswerSource.LIVE, rules=(same,))
    assert way(server) == live
    assert [one.response.trailers for one in captured.exchanges] == [one.response.trailers for one in recorded] * 3
