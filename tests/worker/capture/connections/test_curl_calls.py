"""Handles of libcurl tell their URL and their address."""

import sys

import pytest

from tests.worker.capture.connections.named import connected_by_c_code, connections

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
