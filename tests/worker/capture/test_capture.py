"""The capture as a whole: it comes and goes without a trace, and its own failures stay its own."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator

import aiohttp
import httpx
import pytest
import requests
from aiohttp import client, client_proto, client_reqrep, connector, http_writer, web
from autohive_integrations_sdk import ExecutionContext

from tests.worker.capture.conftest import Captured
from tests.worker.capture.installed import AIOHTTP_WRITES_AT_ONCE
from workbench.domain import FailureKind
from workbench.events.exchange_parts import Part
from workbench.worker.capture import Capture, HookMissing
from workbench.worker.capture.failures import kind_of_failure
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import MAX_FAILURES

HOOKED = [
    (ExecutionContext, "fetch"),
    (client, "_RequestContextManager"),
    (client, "_SessionRequestContextManager"),
    (connector.TCPConnector, "_create_connection"),
    (client_reqrep.ClientRequest, "send"),
    (http_writer.StreamWriter, "_write"),
    (http_writer.StreamWriter, "enable_chunking"),
    (http_writer.StreamWriter, "enable_compression"),
    (client_proto.ResponseHandler, "data_received"),
    (client_proto.ResponseHandler, "close"),
]
if hasattr(connector, "aiohappyeyeballs"):  # releases before 3.10 open their sockets by themselves
    HOOKED.append((connector, "aiohappyeyeballs"))


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


def test_install_and_uninstall_are_symmetric(captured) -> None:
    here = [vars(owner)[name] for owner, name in HOOKED]
    second = Capture(captured.recorder)
    second.install(strict=True)
    assert all(vars(owner)[name] is not mine for (owner, name), mine in zip(HOOKED, here, strict=True))
    second.uninstall()
    assert [vars(owner)[name] for owner, name in HOOKED] == here


def test_nothing_is_hooked_without_a_capture() -> None:
    assert not [name for owner, name in HOOKED if "workbench" in str(getattr(vars(owner)[name], "__module__", ""))]


@pytest.mark.parametrize(("owner", "name"), HOOKED)
def test_a_missing_hook_is_loud_here_and_a_note_in_a_run(captured, monkeypatch, owner, name) -> None:
    before = {(one, other): vars(one)[other] for one, other in HOOKED if (one, other) != (owner, name)}
    monkeypatch.delattr(owner, name)
    second = Capture(captured.recorder)
    with pytest.raises(HookMissing, match=name):
        second.install(strict=True)
    second.uninstall()
    second.install()
    second.uninstall()

    assert {(one, other): vars(one)[other] for one, other in before} == before
    assert any(name in note and "not captured" in note for note in captured.notes)


def test_a_patch_is_undone_last_first() -> None:
    class Owner:
        value = 1

    patches = Patches()
    patches.replace(Owner, "value", lambda original: original + 1)
    patches.replace(Owner, "value", lambda original: original * 10)
    assert Owner.value == 20
    patches.undo()
    assert Owner.value == 1
    patches.replace(Owner, "value", lambda original: original + 1)
    with pytest.raises(HookMissing, match=r"Owner\.missing"):
        patches.replace(Owner, "missing", lambda original: original)
    assert Owner.value == 1, "all or nothing"


async def test_a_capture_that_fails_is_noted_and_the_request_goes_on(serve) -> None:
    class Failing(Captured):
        def _add(self, part: Part) -> None:
            raise ZeroDivisionError("no capture today")

    base, failing = await serve(hello), Failing()
    capture = Capture(failing.recorder)
    capture.install(strict=True)
    try:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):  # over a new connection, and over an open one
                async with session.get(base) as response:
                    assert await response.text() == "hello"
    finally:
        capture.uninstall()

    assert len(failing.notes) == MAX_FAILURES
    assert all("no capture today" in note for note in failing.notes)
    assert any("in write" in note for note in failing.notes) or not AIOHTTP_WRITES_AT_ONCE


def test_early_releases_of_aiohttp_drop_the_error_of_the_decoder() -> None:
    error = aiohttp.ClientPayloadError("400, message='Can not decode content-encoding: gzip'")
    assert kind_of_failure(error, "receive") is FailureKind.UNDECODABLE


def test_a_file_that_cannot_be_read_is_not_a_connection_that_ends() -> None:
    for error in (PermissionError(13, "Permission denied"), OSError("disk")):
        wrapped = requests.ConnectionError("Connection aborted.", error)
        assert kind_of_failure(wrapped, "send") is FailureKind.OTHER
        assert kind_of_failure(wrapped, "wait") is FailureKind.DISCONNECTED
    assert kind_of_failure(BrokenPipeError(32, "Broken pipe"), "send") is FailureKind.DISCONNECTED


def test_a_class_is_made_where_another_stands_in_for_its_base(captured, monkeypatch) -> None:
    base = http.client.HTTPConnection
    monkeypatch.setattr(http.client, "HTTPConnection", type("StandIn", (), {}))  # as vcrpy does

    class Own(base):
        def connect(self) -> None:
            super().connect()

    with pytest.raises(ConnectionRefusedError):
        Own("127.0.0.1", 1).request("GET", "/")
    assert captured.one.error.kind is FailureKind.REFUSED


def test_what_ends_a_task_of_another_framework_cancels() -> None:
    class GreenletExit(BaseException):  # as gevent has it, and trio its Cancelled
        pass

    class Timeout(BaseException):
        pass

    assert kind_of_failure(GreenletExit(), "wait") is FailureKind.CANCELLED
    assert kind_of_failure(Timeout(), "wait") is FailureKind.TIMEOUT


@pytest.mark.parametrize("phase", ["send", "wait"])
@pytest.mark.parametrize("text", ["Server disconnected without sending a response.", "<StreamReset stream_id:1>"])
def test_a_connection_that_ends_while_a_body_is_sent_is_closed(phase: str, text: str) -> None:
    assert kind_of_failure(httpx.RemoteProtocolError(text), phase) is FailureKind.DISCONNECTED


async def test_the_bodies_of_a_run_have_a_budget(captured, serve, monkeypatch) -> None:
    async def kilobyte(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 1000)

    base = await serve(kilobyte)
    captured.recorder.body_room = 1500
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.get(base) as response:
                assert len(await response.read()) == 1000

    assert [len(one.response.body) for one in captured.exchanges] == [1000, 500, 0]
    assert [one.response.size for one in captured.exchanges] == [1000] * 3
    assert len(captured.notes) == 1


async def test_fetch_is_still_a_coroutine_function(captured) -> None:
    import inspect

    assert inspect.iscoroutinefunction(ExecutionContext().fetch)
    assert ExecutionContext.fetch.__name__ == "fetch"


def test_a_session_in_a_thread_is_captured_too(captured) -> None:
    def work() -> None:
        async def ask() -> None:
            runner = web.ServerRunner(web.Server(hello))
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            async with aiohttp.ClientSession() as session:
                await (await session.get(f"http://127.0.0.1:{runner.addresses[0][1]}")).read()
            await runner.cleanup()

        asyncio.run(ask())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert captured.one.response.body == b"hello"


class Unspeakable(Exception):
    """An exception of an integration: whatever is asked of it raises another."""

    def __str__(self) -> str:
        raise Unspeakable

    __repr__ = __str__
    reason = property(__str__)


def test_a_request_ends_by_an_exception_that_has_no_text(captured) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise Unspeakable

    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Unspeakable):
        requests.post(f"http://127.0.0.1:{server.getsockname()[1]}/", data=pieces(), timeout=20)
    error = captured.one.error
    assert (error.type, error.message) == ("Unspeakable", "<Unspeakable object whose text fails: Unspeakable>")
    captured.recorder.failed("a test", Unspeakable())
    assert captured.notes.pop().startswith("The HTTP capture failed in a test (Unspeakable: <Unspeakable object")
    captured.events.clear()
