"""A connection that no adapter records is named with its host, who opened it, and the integration's line."""

import asyncio
import ctypes
import importlib
import multiprocessing.util
import os
import smtplib
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest
from aiohttp import web

from workbench.domain import AuthShape, Contract, ContractVersion, Kind, Outcome, Run, RunRequest
from workbench.events import fold
from workbench.explain.http import uncaptured
from workbench.explain.text import plain


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def connections(captured) -> list[tuple[str, str, str, bool]]:
    return [
        (one.host, one.library, one.place.source.strip() if one.place else "", one.is_lookup)
        for one in fold(captured.events).uncaptured
    ]


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


@pytest.mark.parametrize(
    ("args", "options", "host"),
    [
        (("host=db.example port=5432 dbname=x",), {}, "db.example:5432"),
        (("postgresql://u:p@db.example/x",), {}, "db.example"),
        ((), {"host": "db.example", "port": 3306}, "db.example:3306"),
        (("DRIVER={x};Server=db.example;UID=u",), {}, "db.example"),
        (("db.example", "user"), {}, "db.example"),
        (("dbname=x",), {"host": "/run/postgresql"}, ""),
    ],
)
def test_a_database_that_is_not_reached(captured, tmp_path, monkeypatch, args, options, host) -> None:
    (tmp_path / "pymssql.py").write_text("def connect(*args, **options):\n    raise OSError('not reached')\n")
    monkeypatch.syspath_prepend(tmp_path)
    pymssql = importlib.import_module("pymssql")
    with pytest.raises(OSError, match="not reached"):
        pymssql.connect(*args, **options)

    assert [one[:2] for one in connections(captured)] == ([(host, "pymssql")] if host else [])
    sys.modules.pop("pymssql")


