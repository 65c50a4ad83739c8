"""Cases of fetch, against a server of their own, and of the context."""

import asyncio

import aiohttp
from aiohttp import web
from harness import CONTRACT, OURS, autohive_integrations_sdk, case, sdk, shown


class Server:
    """Answers as told, and keeps what it saw."""

    def __init__(self):
        self.seen, self.answers = [], []

    async def handle(self, request):
        kept = {
            name: value for name, value in request.headers.items() if name in ("Content-Type", "Authorization", "X-A")
        }
        self.seen.append([request.method, request.raw_path, kept, (await request.read()).decode("latin-1")])
        status, body, headers = (
            self.answers.pop(0) if self.answers else (200, b'{"ok":1}', {"Content-Type": "application/json"})
        )
        if status == "drop":
            request.transport.close()
            return web.Response()
        if status == "hang":
            await REAL_SLEEP(1)
            return web.Response()
        return web.Response(status=status, body=body, headers=headers)


REAL_SLEEP = asyncio.sleep


def fetch_case(name, path="/x", answers=(), given=None, settings=None, printed=False, **options):
    async def run():
        server, naps = Server(), []
        server.answers = [answer if isinstance(answer, tuple) else (answer, b"", {}) for answer in answers]
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"

        async def nap(seconds, *rest):
            naps.append(seconds) if seconds < 10 else None
            await REAL_SLEEP(0)

        asyncio.sleep = nap
        try:
            async with sdk.ExecutionContext(auth=given or {}, request_config=settings) as made:
                if OURS:
                    with autohive_integrations_sdk.contracts.use(CONTRACT):
                        got = await made.fetch(url + path, **options)
                else:
                    got = await made.fetch(url + path, **options)
            for name in ("Date", "Server"):
                getattr(got, "headers", {}).pop(name, None)
            got = shown(got)
        except Exception as error:
            got = shown(error)
        finally:
            asyncio.sleep = REAL_SLEEP
            await runner.cleanup()
        return {"got": got, "seen": server.seen, "naps": [nap for nap in naps if nap >= 1]}

    case(f"fetch: {name}", run, printed)


JSON, TEXT = {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}
fetch_case("plain")
fetch_case("params", "/x?a=1", params={"d": {"a": 1}, "l": [1, 2], "n": None, "b": True, "s": "a b&c", "u": "é"})
fetch_case("params, none", params={})
fetch_case("params after a fragment", "/x#part", params={"a": 1})
fetch_case("json", method="POST", json={"a": "é"})
fetch_case("json empty", method="POST", json={})
fetch_case("json with another content type", method="POST", json=[1], content_type="application/vnd.api+json")
fetch_case("json with a header", method="POST", json=[1], headers={"Content-Type": "application/vnd.api+json"})
fetch_case("data as JSON", method="POST", data={"a": 1}, content_type="application/json")
fetch_case("text as JSON", method="POST", data='{"a":1}', content_type="application/json")
fetch_case(
    "data as form", method="PUT", data={"a": 1, "b": "x y", "c": [1]}, content_type="application/x-www-form-urlencoded"
)
fetch_case("data dict", method="POST", data={"a": "1"})
fetch_case("data text", method="POST", data="hello")
fetch_case("data text with a type", method="POST", data="hello", content_type="text/xml")
fetch_case("data bytes", method="POST", data=b"hello")
fetch_case("content type alone", content_type="text/xml")
fetch_case("headers", headers={"X-A": "1"})
fetch_case("token in an envelope", given={"auth_type": "PlatformOauth2", "credentials": {"access_token": "T"}})
fetch_case("token without a type", given={"credentials": {"access_token": "T"}})
fetch_case("token of another type", given={"auth_type": "Custom", "credentials": {"access_token": "T"}})
fetch_case("token flat", given={"access_token": "T"})
fetch_case("token beside a header", given={"credentials": {"access_token": "T"}}, headers={"authorization": "X"})
fetch_case("token empty", given={"credentials": {"access_token": ""}})
fetch_case("answer JSON", answers=[(200, b"[1]", {"Content-Type": "application/json; charset=utf-8"})])
fetch_case("answer broken JSON", answers=[(200, b"{bad", JSON)])
fetch_case("answer empty JSON", answers=[(200, b"", JSON)])
fetch_case("answer text", answers=[(200, b'{"a":1}', TEXT)])
fetch_case("answer empty 200", answers=[(200, b"", TEXT)])
fetch_case("answer empty 201", answers=[(201, b"", TEXT)])
fetch_case("answer empty 202", answers=[(202, b"", TEXT)])
fetch_case("answer empty 204", answers=[(204, b"", {})])
fetch_case("answer vendor JSON", answers=[(200, b"{}", {"Content-Type": "application/vnd.api+json"})])
fetch_case("answer Latin-1", answers=[(200, b"\xe9", {"Content-Type": "text/plain; charset=latin-1"})])
fetch_case("answer not UTF-8", answers=[(200, b"\x89PNG", {"Content-Type": "image/png"})])
fetch_case("answer 404 JSON", answers=[(404, b'{"e":1}', JSON)])
fetch_case("answer 404 text", answers=[(404, b"nf", TEXT)])
fetch_case("answer 500 empty", answers=[(500, b"", {})])
fetch_case("answer 500 printed", answers=[(500, b'{"token":"s3cret"}', JSON)], printed=True)
fetch_case("answer 304", answers=[(304, b"", {})])
fetch_case("answer 429 seconds", answers=[(429, b'{"e":1}', JSON | {"Retry-After": "7"})])
fetch_case("answer 429 without", answers=[(429, b"", {})])
fetch_case("answer 429 date", answers=[(429, b"", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})])
fetch_case("answer 503 with a wait", answers=[(503, b"", {"Retry-After": "7"})])
fetch_case("dropped once", answers=["drop"], method="POST", json={"a": 1})
fetch_case("dropped always", answers=["drop"] * 9, method="POST", json={"a": 1})
fetch_case(
    "dropped, params and data",
    "/x?z=1",
    answers=["drop"],
    method="POST",
    params={"a": 1},
    data={"b": 1},
    content_type="application/json",
)
fetch_case("dropped, two counted", answers=["drop"] * 9, method="POST", retry_count=2)
fetch_case("dropped, one retry", answers=["drop"] * 9, method="POST", settings={"max_retries": 1, "timeout": 5})
fetch_case("dropped, settings in part", answers=["drop"] * 9, method="POST", settings={"timeout": 5})
fetch_case("too slow", answers=["hang"] * 9, method="POST", timeout=0.1, settings={"max_retries": 1, "timeout": 5})


async def session():
    made = sdk.ExecutionContext()
    before = made._session
    async with made as entered:
        inside = isinstance(made._session, aiohttp.ClientSession)
    return [before, entered is made, inside, made._session, made.config, made.auth, made.metadata]


case("context: its session", session)


async def names():
    return {
        "AuthType": [[member.name, member.value] for member in sdk.AuthType],
        "Parameter": shown(sdk.Parameter("a", "b", "c")),
        "HTTPError": [str(sdk.HTTPError(404, "x")), list(sdk.HTTPError(404, "x").args)],
        "RateLimitError": [str(sdk.RateLimitError(1, 429, "x")), sdk.RateLimitError(1, 429, "x").retry_after],
    }


case("names: values", names)
