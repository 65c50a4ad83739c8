"""Calls that are made again after they failed are attempts of one call."""

from dataclasses import replace

from workbench.domain import Exchange, ExchangeError, FailureKind, Frame, Request, Response
from workbench.events.repeated_calls import RepeatedCalls

SITE = Frame("a.py", 3)
FORM = (("Content-Type", "multipart/form-data; boundary=one"),)


def call(number: int, status: int = 200, **changes) -> Exchange:
    """The one exchange of the call with that number, which takes half a second from that second on."""
    request = Request("POST", "https://a.example/b", body=b"x")
    response = Response(status, "")
    exchange = Exchange(number, number, 1, "httpx", request, float(number), number + 0.5, response, call_site=SITE)
    return replace(exchange, **changes)


def places(*exchanges: Exchange) -> list[tuple[int, int]]:
    calls = RepeatedCalls()
    return [calls.place(exchange) for exchange in exchanges]


def test_the_same_request_after_a_failure_is_the_next_attempt() -> None:
    broken = ExchangeError("ConnectError", "no", "connect", FailureKind.REFUSED)
    assert places(call(1, 429), call(2, response=None, error=broken), call(3), call(4)) == [
        (1, 1), (1, 2), (1, 3), (4, 1),
    ]  # fmt: skip


def test_other_requests_are_calls_of_their_own() -> None:
    other = Request("POST", "https://a.example/b", body=b"y")
    cancelled = ExchangeError("CancelledError", "", "wait", FailureKind.CANCELLED)
    for after in (
        call(2, request=other),
        call(2, request=replace(other, url="https://a.example/c", body=b"x")),
        call(2, call_site=Frame("a.py", 4)),
        call(2, call_site=None),
        call(2, started_at=1.2),
    ):
        assert places(call(1, 500), after)[1] == (2, 1), after
    assert places(call(1, 404), call(2))[1] == (2, 1)
    assert places(call(1, response=None, error=cancelled), call(2))[1] == (2, 1)


def test_a_call_of_several_exchanges_is_repeated_as_a_whole() -> None:
    moved = Request("GET", "https://a.example/moved")
    assert places(
        call(1, 302),
        call(2, 503, group=1, attempt=2, request=moved),
        call(3, 302),
        call(4, group=3, attempt=2, request=moved),
        call(5),
    ) == [(1, 1), (1, 2), (1, 3), (1, 4), (5, 1)]


def test_the_boundary_of_a_form_is_no_difference() -> None:
    first = Request("POST", "https://a.example/b", headers=FORM, body=b"--one\r\n\r\nx\r\n--one--")
    again = replace(first, headers=(("Content-Type", "multipart/form-data; boundary=two"),))
    again = replace(again, body=first.body.replace(b"one", b"two"))
    assert places(call(1, 503, request=first), call(2, request=again)) == [(1, 1), (1, 2)]