def test_a_database_whose_name_is_not_found_is_named_once(captured, tmp_path, monkeypatch) -> None:
    (tmp_path / "pymssql.py").write_text("import socket\ndef connect(host): socket.getaddrinfo(host, 1)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(socket.gaierror):
        importlib.import_module("pymssql").connect("nowhere.invalid")

    assert len(connections(captured)) == 1
    sys.modules.pop("pymssql")


def test_the_fork_of_urllib3_is_named(captured, tmp_path, monkeypatch) -> None:
    (tmp_path / "backend.py").touch()
    monkeypatch.setattr("urllib3.__path__", [str(tmp_path)])
    importlib.import_module("urllib3.backend")

    assert [note.partition(" in this run")[0] for note in captured.notes] == ["urllib3 is urllib3-future"]
    sys.modules.pop("urllib3.backend")


@contextmanager
def connected_by_c_code(listener) -> Iterator[None]:
    libc = ctypes.CDLL(None)
    fd = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    port = struct.pack("!H", listener.getsockname()[1])
    address = struct.pack("=H", socket.AF_INET) + port + socket.inet_aton("127.0.0.1") + bytes(8)
    assert libc.connect(fd, address, len(address)) == 0
    try:
        yield
    finally:
        socket.close(fd)


PYCURL = """

EFFECTIVE_URL, PRIMARY_IP, PRIMARY_PORT = 1, 2, 3

class error(Exception):
    pass

class Curl:
    address = "", 0

    def perform(self):
        if self.url.endswith("lost/"):
            raise error(6, "Could not resolve host")

    def getinfo(self, info):
        return (self.url, *self.address)[info - 1]

class CurlMulti:
    def __init__(self):
        self.curls = []

    def add_handle(self, curl):
        self.curls.append(curl)

    def remove_handle(self, curl):
        self.curls.remove(curl)

    def perform(self):
        for curl in self.curls:
            curl.address = "192.0.2.1", 80
        return 0, 0
"""


@pytest.fixture
def pycurl(captured, tmp_path, monkeypatch):
    (tmp_path / "pycurl.py").write_text(PYCURL)  # pycurl would have to be compiled
    monkeypatch.syspath_prepend(tmp_path)
    import pycurl

    yield pycurl
    sys.modules.pop("pycurl")


def test_a_request_of_c_code_that_is_over_at_once(captured, pycurl) -> None:
    curl = pycurl.Curl()
    curl.url = "https://api.example.com/one"
    curl.perform()  # found
    curl.url = "http://lost/"
    with pytest.raises(pycurl.error):
        curl.perform()  # lost

    assert isinstance(curl, pycurl.Curl)
    assert connections(captured) == [
        ("api.example.com:443", "pycurl", "curl.perform()  # found", False),
        ("lost:80", "pycurl", "curl.perform()  # lost", True),
    ]


def test_requests_that_c_code_performs_together(captured, pycurl) -> None:
    curls = pycurl.CurlMulti()
    for host in ("one", "two", "never-performed"):
        curl = pycurl.Curl()
        curl.url = f"http://{host}/"
        curls.add_handle(curl)  # together
        if host == "two":
            curls.perform()
    assert {host for host, *_ in connections(captured)} == {"one:80", "two:80"}
    curls.perform()
    curls.remove_handle(curl)

    assert connections(captured)[2:] == [("never-performed:80", "pycurl", "curls.add_handle(curl)  # together", False)]


def test_a_connection_of_a_request_that_tells_its_address_is_named_once(captured, pycurl, listener) -> None:
    curl = pycurl.Curl()
    curl.url = "http://localhost/"
    with connected_by_c_code(listener):
        curl.address = listener.getsockname()
        curl.perform()
        captured.recorder.finish()

    assert [library for _, library, *_ in connections(captured)] == ["pycurl"]


PRIMP = """
def get(url):
    return Client().get(url)

class Client:
    def get(self, url, **options):
        return self.request("GET", url)

    def request(self, method, url):
        return method
"""


def test_a_request_of_a_library_in_another_language(captured, tmp_path, monkeypatch) -> None:
    (tmp_path / "primp.py").write_text(PRIMP)  # in Python, as its class was at first
    monkeypatch.syspath_prepend(tmp_path)
    import primp

    primp.get("https://one/")  # by itself
    primp.Client().get(url="http://two:81/")  # by its class

    assert connections(captured) == [
        ("one:443", "primp", 'primp.get("https://one/")  # by itself', False),
        ("two:81", "primp", 'primp.Client().get(url="http://two:81/")  # by its class', False),
    ]
    sys.modules.pop("primp")


def test_a_process_of_multiprocessing(captured) -> None:
    # what its contexts "spawn" and "forkserver" start processes with
    child = multiprocessing.util.spawnv_passfds(b"/bin/true", [b"true"], [])
    os.waitpid(child, 0)

    (found,) = fold(captured.events).uncaptured
    assert (found.host, found.is_process) == ("python", True)
    assert found.place.source.strip().startswith("child = ")


def test_a_socket_of_c_code_that_is_open_at_the_end(captured, listener) -> None:
    with connected_by_c_code(listener):
        captured.recorder.finish()

    assert (f"127.0.0.1:{listener.getsockname()[1]}", "") in [one[:2] for one in connections(captured)]


async def test_what_is_captured_and_what_reaches_nothing_is_not_named(captured, tmp_path, serve) -> None:
    base = (await serve(hello)).replace("127.0.0.1", "localhost")
    async with aiohttp.ClientSession() as session, session.get(base):
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        async with aiohttp.ClientSession() as session, session.get("http://nowhere.invalid/"):
            pass
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    with listener, socket.socket(socket.AF_UNIX) as unix, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        unix.connect(str(tmp_path / "s"))
        datagram.connect(("127.0.0.1", 9))

    assert connections(captured) == []


def test_the_sentences(captured, listener, tmp_path) -> None:
    for _ in range(2):
        socket.create_connection(listener.getsockname()).close()
    outcome: Outcome = fold(captured.events)
    contract = Contract(ContractVersion.V0_1)
    request = RunRequest("one", tmp_path, "one.py", Kind.ACTION, "go", contract, {}, {}, AuthShape.FLAT)
    run = Run("1", request, 0.0, outcome)

    (told,) = map(plain, uncaptured.sentences(run))
    port, line = listener.getsockname()[1], outcome.uncaptured[0].place.line
    place = f"test_audit.py:{line}"
    assert told == f"2 connections to 127.0.0.1:{port} opened by socket at {place} were not captured."
    assert uncaptured.fact(run) == "2 connections not captured"
