"""WebSockets of websocket-client: each handshake is an exchange, with the messages of both directions."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import websocket
from websockets.sync.server import ServerConnection, serve

from tests.worker.capture.conftest import Captured, broken_capture
from tests.worker.capture.proxy_server import ProxyServer
from tests.worker.capture.websockets.test_websockets import messages
from tests.worker.peer.test_libraries import engine
from workbench.domain import FailureKind
from workbench.events import fold
from workbench.worker.capture import Capture
from workbench.worker.peer.reply import NoRecordedAnswer


def talk(connection: ServerConnection) -> None:
    for message in connection:
        if message == "drop":
            connection.socket.shutdown(socket.SHUT_RDWR)
        elif message == "leave":
            connection.close(4001, "enough")
        else:
            connection.send(message if isinstance(message, bytes) else [message[:2], message[2:]])


def answer(connection: ServerConnection, request):
    response = connection.respond(403 if request.path == "/no" else 302, "Not for you.\n")
    response.headers["Location"] = f"ws://{request.headers['Host']}/talk"
    return None if request.path == "/talk" else response


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(talk, "127.0.0.1", 0, process_request=answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def test_a_websocket_is_one_exchange(captured, url) -> None:
    connection = websocket.create_connection(f"{url}/talk", header={"X-Own": "1"})  # the line
    connection.send("héllo")
    assert connection.recv() == "héllo"
    connection.send_binary(b"\x00\x01")
    connection.recv()
    connection.close()

    one = captured.one
    assert (one.library, one.request.method, one.request.url) == ("websocket-client", "GET", f"{url}/talk")
    assert one.request.headers[0] == ("Upgrade", "websocket")
    assert one.request.headers[-1] == ("X-Own", "1")
    assert (one.response.status, one.response.reason) == (101, "Switching Protocols")
    assert ("Upgrade", "websocket") in one.response.headers
    assert messages(one) == [
        {"sent": "héllo"},
        {"received": "héllo"},
        {"sent": {"base64": "AAE="}},
        {"received": {"base64": "AAE="}},
        {"closed": 1000, "reason": "", "by": "handler"},
    ]
    assert (one.body_state, one.error, one.timings.connect is not None) == ("complete", None, True)
    assert one.call_site.source.strip().endswith("# the line")
    assert not fold(captured.events).uncaptured


def test_a_redirect_is_an_attempt_of_its_own_and_the_server_may_close(captured, url) -> None:
    connection = websocket.create_connection(f"{url}/moved")
    connection.send("leave")
    connection.recv()
    moved, one = captured.exchanges
    assert (moved.response.status, moved.body_state, one.group, one.attempt) == (302, "complete", moved.group, 2)
    assert messages(one) == [{"sent": "leave"}, {"closed": 4001, "reason": "enough", "by": "server"}]
    assert one.body_state == "complete", "though nothing closes it here"
    connection.shutdown()


def test_a_handshake_that_the_server_rejects(captured, url) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as raised:
        websocket.create_connection(f"{url}/no")
    one, is_read = captured.one, hasattr(raised.value, "resp_body")  # not by early releases
    assert (one.response.status, one.body_state) == (403, "complete")
    assert one.response.body == (b"Not for you.\n" if is_read else b"")
    assert one.error is None


def test_an_app_in_a_thread(captured, url) -> None:
    app = websocket.WebSocketApp(
        f"{url}/talk", on_open=lambda app: app.send("hello"), on_message=lambda app, _: app.close()
    )
    thread = threading.Thread(target=app.run_forever)
    thread.start()  # the line
    thread.join()
    assert messages(captured.one)[:2] == [{"sent": "hello"}, {"received": "hello"}]
    assert captured.one.body_state == "complete"
    assert captured.one.call_site.source.strip().endswith("# the line")


def test_each_failure_is_one_exchange(captured, url, certificate, unused_tcp_port) -> None:
    secure = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with secure, secure.accept()[0] as connection, suppress(OSError):
            certificate[0].wrap_socket(connection, server_side=True)

    server = threading.Thread(target=accept)
    server.start()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cases = {
            f"ws://127.0.0.1:{unused_tcp_port}/a": ("connect", FailureKind.REFUSED),
            "ws://nowhere.invalid/b": ("dns", FailureKind.NAME_NOT_FOUND),
            f"ws://127.0.0.1:{silent.getsockname()[1]}/c": ("wait", FailureKind.TIMEOUT),
            f"wss://127.0.0.1:{secure.getsockname()[1]}/d": ("tls", FailureKind.CERTIFICATE),
            "nope://127.0.0.1/e": ("request", FailureKind.INVALID_REQUEST),
        }
        for each in cases:
            with pytest.raises((OSError, ValueError, websocket.WebSocketException)):
                websocket.create_connection(each, timeout=0.2 if each.endswith("/c") else 20)
    server.join()
    assert {one.request.url: (one.error.phase, one.error.kind) for one in captured.exchanges} == cases
    assert len(captured.exchanges) == len(cases)
    assert not fold(captured.events).uncaptured


def test_a_connection_that_is_dropped(captured, url) -> None:
    connection = websocket.create_connection(f"{url}/talk")
    connection.send("drop")
    with pytest.raises(websocket.WebSocketConnectionClosedException):
        connection.recv()
    assert messages(captured.one) == [{"sent": "drop"}]
    assert (captured.one.error.phase, captured.one.error.kind) == ("receive", FailureKind.CUT)


def test_a_proxy_is_named_and_its_connect_is_an_exchange(captured, url, monkeypatch) -> None:
    proxy = ProxyServer(url.replace("ws:", "http:"))
    monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    websocket.create_connection("ws://api.example.com/talk").close()
    proxy.close()
    assert proxy.asked == ["CONNECT api.example.com:80"]
    found = {one.request.method: one for one in captured.exchanges}
    assert {one.proxy for one in found.values()} == {proxy.address}
    assert (found["CONNECT"].response.status, found["GET"].response.status) == (200, 101)


class OwnSocket:
    """A socket of the integration's own, to which nothing refers weakly."""

    __slots__ = ("_socket",)

    def __init__(self, made: socket.socket) -> None:
        self._socket = made

    def __getattr__(self, name: str) -> object:
        return getattr(self._socket, name)


def test_a_socket_that_cannot_be_followed_is_noted_and_its_messages_go_on(url) -> None:
    seen = Captured()
    capture = Capture(seen.recorder)
    capture.install()
    try:
        address = url.removeprefix("ws://").split(":")
        own = OwnSocket(socket.create_connection((address[0], int(address[1]))))
        connection = websocket.create_connection(f"{url}/talk", socket=own)
        connection.send("hello")
        assert connection.recv() == "hello"
        connection.close()
    finally:
        capture.uninstall()
    assert any("weak reference" in note for note in seen.notes)


def test_a_websocket_is_not_replayed(captured, url) -> None:
    captured.recorder.answers = engine(())
    with pytest.raises(NoRecordedAnswer, match="WebSockets are not replayed"):
        websocket.create_connection(f"{url}/talk")
    assert len(captured.exchanges) == 1


@pytest.mark.parametrize("broken", ["websockets.frames.messages.sent", "recorder.Recorder.begin"])
def test_a_capture_that_fails_is_noted_and_the_messages_go_on(url, broken) -> None:
    with broken_capture(broken):
        connection = websocket.create_connection(f"{url}/talk")
        connection.send("hello")
        assert connection.recv() == "hello"
        connection.close()
