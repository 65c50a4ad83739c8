"""Connections, packets and lookups of Python's own sockets are named with their library and line."""

import asyncio
import importlib
import smtplib
import socket
import sys

import pytest

from tests.worker.capture.connections.named import connections


def test_a_socket_of_the_integration(captured, listener) -> None:
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    for _ in range(2):
        socket.create_connection(listener.getsockname()).close()  # by hand

    line = "socket.create_connection(listener.getsockname()).close()  # by hand"
    assert connections(captured) == [(host, "socket", line, False)] * 2


def test_a_library_is_the_one_that_was_called(captured, listener) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtplib.SMTP("localhost", port, timeout=0.1)

    assert {(host, library) for host, library, *_ in connections(captured)} == {(f"localhost:{port}", "smtplib")}


async def test_a_stream_of_asyncio(captured, listener) -> None:
    port = listener.getsockname()[1]
    _, writer = await asyncio.open_connection("127.0.0.1", port)  # the line
    writer.close()
    await writer.wait_closed()

    assert connections(captured)[0][:2] == (f"127.0.0.1:{port}", "asyncio")
    assert connections(captured)[0][2].endswith("# the line")


async def test_a_name_that_is_not_found(captured) -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nowhere.invalid", 25))  # blocking
    with pytest.raises(socket.gaierror):
        await asyncio.open_connection("nowhere.invalid", 26)  # awaited

    first, second = connections(captured)
    assert first == (
        "nowhere.invalid:25",
        "socket",
        'socket.create_connection(("nowhere.invalid", 25))  # blocking',
        True,
    )
    assert (second[0], second[1], second[3]) == ("nowhere.invalid:26", "asyncio", True)


def test_other_ways_to_look_up_a_name(captured) -> None:
    for look_up in (socket.gethostbyname, socket.gethostbyname_ex):
        with pytest.raises(socket.gaierror):
            look_up("nowhere.invalid")  # by name

    line = 'look_up("nowhere.invalid")  # by name'
    assert connections(captured) == [("nowhere.invalid", "socket", line, True)] * 2


def test_packets_without_a_connection_are_named_once(captured, listener) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        for _ in range(2):
            datagram.sendto(b"x", listener.getsockname())  # a packet

    line = 'datagram.sendto(b"x", listener.getsockname())  # a packet'
    assert connections(captured) == [(f"127.0.0.1:{listener.getsockname()[1]}/udp", "socket", line, False)]


def test_a_socket_that_asks_whether_it_is_connected_is_named_once(captured, listener) -> None:
    with socket.socket() as opened:
        opened.setblocking(False)
        for _ in range(2):
            opened.connect_ex(listener.getsockname())

    assert len(connections(captured)) == 1


GEVENT = """
from socket import AF_INET, SOCK_STREAM

class socket:
    family, type = AF_INET, SOCK_STREAM

    def connect(self, address):
        return address
"""


def test_a_class_in_the_place_of_the_socket(captured, tmp_path, monkeypatch) -> None:
    (tmp_path / "gevent").mkdir()
    (tmp_path / "gevent/_socket3.py").write_text(GEVENT + "\n    connect_ex = sendto = connect\n")
    monkeypatch.syspath_prepend(tmp_path)
    _socket3 = importlib.import_module("gevent._socket3")

    _socket3.socket().connect(("192.0.2.1", 25))  # green

    assert connections(captured) == [
        ("192.0.2.1:25", "socket", '_socket3.socket().connect(("192.0.2.1", 25))  # green', False)
    ]
    for name in ("gevent._socket3", "gevent"):
        sys.modules.pop(name)
