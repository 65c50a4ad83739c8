"""Libraries whose sockets Python does not see are asked for what they are called with."""

import importlib
import socket
import sys

import pytest

from tests.worker.capture.connections.named import connections


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
