"""The facts about fetch, one by one, against a real server on 127.0.0.1."""

import asyncio
import io
import json as jsonlib
import ssl
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from autohive_integrations_sdk import AuthType, ExecutionContext, HTTPError, RateLimitError

PLATFORM = {"auth_type": "PlatformOauth2", "credentials": {"access_token": "T"}}


async def fetch(service: Any, path: str = "/x", auth: Any = None, config: Any = None, **options: Any) -> Any:
    async with ExecutionContext(auth=auth, request_config=config) as context:
        return await context.fetch(service.url + path, **options)


@pytest.mark.parametrize(
    "auth",
    [
        PLATFORM,
        {"auth_type": AuthType.PlatformOauth2, "credentials": {"access_token": "T"}},
        {"credentials": {"access_token": "T"}},
        {"auth_type": None, "credentials": {"access_token": "T"}},
        {"access_token": "T"},
        {"auth_type": "PlatformOauth2", "access_token": "T"},
        {"access_token": "outer", "credentials": {"access_token": "T"}},
    ],
    ids=str,
)
async def test_fact_a_platform_token_is_added_as_bearer(auth: Any, service: Any) -> None:
    await fetch(service, auth=auth)
    assert service.seen[0].headers["Authorization"] == "Bearer T"


@pytest.mark.parametrize(
    "auth",
    [
        *({"auth_type": kind, "credentials": {"access_token": "T"}} for kind in AuthType if kind != "PlatformOauth2"),
        {"auth_type": "Custom", "access_token": "T"},
        {"auth_type": "unheard of", "access_token": "T"},
        {"credentials": {}},
        {"credentials": {"access_token": ""}},
        {"credentials": {"access_token": None}},
        {"access_token": "outer", "credentials": {"api_key": "k"}},
        {"credentials": None},
        {"credentials": ["access_token"]},
        {"auth_type": ["PlatformOauth2"], "access_token": "T"},
        {},
        None,
        "access_token",
    ],
    ids=str,
)
async def test_fact_no_other_auth_adds_one(auth: Any, service: Any) -> None:
    await fetch(service, auth=auth)
    assert "Authorization" not in service.seen[0].headers


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
async def test_fact_a_given_authorization_is_left_alone(name: str, service: Any) -> None:
    await fetch(service, auth=PLATFORM, headers={name: "Basic x"})
    sent = [value for header, value in service.seen[0].headers.items() if header.lower() == "authorization"]
    assert sent == ["Basic x"]


async def test_fact_headers_that_are_handed_in_are_sent_and_not_changed(service: Any) -> None:
    headers = {"X-Own": "1"}
    await fetch(service, auth=PLATFORM, headers=headers, content_type="text/x", data="d", method="POST")
    assert headers == {"X-Own": "1"}
    assert service.seen[0].headers["X-Own"] == "1"


@pytest.mark.parametrize("value", [{"a": "é"}, {}, [], [1], 0, False, "text"], ids=repr)
async def test_fact_json_is_sent_as_application_json(value: Any, service: Any) -> None:
    await fetch(service, method="POST", json=value)
    assert service.seen[0].headers["Content-Type"] == "application/json"
    assert jsonlib.loads(service.seen[0].body) == value


async def test_fact_json_wins_over_data_and_content_type_but_not_over_a_header(service: Any) -> None:
    await fetch(service, method="POST", json={"a": 1}, data="ignored", content_type="application/vnd.api+json")
    await fetch(service, method="POST", json={"a": 1}, headers={"content-type": "application/vnd.api+json"})
    assert [seen.body for seen in service.seen] == [b'{"a": 1}', b'{"a": 1}']
    assert [seen.headers["Content-Type"] for seen in service.seen] == ["application/json", "application/vnd.api+json"]


