"""Every event and command survives the wire, however the bytes arrive; what is no frame is refused."""

import json
import struct
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_tables import each_case
from workbench.domain import ErrorInfo, ExchangeError, FailureKind, Frame, Returned, RunRequest, Status, Timings
from workbench.events import (
    Assign,
    Cancel,
    ExchangeEnded,
    ExchangeStarted,
    FrameReader,
    HandlerFinished,
    HandlerReturned,
    RequestBodySent,
    RequestSent,
    ResponseBodyReceived,
    ResponseStarted,
    WireError,
    decode,
    encode,
    exchange_parts,
)
from workbench.events import wire as wire_module
from workbench.events.exchange_parts import encode_parts
from workbench.events.wire import frame_of_parts

from .conftest import KINDS, values_of

messages = st.sampled_from(KINDS).flatmap(values_of)


@each_case("kind", KINDS)
def test_every_kind_comes_out_as_it_went_in(kind) -> None:
    @given(values_of(kind))
    @settings(max_examples=settings().max_examples // 4)
    def check(message) -> None:
        back = decode(encode(message))
        assert back == message
        assert type(back) is type(message)
        assert repr(back) == repr(message)  # 1 and 1.0 and True are equal, and must not be mixed up

    check()


@given(st.lists(messages, max_size=5), st.lists(st.integers(1, 40), min_size=1, max_size=20))
def test_frames_are_cut_out_of_any_pieces(sent, sizes) -> None:
    stream = b"".join(map(encode, sent))
    reader, got, position, turn = FrameReader(), [], 0, 0
    while position < len(stream):
        size = sizes[turn % len(sizes)]
        got += reader.feed(stream[position : position + size])
        position, turn = position + size, turn + 1
    assert got == sent


def test_bodies_travel_as_they_are() -> None:
    body = bytes(range(256)) * 100
    frame = encode(RequestBodySent(1.0, 1, len(body), body))
    assert frame.endswith(body)
    assert len(frame) < len(body) + 150


def test_the_head_of_a_frame_is_what_the_docs_say() -> None:
    frame = encode(RequestBodySent(1.5, 2, 7, b"abc"))
    total, head = struct.unpack(">II", frame[:8])
    assert total == len(frame) - 4
    assert json.loads(frame[8 : 8 + head]) == {
        "type": "RequestBodySent",
        "fields": {"at": 1.5, "exchange": 2, "size": 7, "data": 3},
    }


def test_headers_and_absent_values_keep_their_types() -> None:
    sent = RequestSent(0.0, 1, "GET", "1.1", (("A", "1"), ("a", "2")), None)
    assert decode(encode(sent)) == sent
    ended = decode(encode(ExchangeEnded(0.0, 1, Timings(dns=1.0), "complete")))
    assert isinstance(ended, ExchangeEnded)
    assert (ended.timings.dns, ended.timings.tls, ended.error) == (1.0, None, None)


def frame(body: object, tail: bytes = b"") -> bytes:
    head = json.dumps(body).encode()
    return struct.pack(">II", 4 + len(head) + len(tail), len(head)) + head + tail


@each_case(
    "wrong",
    [
        frame({"type": "NoSuchEvent", "fields": {}}),
        frame({"type": "Cancel"}),
        frame({"type": "CaptureNoted", "fields": {"at": 1.0}}),
        frame({"type": "RequestBodySent", "fields": {"at": 1.0, "exchange": 1, "size": 9, "data": 9}}, b"short"),
        frame({"type": "RequestBodySent", "fields": {"at": 1.0, "exchange": 1, "size": 9, "data": -1}}, b"short"),
        frame({"type": "HangLocated", "fields": {"at": 1.0, "frames": [{"file": "x"}]}}),
        frame({"type": "IntegrationLoaded", "fields": {"at": 1.0, "actions": 7, "triggers": [], "account": False}}),
        frame(
            {
                "type": "ResponseStarted",
                "fields": {
                    "at": 1.0,
                    "exchange": 1,
                    "status": 200,
                    "reason": "",
                    "http_version": "",
                    "headers": [["a", "b", "c"]],
                },
            }
        ),
        frame({"type": "StopRequested", "fields": {"at": 1.0, "reason": "bored"}}),
        frame({"type": "Assign", "fields": {"request": None}}),
        frame([1, 2]),
        struct.pack(">II", 7, 3) + b"{}}",
        struct.pack(">II", 200_004, 200_000) + b"[" * 200_000,
        struct.pack(">II", 7, 3) + b"\xff\xfe\xfd",
    ],
)
def test_what_is_no_frame_is_refused(wrong) -> None:
    with pytest.raises(WireError):
        list(FrameReader().feed(wrong))


STARTED = (exchange_parts.STARTED, 1.0, 1, 1, 1, "http.client", "GET", "http://a/", None, "")
ENDED = (exchange_parts.ENDED, 2.0, 1, None, 0.5, None, 1.0, 2.0, 4.0, "complete", None, None)


def test_the_parts_of_exchanges_come_out_as_events() -> None:
    site, failure = Frame("a.py", 3, "go", "get()", 3), ExchangeError("E", "no", "wait", FailureKind.TIMEOUT)
    parts = [
        (*STARTED[:8], site, "proxy:1"),
        (exchange_parts.REQUEST_HEAD, 1.0, 1, b"GET /x HTTP/1.1\r\nA: \xe9\r\nb: 1\r\n\r\n", True),
        (exchange_parts.REQUEST, 1.0, 1, "GET", "2", ((b"A", b"\xc3\xa9"), ("b", "1")), None),
        (exchange_parts.REQUEST_BODY, 1.0, 1, 2, b"{}"),
        (exchange_parts.RESPONSE_HEAD, 1.5, 1, b"HTTP/1.1 404 Not Found\r\nA: b\r\n c\r\n\r\n"),
        (exchange_parts.RESPONSE, 1.5, 1, 200, "Où", "1.1", ((b"A", b"\xe9"), ("b", b"\xc3\xa9")), ("",)),
        (exchange_parts.RESPONSE_BODY, 1.5, 1, 9, b"abc"),
        (*ENDED[:10], failure, 7, ((b"a-bin", b"AA=="),)),
    ]
    assert list(FrameReader().feed(frame_of_parts(encode_parts(parts)))) == [
        ExchangeStarted(1.0, 1, 1, 1, "http.client", "GET", "http://a/", site, "proxy:1"),
        RequestSent(1.0, 1, "GET", "1.1", (("A", "\xe9"), ("b", "1")), True),
        RequestSent(1.0, 1, "GET", "2", (("A", "\xe9"), ("b", "1")), None),
        RequestBodySent(1.0, 1, 2, b"{}"),
        ResponseStarted(1.5, 1, 404, "Not Found", "1.1", (("A", "b c"),)),
        ResponseStarted(1.5, 1, 200, "Où", "1.1", (("A", "é"), ("b", "é")), ("", "a")),
        ResponseBodyReceived(1.5, 1, 9, b"abc"),
        ExchangeEnded(2.0, 1, Timings(None, 0.5, None, 1.0, 2.0, 4.0), "complete", failure, 7, (("a-bin", "AA=="),)),
    ]


BEGUN = (1, 2, "http.client", "", "http://a:1", None, "")
SENT = (exchange_parts.SENT, 1.25, 1, 1.0, True, b"POST /x HTTP/1.1\r\nA: 1\r\n\r\n", b"{}", BEGUN)
ANSWERED = (exchange_parts.ANSWERED, 1.5, 1, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nabc", 3, 1.0, 1.25, 2.0, {"connect": 0.5})


def test_a_short_exchange_is_two_parts() -> None:
    assert list(FrameReader().feed(frame_of_parts(encode_parts([SENT, ANSWERED])))) == [
        ExchangeStarted(1.0, 1, 1, 2, "http.client", "POST", "http://a:1/x", None, ""),
        RequestSent(1.25, 1, "POST", "1.1", (("A", "1"),), True),
        RequestBodySent(1.25, 1, 2, b"{}"),
        ResponseStarted(1.5, 1, 200, "OK", "1.1", (("A", "b"),)),
        ResponseBodyReceived(1.5, 1, 3, b"abc"),
        ExchangeEnded(2.0, 1, Timings(None, 0.5, None, 250.0, 500.0, 1000.0), "complete", None, None),
    ]
    asked = (*SENT[:5], b"GET http://b/y HTTP/1.1\r\n\r\n", b"", BEGUN)  # of a proxy
    started, sent = FrameReader().feed(frame_of_parts(encode_parts([asked])))
    assert (started.url, started.proxy, sent.method) == ("http://b/y", "a:1", "GET")


@each_case(
    "wrong",
    [
        encode_parts([(*SENT[:7], BEGUN[:6])]),
        encode_parts([(*ANSWERED[:4], 99, *ANSWERED[5:])]),
        encode_parts([(*ANSWERED[:4], -1, *ANSWERED[5:])]),
        encode_parts([(*ANSWERED[:8], {"connect": "soon"})]),
        b"",
        b"\xc1",
        encode_parts([])[:-1] + b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        encode_parts([STARTED])[:-1],
        encode_parts([STARTED]) + b"\x00",
        encode_parts([(99, 1.0, 1)]),
        encode_parts([STARTED[:-1]]),
        encode_parts([(*STARTED, 1)]),
        encode_parts([(STARTED[0], float("nan"), *STARTED[2:])]),
        encode_parts([(STARTED[0], True, *STARTED[2:])]),
        encode_parts([(*STARTED[:7], b"bytes", None, "")]),
        encode_parts([(*STARTED[:8], {"file": 1}, "")]),
        encode_parts([(exchange_parts.REQUEST, 1.0, 1, "GET", "1.1", ((1, 2),), None)]),
        encode_parts([(exchange_parts.REQUEST, 1.0, 1, "GET", "1.1", (("a", "b", "c"),), None)]),
        encode_parts([(exchange_parts.RESPONSE_HEAD, 1.0, 1, b"SMTP ready")]),
        encode_parts([(*ENDED[:10], {"type": "E", "message": "", "phase": "", "kind": "bored"}, None)]),
    ],
)
def test_what_are_no_parts_of_exchanges_is_refused(wrong) -> None:
    with pytest.raises(WireError):
        list(FrameReader().feed(frame_of_parts(wrong)))


@pytest.mark.parametrize("total", [0, 3, wire_module.MAX_FRAME + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_refused_at_once(total) -> None:
    with pytest.raises(WireError, match=str(total)):
        list(FrameReader().feed(struct.pack(">II", total, 0)))


def test_a_frame_that_is_too_long_is_not_made(monkeypatch) -> None:
    monkeypatch.setattr(wire_module, "MAX_FRAME", 100)
    with pytest.raises(WireError, match="RequestBodySent"):
        encode(RequestBodySent(1.0, 1, 101, b"x" * 101))


@given(st.binary(max_size=60))
def test_noise_is_refused_or_waited_on(noise) -> None:
    reader = FrameReader()
    try:
        got = list(reader.feed(noise))
    except WireError:
        return
    assert got == []


def test_a_value_that_is_nested_too_deep_is_refused() -> None:
    deep: list[object] = []
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(WireError, match="HandlerReturned"):
        encode(HandlerReturned(1.0, Returned("list", deep)))


def test_commands_share_the_form() -> None:
    assert decode(encode(Cancel())) == Cancel()
    assert Assign.__annotations__["request"] is RunRequest


def test_an_event_is_sent_also_where_the_integration_has_emptied_the_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    event = HandlerFinished(1.0, Status.FAILED, error=ErrorInfo("E", "m", causes=(ErrorInfo("E", "m"),)))
    frame = encode(event)
    for known in (wire_module._dataclass_encoder, wire_module._encoder):
        known.cache_clear()
    monkeypatch.delitem(sys.modules, ErrorInfo.__module__)  # its causes name their own type as text
    assert encode(event) == frame
