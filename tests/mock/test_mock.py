"""A recording served over a real socket to a client that knows nothing of it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from workbench.domain import (
    Answers,
    AnswerSource,
    Exchange,
    ExchangeError,
    FailureKind,
    Headers,
    Request,
    Response,
)
from workbench.echo.server import serve_app
from workbench.mock import Replies, create_app

_API = "https://api.example.com"
_JSON: Headers = (("Content-Type", "application/json"),)


def exchange(number: int, method: str, path: str, body: bytes = b"{}", **more: Any) -> Exchange:
    request = Request(method, _API + path, headers=more.pop("sent", ()), body=more.pop("data", b""))
    headers: Headers = more.pop("headers", _JSON)
    response = Response(
        more.pop("status", 200), "OK", headers=headers, body=body, size=len(body), **more.pop("facts", {})
    )
    return Exchange(number, number, 1, "aiohttp", request, 0.0, response=more.pop("response", response), **more)


def ask(
    recorded: tuple[Exchange, ...], calls: Callable[[aiohttp.ClientSession], Coroutine[Any, Any, None]]
) -> list[str]:
    """Serve the exchanges to the calls; returns the lines that the server said."""
    said: list[str] = []

    async def main() -> None:
        app = create_app(Replies(Answers(AnswerSource.RECORDING, "run 1", recorded)), said.append)
        async with (
            serve_app(app, 0, "mock server") as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):
            await calls(session)

    asyncio.run(main())
    return said


async def text(session: aiohttp.ClientSession, path: str, **more: Any) -> str:
    async with session.get(path, allow_redirects=False, **more) as response:
        return f"{response.status} {await response.text()}"


def test_answers_come_in_order_and_the_last_one_again() -> None:
    recorded = (exchange(1, "GET", "/v1/items?a=1&b=2", b"[1]"), exchange(2, "GET", "/v1/items?a=1&b=2", b"[2]"))

    async def calls(session: aiohttp.ClientSession) -> None:
        found = [await text(session, "/v1/items?b=2&a=1") for _ in range(3)]
        assert found == ["200 [1]", "200 [2]", "200 [2]"]

    said = ask(recorded, calls)
    assert said == [
        "GET /v1/items?b=2&a=1  200  exchange 1",
        "GET /v1/items?b=2&a=1  200  exchange 2",
        "GET /v1/items?b=2&a=1  200  exchange 2",
    ]


def test_each_value_of_a_secret_is_answered_however_many_there_are(monkeypatch) -> None:
    monkeypatch.setattr("workbench.answers.recording._MOST_EFFORT", 0)
    recorded = (
        exchange(1, "GET", "/v1/other", b"other"),
        *(exchange(number, "GET", "/v1/items?key=‹key›", b"[%d]" % number) for number in (2, 3)),
    )

    async def calls(session: aiohttp.ClientSession) -> None:
        found = [await text(session, f"/v1/items?key=secret{number}") for number in range(4)]
        assert found == ["200 [2]", "200 [3]", "200 [3]", "200 [3]"]

    ask(recorded, calls)


def test_a_response_that_its_library_could_not_read_has_its_body() -> None:
    broken = ExchangeError("ClientResponseError", "Duplicate Content-Length", "wait", FailureKind.NOT_HTTP)

    async def calls(session: aiohttp.ClientSession) -> None:
        assert await text(session, "/odd") == "200 odd"

    ask((exchange(1, "GET", "/odd", b"odd", error=broken, body_state="unparsed"),), calls)


def test_an_unmatched_request_names_the_closest() -> None:
    async def calls(session: aiohttp.ClientSession) -> None:
        async with session.get("/v1/items?page=2") as response:
            document = await response.json()
        assert response.status == 404
        assert document["closest"] == 4
        assert document["differences"] == [{"part": "query", "pointer": "/page", "recorded": '"1"', "sent": '"2"'}]
        assert "GET /v1/items?page=2" in document["error"]
        assert "mock" not in document["error"]

    [line] = ask((exchange(4, "GET", "/v1/items?page=1"),), calls)
    assert line.startswith("GET /v1/items?page=2  404  ")


def test_a_masked_secret_matches_any_value_and_none_is_sent() -> None:
    answer = exchange(1, "POST", "/login?key=‹api_key›", '{"token": "‹token›"}'.encode(), sent=_JSON,
                      data='{"password": "‹password›", "user": "ada"}'.encode())  # fmt: skip

    async def calls(session: aiohttp.ClientSession) -> None:
        for _ in range(2):
            async with session.post("/login?key=real", json={"password": "p", "user": "ada"}) as response:
                assert await response.json() == {"token": "made-up-token"}
        async with session.post("/login?key=real", json={"password": "p", "user": "bob"}) as response:
            assert response.status == 404

    ask((answer,), calls)


def test_a_decoded_body_and_a_redirect_are_served_as_they_can_be() -> None:
    packed: Headers = (("Content-Encoding", "gzip"), ("Content-Length", "20"), ("Content-Type", "text/plain"))
    moved: Headers = (("Location", f"{_API}/new?a=1"), ("X-A", "1"), ("X-A", "2"))
    recorded = (
        exchange(1, "GET", "/gzip", b"unpacked", headers=packed, facts={"raw_size": 20}),
        exchange(2, "GET", "/old", b"", status=302, headers=moved),
        exchange(3, "GET", "/far", b"", status=302, headers=(("Location", "https://elsewhere.example/"),)),
    )  # fmt: skip

    async def calls(session: aiohttp.ClientSession) -> None:
        assert await text(session, "/gzip") == "200 unpacked"
        async with session.get("/old", allow_redirects=False) as response:
            assert str(session._base_url) in f"{response.headers['Location']}/"
            assert response.headers["Location"].endswith("/new?a=1")
            assert response.headers.getall("X-A") == ["1", "2"]
        async with session.get("/far", allow_redirects=False) as response:
            assert response.headers["Location"] == "https://elsewhere.example/"

    ask(recorded, calls)


def test_a_head_that_was_not_recorded_is_that_of_the_get() -> None:
    async def calls(session: aiohttp.ClientSession) -> None:
        for _ in range(2):
            async with session.head("/v1", allow_redirects=False) as response:
                assert (response.status, response.headers["Content-Length"]) == (201, "3")
                assert await response.read() == b""
            assert await text(session, "/v1") == "201 [1]"
        async with session.head("/v2") as response:
            assert response.status == 404

    ask((exchange(1, "GET", "/v1", b"[1]", status=201),), calls)


def test_a_page_of_this_machine_may_read_the_answers_and_no_other() -> None:
    async def calls(session: aiohttp.ClientSession) -> None:
        wanted = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-key"}
        for origin in ("http://localhost:3000", "http://127.0.0.1", "http://[::1]:5173", "http://app.localhost"):
            async with session.options("/v1", headers={"Origin": origin, **wanted}) as response:
                assert (response.status, response.headers["Access-Control-Allow-Headers"]) == (204, "x-key")
                assert "PUT" in response.headers["Access-Control-Allow-Methods"]
            for path, status in (("/v1", 200), ("/none", 404)):
                async with session.get(path, headers={"Origin": origin}) as response:
                    found = response.status, response.headers["Access-Control-Allow-Origin"]
                    assert found == (status, origin)
        for origin in ("https://evil.example", "http://localhost.evil.example", "null", "http://[", "http://10.0.0.7"):
            async with session.options("/v1", headers={"Origin": origin, **wanted}) as response:
                assert response.status == 404
            async with session.get("/v1", headers={"Origin": origin}) as response:
                assert not [name for name in response.headers if name.startswith("Access-Control")]

    open_to_all: Headers = (*_JSON, ("Access-Control-Allow-Origin", "*"))
    said = ask((exchange(1, "GET", "/v1", headers=open_to_all),), calls)
    assert said[0] == "OPTIONS /v1  204  preflight of http://localhost:3000"


def test_a_failure_ends_the_connection(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    reset = ExchangeError("ClientOSError", "reset", "wait", FailureKind.DISCONNECTED)
    cut = ExchangeError("ClientPayloadError", "cut", "receive", FailureKind.CUT)
    recorded = (
        exchange(1, "GET", "/reset", response=None, error=reset),
        exchange(2, "GET", "/cut", b"half", error=cut),
    )

    async def calls(session: aiohttp.ClientSession) -> None:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await text(session, "/reset")
        with pytest.raises(aiohttp.ClientPayloadError):
            await text(session, "/cut")

    assert ask(recorded, calls)[0] == "GET /reset  fails (disconnected)  exchange 1"
    assert capfd.readouterr().err == ""
    assert [each for each in caplog.records if each.name.startswith("aiohttp")] == []


def test_a_name_that_leads_here_reads_nothing() -> None:
    async def calls(session: aiohttp.ClientSession) -> None:
        assert (await text(session, "/v1", headers={"Host": "evil.example"})).startswith("403 ")

    ask((exchange(1, "GET", "/v1"),), calls)