@pytest.mark.parametrize(
    ("options", "content_type", "body"),
    [
        ({"data": {"a": 1}, "content_type": "application/json"}, "application/json", b'{"a": 1}'),
        ({"data": [1], "content_type": "application/json"}, "application/json", b"[1]"),
        ({"data": "é", "content_type": "application/json"}, "application/json", b'"\\u00e9"'),
        ({"data": b'{"a":1}', "content_type": "application/json"}, "application/json", b'{"a":1}'),
        (
            {"data": {"a": 1, "b": "x y&é", "c": [1, 2]}, "content_type": "application/x-www-form-urlencoded"},
            "application/x-www-form-urlencoded",
            b"a=1&b=x+y%26%C3%A9&c=%5B1%2C+2%5D",
        ),
        (
            {"data": "a=1", "content_type": "application/x-www-form-urlencoded"},
            "application/x-www-form-urlencoded",
            b"a=1",
        ),
        ({"data": {"a": "1", "b": "x y"}}, "application/x-www-form-urlencoded", b"a=1&b=x+y"),
        ({"data": "hello", "content_type": "text/xml"}, "text/xml", b"hello"),
        ({"data": "hello"}, "text/plain; charset=utf-8", b"hello"),
        ({"data": b"hello"}, "application/octet-stream", b"hello"),
        pytest.param({"data": io.BytesIO(b"file")}, "application/octet-stream", b"file", id="a file"),
        ({"content_type": "text/xml"}, "text/xml", b""),
        ({"data": "", "content_type": "text/xml"}, "text/xml", b""),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_fact_data_is_encoded_by_its_content_type(
    options: dict[str, Any], content_type: str, body: bytes, service: Any
) -> None:
    await fetch(service, method="POST", **options)
    assert (service.seen[0].headers["Content-Type"], service.seen[0].body) == (content_type, body)


async def test_fact_a_multipart_form_is_sent_as_such(service: Any) -> None:
    form = aiohttp.FormData()
    form.add_field("file", b"bytes", filename="x.bin")
    await fetch(service, method="POST", data=form)
    assert service.seen[0].headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'filename="x.bin"' in service.seen[0].body and b"bytes" in service.seen[0].body


@pytest.mark.parametrize(
    ("path", "params", "sent"),
    [
        ("/x", {"d": {"a": 1}}, "/x?d=%7B%22a%22:+1%7D"),
        ("/x", {"l": [1, "é"]}, "/x?l=%5B1,+%22%5Cu00e9%22%5D"),
        ("/x", {"n": None, "k": "v"}, "/x?k=v"),
        ("/x", {"n": None}, "/x"),
        ("/x", {}, "/x"),
        ("/x", None, "/x"),
        ("/x", {"b": True, "i": 1, "f": 1.5, "z": 0, "e": ""}, "/x?b=True&i=1&f=1.5&z=0&e="),
        ("/x", {"s": "a b&c=d", "é": "ü"}, "/x?s=a+b%26c%3Dd&%C3%A9=%C3%BC"),
        ("/x?a=1", {"b": 2}, "/x?a=1&b=2"),
        ("/x?", {"b": 2}, "/x?b=2"),
        ("/x#part", {"b": 2}, "/x?b=2"),
        ("/x?a=1#part", {"b": 2}, "/x?a=1&b=2"),
    ],
    ids=str,
)
async def test_fact_params(path: str, params: Any, sent: str, service: Any) -> None:
    await fetch(service, path, params=params)
    assert service.seen[0].path == sent


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_fact_the_method_is_sent(method: str, service: Any) -> None:
    await fetch(service, method=method)
    assert service.seen[0].method == method


@pytest.mark.parametrize(
    ("text", "content_type", "status", "data"),
    [
        ('{"a": [1, null]}', "application/json", 200, {"a": [1, None]}),
        ("[1]", "application/json; charset=utf-8", 200, [1]),
        ("1", "Application/JSON", 200, 1),
        ("{bad", "application/json", 200, "{bad"),
        ("[" * 100_000, "application/json", 200, "[" * 100_000),
        ("", "application/json", 200, None),
        (" ", "application/json", 200, None),
        ("", "application/json", 204, None),
        ("", "text/plain", 200, None),
        ("", "text/plain", 201, None),
        ("", "text/plain", 204, None),
        ("", "text/plain", 202, ""),
        ('{"a": 1}', "text/plain", 200, '{"a": 1}'),
        ('{"a": 1}', "application/vnd.api+json", 200, '{"a": 1}'),
        (b"\xe9", "text/plain; charset=latin-1", 200, "é"),
        (b"\xe9", "text/plain; charset=unheard-of", 200, "\ufffd"),
        (b"\x89PNG", "image/png", 200, "\ufffdPNG"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_fact_a_body_is_parsed_by_its_content_type(
    text: Any, content_type: str, status: int, data: Any, service: Any
) -> None:
    service.answer(text=text, status=status, Content_Type=content_type)
    response = await fetch(service)
    assert (response.status, response.data) == (status, data)


async def test_fact_the_response_has_its_headers_as_a_plain_dict(service: Any) -> None:
    service.answer({}, X_Own="1")
    headers = (await fetch(service)).headers
    assert type(headers) is dict
    assert headers["X-Own"] == "1"


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        (None, 60, 60),
        ("1.2", 2, 2),
        ("-4", 0, 0),
        ("soon", 60, 60),
        ("nan", 60, 60),
        ("inf", 60, 60),
        ("", 60, 60),
        ("in 1000 s", 900, 1000),
        ("in -1000 s", 0, 0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 10**9, 10**10),
        ("Wed, 99 Oct 2099 07:28:00 GMT", 60, 60),
    ],
)
async def test_fact_429_is_a_rate_limit_with_its_wait(given: str | None, least: int, most: int, service: Any) -> None:
    if given and given.startswith("in "):  # a date is made when the test runs: the suite may have gone on for minutes
        given = formatdate(time.time() + int(given.split()[1]), usegmt=True)
    service.answer({"e": 1}, status=429, **({} if given is None else {"Retry_After": given}))
    with pytest.raises(RateLimitError) as caught:
        await fetch(service)
    assert type(caught.value.retry_after) is int
    assert least <= caught.value.retry_after <= most
    assert (caught.value.status, caught.value.response_data) == (429, '{"e": 1}')


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 500, 502, 503])
async def test_fact_a_status_of_400_and_above_is_an_HTTPError(status: int, service: Any) -> None:
    service.answer({"error": "no"}, status=status)
    with pytest.raises(HTTPError) as caught:
        await fetch(service)
    assert not isinstance(caught.value, RateLimitError)
    assert (caught.value.status, caught.value.response_data) == (status, {"error": "no"})
    assert caught.value.message == "{'error': 'no'}"
    assert str(caught.value) == f"HTTP {status}: {{'error': 'no'}}"


async def test_fact_an_HTTPError_of_text_and_of_nothing(service: Any) -> None:
    for text, data in (("gone", "gone"), ("", "")):
        service.answers.clear()
        service.answer(text=text, status=404, Content_Type="text/plain")
        with pytest.raises(HTTPError) as caught:
            await fetch(service)
        assert (caught.value.message, caught.value.response_data) == (data, data)


@pytest.mark.parametrize("status", [429, 400, 500, 503])
async def test_fact_an_answer_is_never_retried(status: int, service: Any, naps: list[float]) -> None:
    service.answer({}, status=status)
    with pytest.raises(HTTPError):
        await fetch(service)
    assert (len(service.seen), naps) == (1, [])


async def test_fact_a_failing_connection_is_retried_after_1_2_4_seconds_then_raised(
    service: Any, naps: list[float]
) -> None:
    service.drop(10)
    with pytest.raises(aiohttp.ClientError):
        await fetch(service, method="POST")
    assert (len(service.seen), naps) == (4, [1, 2, 4])


@pytest.mark.parametrize(
    ("config", "retry_count", "expected"),
    [
        ({"max_retries": 0, "timeout": 5}, 0, []),
        ({"max_retries": 1, "timeout": 5}, 0, [1]),
        ({"timeout": 5}, 0, [1, 2, 4]),
        (None, 2, [4]),
        (None, 3, []),
    ],
)
async def test_fact_max_retries_and_retry_count(
    config: Any, retry_count: int, expected: list[int], service: Any, naps: list[float]
) -> None:
    service.drop(10)
    with pytest.raises(aiohttp.ClientError):
        await fetch(service, method="POST", config=config, retry_count=retry_count)
    assert (len(service.seen), naps) == (len(expected) + 1, expected)


@pytest.mark.parametrize("where", ["parameter", "request_config"])
async def test_fact_a_timeout_is_retried_and_raised(where: str, service: Any, naps: list[float]) -> None:
    service.hang(10)
    config = {"max_retries": 1, "timeout": 0.3 if where == "request_config" else 30}
    with pytest.raises(asyncio.TimeoutError):
        await fetch(service, config=config, timeout=0.3 if where == "parameter" else None)
    assert (len(service.seen), naps) == (2, [1])


async def test_fact_an_unreachable_host_is_retried(naps: list[float], service: Any) -> None:
    service.url = "http://127.0.0.1:9"
    with pytest.raises(aiohttp.ClientConnectorError):
        await fetch(service)
    assert naps == [1, 2, 4]


def form_with_a_file(path: Path) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("text", "é")
    form.add_field("file", path.open("rb"), filename="x")
    return form


def multipart() -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("mixed")
    writer.append("part")
    return writer


@pytest.mark.parametrize(
    "options",
    [
        lambda path: {"json": {"a": 1}, "params": {"p": 1}},
        lambda path: {"data": {"a": 1}, "content_type": "application/json", "params": {"p": 1}},
        lambda path: {"data": {"a": 1}, "content_type": "application/x-www-form-urlencoded"},
        lambda path: {"data": {"a": "1"}},
        lambda path: {"data": [("a", "1"), ("a", "2")]},
        lambda path: {"data": b"bytes"},
        lambda path: {"data": io.BytesIO(b"file")},
        lambda path: {"data": io.StringIO("text")},
        lambda path: {"data": path.open("rb")},
        lambda path: {"data": {"file": path.open("rb")}},
        lambda path: {"data": form_with_a_file(path)},
        lambda path: {"data": multipart()},
    ],
    ids=[
        *("json", "data as JSON", "data as form", "dict", "pairs", "bytes", "BytesIO", "StringIO"),
        *("file", "dict with a file", "form with a file", "multipart"),
    ],
)
async def test_fact_a_retry_sends_the_identical_request(
    options: Any, service: Any, naps: list[float], tmp_path: Path
) -> None:
    (tmp_path / "file.bin").write_bytes(b"content of a file")
    service.drop(3)
    service.answer({"ok": 1})
    assert (await fetch(service, "/x?a=1", method="POST", **options(tmp_path / "file.bin"))).data == {"ok": 1}
    assert len(service.seen) == 4
    assert service.seen[0].body
    assert all(seen == service.seen[0] for seen in service.seen)


async def test_fact_a_stream_that_cannot_be_sent_again_is_not_retried(service: Any, naps: list[float]) -> None:
    async def stream() -> Any:
        yield b"part"

    service.drop(10)
    with pytest.raises(aiohttp.ClientError):
        await fetch(service, method="POST", data=stream())
    assert ([seen.body for seen in service.seen], naps) == ([b"part"], [])


async def test_fact_nothing_is_printed_or_logged_on_an_error(
    service: Any, naps: list[float], capfd: Any, caplog: Any
) -> None:
    caplog.set_level("DEBUG", logger="autohive_integrations_sdk")
    service.answer({"token": "s3cret"}, status=401)
    with pytest.raises(HTTPError):
        await fetch(service)
    service.answers.clear()
    service.answer(text="{s3cret", Content_Type="application/json")
    await fetch(service)
    service.answers.clear()
    service.drop(10)
    with pytest.raises(aiohttp.ClientError):
        await fetch(service)
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.startswith("autohive")] == []


