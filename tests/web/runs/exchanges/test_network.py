"""What the headline says where no whole answer came."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.case_tables import each_case
from workbench.domain import ErrorInfo, ExchangeError, FailureKind, Status
from workbench.explain import headline
from workbench.explain.http import network
from workbench.explain.text import plain
from workbench.web.runs.exchanges.exchange_detail import detail

type Tell = Callable[..., Any]

ASKED = "GET h.example:99/test failed in api_fetch.py:20: "
ALL = "Cannot connect to host h.example:99 ssl:default "
LATE = "within the request’s timeout."


def told(story: Any) -> str:
    return plain(headline.tell(story.now))


@pytest.mark.parametrize(
    ("phase", "kind", "message", "why"),
    [
        ("dns", "ClientConnectorDNSError", ALL + "[Name or service not known]", "the host h.example:99 was not found."),
        ("connect", "ClientConnectorError", ALL + "[Connect call failed]", "nothing listens at h.example:99."),
        ("connect", "ClientConnectorError", ALL + "[No route]", "no connection to h.example:99 (No route)."),
        ("connect", "ConnectionTimeoutError", "", f"h.example:99 did not accept the connection {LATE}"),
        (
            "tls",
            "ClientConnectorSSLError",
            ALL + "[[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1020)]",
            "h.example:99 does not use HTTPS; its URL may start with http://.",
        ),
        (
            "tls",
            "ClientConnectorSSLError",
            ALL + "[[SSL] tlsv1 alert no application protocol (_ssl.c:1020)]",
            "h.example:99 supports none of the HTTP versions that were offered.",
        ),
        (
            "tls",
            "ClientConnectorCertificateError",
            ALL + "[[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1020)]",
            "the certificate of h.example:99 was not accepted: it is signed by itself, not by an authority.",
        ),
        ("wait", "ServerDisconnectedError", "gone", "h.example:99 closed the connection without a response."),
        ("wait", "TimeoutError", "", f"h.example:99 did not respond {LATE}"),
        ("receive", "ClientPayloadError", "short", "h.example:99 closed the connection in the middle of its response."),
        ("receive", "TimeoutError", "", f"h.example:99 did not send its whole response {LATE}"),
    ],
)
def test_each_phase_has_words_of_its_own(tell: Tell, phase: str, kind: str, message: str, why: str) -> None:
    cut = ExchangeError(kind, message, phase)
    story = tell().started().exchange(status=None, error=cut, url="http://h.example:99/test")
    story.finished(Status.FAILED, error=story.error(f"aiohttp.{kind}", message, 20))
    assert told(story) == ASKED + why
    (exchange,) = story.now.outcome.exchanges
    assert network.ended_by(exchange, Status.FAILED) == (why if why.startswith("h.") else why[0].upper() + why[1:])
    assert network.raised(exchange) == (f"{kind}: {message}" if message else kind)


def test_a_certificate_that_is_not_trusted_names_the_variable_that_helps(tell: Tell) -> None:
    message = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1020)"
    cut = ExchangeError("SSLError", message, "tls", FailureKind.CERTIFICATE)
    story = tell().started().exchange(status=None, error=cut, url="http://h.example:99/test")
    story.finished(Status.FAILED, error=story.error("aiohttp.SSLError", message, 20))
    assert told(story).endswith("by an authority. To trust it, set SSL_CERT_FILE to a file with its certificate.")


def test_a_certificate_behind_a_proxy_and_in_the_words_of_urllib3(tell: Tell) -> None:
    message = "hostname '127.0.0.1' doesn't match 'other.example'."
    cut = ExchangeError("SSLError", message, "tls", FailureKind.CERTIFICATE)
    story = tell().started().exchange(status=None, error=cut, url="http://h.example:99/test")
    story.exchange(url="http://h.example:99/", method="CONNECT")
    story.finished(Status.FAILED, error=story.error("aiohttp.SSLError", message, 20))
    why = "the certificate of h.example:99 was not accepted: it is for another host."
    assert told(story) == ASKED + why


@pytest.mark.parametrize(
    ("phase", "kind", "message", "why"),
    [
        (
            "connect", FailureKind.PROXY, "Tunnel connection failed: 407 Proxy Authentication Required",
            "the proxy p.example:80 did not connect to h.example:99 (407 Proxy Authentication Required). "
            "Put the user and the password into its URL: http://USER:PASSWORD@HOST:PORT.",
        ),
        ("connect", FailureKind.REFUSED, "", "nothing listens at the proxy p.example:80."),
        ("dns", FailureKind.NAME_NOT_FOUND, "", "the proxy p.example:80 was not found."),
        ("tls", FailureKind.DISCONNECTED, "", "the proxy p.example:80 closed the connection without a response."),
    ],
)  # fmt: skip
def test_what_fails_at_a_proxy_names_it(tell: Tell, phase: str, kind: FailureKind, message: str, why: str) -> None:
    """The CONNECT that failed first, or after it, is not what the handler asked for."""
    cut = ExchangeError("OSError", message, phase, kind)
    failed = {"status": None, "error": cut, "proxy": "p.example:80"}
    story = tell().started().exchange(url="http://h.example:99/test", **failed)
    story.exchange(url="https://h.example:99/", method="CONNECT", **failed)
    story.finished(Status.FAILED, error=story.error("aiohttp.OSError", message, 20))
    assert told(story) == ASKED + why


def test_a_request_that_was_under_way_when_the_process_ended(tell: Tell) -> None:
    (exchange,) = tell().started().exchange(status=None).now.outcome.exchanges
    open_one = replace(exchange, error=None, ended_at=None)
    assert network.ended_by(open_one, None) == ""
    assert network.ended_by(open_one, Status.TIMED_OUT) == "Cut off by the time limit."
    assert network.ended_by(open_one, Status.CRASHED) == "Cut off by the end of the process."


def test_what_is_no_url_is_said(tell: Tell) -> None:
    cut = ExchangeError("InvalidUrlClientError", "nonsense", "request")
    story = tell().started().exchange(status=None, error=cut, url="nonsense")
    story.finished(Status.FAILED, error=story.error("aiohttp.InvalidUrlClientError", "nonsense", 20))
    assert told(story).endswith("failed in api_fetch.py:20: nonsense is not a valid URL.")


@each_case(
    "error, why",
    [
        (
            ExchangeError("InvalidHeader", "Invalid header value", "request", FailureKind.INVALID_REQUEST),
            "aiohttp did not send it (Invalid header value).",
        ),
        (
            ExchangeError("KeyError", "'id'", "send", FailureKind.OTHER),
            "only a part of it was sent (KeyError: 'id').",
        ),
        (
            ExchangeError("PoolTimeout", "", "connect", FailureKind.TIMEOUT),
            "no connection to h.example was free in time: all those of the client's pool were in use.",
        ),
    ],
)
def test_a_request_that_was_not_sent(tell: Tell, error: ExchangeError, why: str) -> None:
    story = tell().started().exchange(status=None, error=error, url="http://h.example/test")
    story.finished(Status.FAILED, error=story.error(f"x.{error.type}", error.message, 20))
    assert told(story).endswith(f"failed in api_fetch.py:20: {why}")


def test_every_attempt_of_the_call_is_counted(tell: Tell) -> None:
    cut = ExchangeError("ServerDisconnectedError", "", "wait")
    story = tell().started()
    for attempt in (1, 2, 3):
        story.exchange(status=None, error=cut, url="http://127.0.0.1:1/test", group=7, attempt=attempt)
    story.finished(Status.FAILED, error=story.error("aiohttp.ServerDisconnectedError", "", 20))
    assert told(story).startswith("GET /test failed after 3 attempts in api_fetch.py:20: ")


def test_a_timeout_of_the_handlers_own_names_the_request_that_it_cut(tell: Tell) -> None:
    cut = ExchangeError("CancelledError", "", "wait")
    story = tell().started().exchange(status=None, error=cut, url="http://h.example/slow")
    error = story.error("builtins.TimeoutError", "", 10, causes=[ErrorInfo("builtins.OSError", "x")])
    story.finished(Status.FAILED, error=error)
    assert told(story) == "TimeoutError in api_fetch.py:10 during GET h.example/slow, caused by OSError: x."


def test_an_error_of_the_handlers_own_after_a_failed_request_is_told_itself(tell: Tell) -> None:
    cut = ExchangeError("ServerDisconnectedError", "", "wait")
    story = tell().started().exchange(status=None, error=cut)
    story.finished(Status.FAILED, error=story.error("builtins.ValueError", "no luck", 20))
    assert told(story) == "ValueError: no luck in api_fetch.py:20."


def test_a_websocket_that_a_replay_does_not_open(tell: Tell) -> None:
    message = "WebSockets are not replayed, so ws://h.example/a was not opened. Run with live answers."
    error = ExchangeError("NoRecordedAnswer", message, "wait", FailureKind.OTHER)
    story = tell().started().exchange(status=None, error=error, url="ws://h.example/a")
    story.finished(Status.SUCCEEDED)
    assert "failed: WebSockets are not replayed, so ws://h.example/a was not opened." in told(story)


def test_a_status_of_grpc_is_an_answer_and_no_lost_connection(tell: Tell) -> None:
    error = ExchangeError("NOT_FOUND", "no such thing", "receive", FailureKind.STATUS)
    run = tell().started().exchange(error=error, body=b"").finished(Status.SUCCEEDED).now
    shown = detail(run, run.outcome.exchanges[0])
    assert (shown.pill.text, shown.raised) == ("NOT_FOUND", "")
    assert shown.error == "127.0.0.1:8771 answered NOT_FOUND: no such thing."
    assert shown.response is not None
    assert shown.response.body.notes == ()
