"""``/test``: what was received comes back, whole and in order."""

import http.client
import io
import json
from urllib.parse import urlsplit

import aiohttp
import pytest


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])
@pytest.mark.parametrize("path", ["/test", "/test/", "/test/a/b"])
async def test_every_method_and_every_path_below(client: aiohttp.ClientSession, method: str, path: str) -> None:
    async with client.request(method, path) as response:
        data = (await response.json())["data"]
    assert response.status == 200
    assert data["method"] == method
    assert urlsplit(data["url"]).path == path


async def test_the_members_are_those_documented(client: aiohttp.ClientSession) -> None:
    async with client.get("/test") as response:
        data = (await response.json())["data"]
    assert list(data) == ["method", "url", "args", "headers", "body", "json", "form", "files"]


async def test_head_has_headers_and_no_body(client: aiohttp.ClientSession) -> None:
    async with client.head("/test") as response:
        assert int(response.headers["Content-Length"]) > 0
        assert await response.read() == b""


def test_headers_keep_order_case_and_repetition(echo: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(echo).netloc)
    connection.putrequest("GET", "/test", skip_host=True, skip_accept_encoding=True)
    sent = [["HOST", urlsplit(echo).netloc], ["X-b", "1"], ["x-A", "2"], ["X-b", "3"], ["X-Latin", "caf\xe9"]]
    for name, value in sent:
        connection.putheader(name, value)
    connection.endheaders()
    with connection.getresponse() as response:
        assert json.loads(response.read())["data"]["headers"] == sent
    connection.close()


async def test_query_keeps_repetition_and_the_url_is_as_sent(client: aiohttp.ClientSession, echo: str) -> None:
    async with client.get("/test?a=1&b=x%20y&a=2&c=") as response:
        data = (await response.json())["data"]
    assert data["args"] == {"a": ["1", "2"], "b": "x y", "c": ""}
    assert data["url"] == f"{echo}/test?a=1&b=x%20y&a=2&c="


async def test_json(client: aiohttp.ClientSession) -> None:
    sent = {"name": "Zoë", "list": [1, None, 2.5]}
    async with client.post("/test", json=sent) as response:
        data = (await response.json())["data"]
    assert data["json"] == sent
    assert json.loads(data["body"]) == sent
    assert data["form"] == data["files"] == {}


@pytest.mark.parametrize("text", ["{broken", "NaN", "[NaN]", "[" * 100_000, "", "9" * 5000])
async def test_what_is_no_json_is_null_and_its_text_is_kept(client: aiohttp.ClientSession, text: str) -> None:
    async with client.post("/test", data=text.encode(), headers={"Content-Type": "application/json"}) as response:
        data = (await response.json())["data"]
    assert data["json"] is None
    assert data["body"] == text


async def test_text_that_looks_like_json_is_text(client: aiohttp.ClientSession) -> None:
    async with client.post("/test", data="{}", headers={"Content-Type": "text/plain"}) as response:
        data = (await response.json())["data"]
    assert (data["json"], data["body"]) == (None, "{}")


async def test_urlencoded_form(client: aiohttp.ClientSession) -> None:
    async with client.post("/test", data=[("a", "1"), ("b", "ä&="), ("a", "2")]) as response:
        data = (await response.json())["data"]
    assert data["form"] == {"a": ["1", "2"], "b": "ä&="}
    assert data["body"] == "a=1&b=%C3%A4%26%3D&a=2"
    assert data["json"] is None


async def test_upload(client: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData()
    form.add_field("note", "hello")
    form.add_field("file", b"\x00\xff\r\n", filename="a.bin", content_type="image/png")
    form.add_field("file", "zwei\n", filename="b.txt", content_type="text/plain")
    async with client.post("/test", data=form) as response:
        data = (await response.json())["data"]
    assert data["form"] == {"note": "hello"}
    first, second = data["files"]["file"]
    png = "data:image/png;base64,AP8NCg=="
    assert first == {"filename": "a.bin", "content_type": "image/png", "size": 4, "content": png}
    assert second["content"] == "zwei\n"


async def test_a_multipart_body_without_its_boundary_is_only_text(client: aiohttp.ClientSession) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    async with client.post("/test", data=b"--x\r\n", headers=headers) as response:
        data = (await response.json())["data"]
    assert (data["form"], data["files"], data["body"]) == ({}, {}, "--x\r\n")


async def test_bytes_come_as_a_data_url(client: aiohttp.ClientSession) -> None:
    async with client.post("/test", data=b"\xff\x00", headers={"Content-Type": "application/x-thing"}) as response:
        data = (await response.json())["data"]
    assert data["body"] == "data:application/x-thing;base64,/wA="


async def test_a_body_beyond_the_limit_is_refused(client: aiohttp.ClientSession) -> None:
    async with client.post("/test", data=io.BytesIO(b"x" * (16 * 1024 * 1024 + 1))) as response:
        assert response.status == 413
        assert "16 MiB" in (await response.json())["error"]