async def test_fact_the_session_is_made_on_demand_and_kept(service: Any) -> None:
    context = ExecutionContext()
    await context.fetch(service.url)
    session = context._session
    assert session is not None
    await context.fetch(service.url)
    assert context._session is session
    await context.close()
    assert session.closed and context._session is None
    await context.fetch(service.url)
    await context.close()
    await context.close()


async def test_fact_a_session_that_was_closed_is_made_anew(service: Any) -> None:
    context = ExecutionContext()
    await context.fetch(service.url)
    assert context._session is not None
    await context._session.close()
    assert (await context.fetch(service.url)).status == 200
    await context.close()


async def test_fact_many_fetches_at_once_share_one_session(service: Any) -> None:
    async with ExecutionContext() as context:
        responses = await asyncio.gather(*(context.fetch(f"{service.url}/{number}") for number in range(20)))
    assert [response.status for response in responses] == [200] * 20


async def test_fact_a_certificate_is_checked(naps: list[float]) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(Path(__file__).parent / "self_signed.pem")

    async def handle(request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    async with ExecutionContext() as context:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await context.fetch(f"https://127.0.0.1:{runner.addresses[0][1]}/")
    await runner.cleanup()
    assert naps[:3] == [1, 2, 4]


async def test_the_token_does_not_follow_a_redirect_to_another_host(service: Any) -> None:
    other = service.url.replace("127.0.0.1", "localhost")
    service.answer({}, status=302, Location=f"{other}/there")
    service.answer({"ok": 1})
    await fetch(service, auth=PLATFORM)
    assert [("Authorization" in seen.headers, seen.path) for seen in service.seen] == [(True, "/x"), (False, "/there")]
