"""Every other route, each as a client sees it."""

import base64
import json
import time
from email.utils import parsedate_to_datetime

import aiohttp
import pytest


@pytest.mark.parametrize("code", [200, 201, 400, 404, 418, 429, 500, 503, 599])
async def test_status(client: aiohttp.ClientSession, code: int) -> None:
    async with client.post(f"/status/{code}", json={"a": 1}) as response:
        body = await response.json()
    assert response.status == body["status"] == code
    assert body["data"]["json"] == {"a": 1}


@pytest.mark.parametrize("code", [204, 304])
async def test_a_status_without_a_body(client: aiohttp.ClientSession, code: int) -> None:
    async with client.get(f"/status/{code}") as response:
        assert response.status == code
        assert await response.read() == b""


@pytest.mark.parametrize(
    "path",
    [
        "/status/99", "/status/600", "/status/abc", "/status/-200", "/status/2e2", "/status/\u0662\u0660\u0660",
        "/delay/-1", "/delay/61", "/delay/nan", "/delay/inf", "/delay/x",
        "/redirect/0", "/redirect/51", "/redirect/2?status=200", "/stream/1001", "/stream/x", "/stream/1?every=x",
        "/bytes/100000001", "/bytes/-1", "/rate-limited?after=x", "/drop?times=x", "/drop?after=1000",
        "/feed.xml?entries=5000", "/feed.xml?every=nan",
    ],
)  # fmt: skip
async def test_what_is_out_of_bounds_is_an_error_with_a_sentence(client: aiohttp.ClientSession, path: str) -> None:
    async with client.get(path, allow_redirects=False) as response:
        assert response.status == 400
        assert " must be " in (await response.json())["error"]


async def test_delay(client: aiohttp.ClientSession) -> None:
    start = time.monotonic()
    async with client.get("/delay/0.2") as response:
        body = await response.json()
    assert time.monotonic() - start >= 0.2
    assert (body["delay"], body["data"]["method"]) == (0.2, "GET")


async def test_redirects_end_at_test(client: aiohttp.ClientSession, echo: str) -> None:
    async with client.get("/redirect/3") as response:
        data = (await response.json())["data"]
    assert [str(hop.url) for hop in response.history] == [f"{echo}/redirect/{n}" for n in (3, 2, 1)]
    assert {hop.status for hop in response.history} == {302}
    assert data["url"] == f"{echo}/test"


async def test_a_307_keeps_method_and_body(client: aiohttp.ClientSession) -> None:
    async with client.post("/redirect/2?status=307", json=[1]) as response:
        data = (await response.json())["data"]
    assert (data["method"], data["json"]) == ("POST", [1])


async def test_stream_sends_lines_one_at_a_time(client: aiohttp.ClientSession) -> None:
    async with client.get("/stream/3?every=0.05") as response:
        lines = [json.loads(line) async for line in response.content]
    assert lines == [{"line": n, "of": 3} for n in (1, 2, 3)]
    assert response.headers["Transfer-Encoding"] == "chunked"


@pytest.mark.parametrize("count", [0, 1, 255, 65_536, 200_001])
async def test_bytes_count_up(client: aiohttp.ClientSession, count: int) -> None:
    async with client.get(f"/bytes/{count}") as response:
        assert await response.read() == bytes(n % 256 for n in range(count))


async def test_gzip_is_compressed_on_the_wire(echo: str) -> None:
    async with aiohttp.ClientSession(echo, auto_decompress=False) as client, client.get("/gzip") as response:
        raw = await response.read()
        assert response.headers["Content-Encoding"] == "gzip"
        assert raw[:2] == b"\x1f\x8b"
    async with aiohttp.ClientSession(echo) as client, client.get("/gzip") as response:
        assert (await response.json())["gzipped"] is True


async def test_malformed_json(client: aiohttp.ClientSession) -> None:
    async with client.get("/malformed-json") as response:
        assert response.content_type == "application/json"
        with pytest.raises(json.JSONDecodeError):
            await response.json()


async def test_retry_after_in_seconds(client: aiohttp.ClientSession) -> None:
    async with client.get("/rate-limited?after=7") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")


async def test_retry_after_as_a_date(client: aiohttp.ClientSession) -> None:
    async with client.get("/rate-limited?after=600&as=date") as response:
        until = parsedate_to_datetime(response.headers["Retry-After"]).timestamp() - time.time()
    assert response.status == 429
    assert 500 < until <= 600


async def test_drop_closes_without_an_answer(client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.post("/drop")


async def test_drop_in_the_middle_of_a_body(client: aiohttp.ClientSession) -> None:
    async with client.get("/drop?after=100") as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


async def test_drop_so_many_times_then_answer_and_begin_anew(client: aiohttp.ClientSession) -> None:
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await client.post("/drop?times=2&id=mine")
        async with client.post("/drop?times=2&id=mine") as response:
            assert response.status == 200


async def test_basic_auth(client: aiohttp.ClientSession) -> None:
    path = "/basic-auth/ad%C3%A4/p%3A%2Fw"
    credentials = base64.b64encode("adä:p:/w".encode()).decode()
    async with client.get(path, headers={"Authorization": f"Basic {credentials}"}) as response:
        body = await response.json()
    assert (response.status, body["authenticated"], body["user"]) == (200, True, "adä")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!!", "Basic YWRhOndyb25n", "Basic \xe9", "Bearer YWRhOmxvdmU="]
)
async def test_wrong_basic_auth_is_challenged(client: aiohttp.ClientSession, header: str) -> None:
    async with client.get("/basic-auth/ada/love", headers={"Authorization": header}) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"].startswith("Basic")


async def test_bearer(client: aiohttp.ClientSession) -> None:
    async with client.get("/bearer", headers={"Authorization": "Bearer abc"}) as response:
        assert (response.status, (await response.json())["token"]) == (200, "abc")
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic abc"}):
        async with client.get("/bearer", headers=headers) as response:
            assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_an_unknown_route_points_to_the_list(client: aiohttp.ClientSession) -> None:
    async with client.get("/nothing") as response:
        assert response.status == 404
        assert "/ lists" in (await response.json())["error"]


async def test_the_index_links_every_route_and_each_example_answers(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as response:
        page = await response.text()
    examples = [part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    assert len(examples) == 13
    for path in examples:
        if path.startswith(("/drop", "/delay")):
            continue
        async with client.get(path) as response:
            assert response.status in (200, 401, 404, 429), path
            assert response.headers["X-Content-Type-Options"] == "nosniff"
