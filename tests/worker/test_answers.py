"""A run whose requests are answered from the exchanges of an earlier one, in a real worker."""

import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from workbench.answers.from_run import answers_of_run
from workbench.answers.recording import stored_in_part
from workbench.domain import Answers, AnswerSource, Exchange, FailureKind, OnUnmatched, Request, Response, Run, Status
from workbench.events.redactor import Redactor
from workbench.system import PORTABLE


def _replay(request, seen, **changes):
    run = Run("1", request, 0.0, seen.outcome)
    return replace(request, answers=answers_of_run(Redactor.for_request(request).run(run)), **changes)


def test_fetch_repeats_its_recording_without_a_server(run, integration, http) -> None:
    request = integration(f'return {{"text": await context.fetch("{http}/text", params={{"a": "1"}})}}')
    first = run(request)
    assert first.finished.status is Status.SUCCEEDED, first.finished.error

    closed = replace(request, inputs={})
    second = run(_replay(closed, first))

    assert second.finished.status is Status.SUCCEEDED, second.finished.error
    assert second.outcome.result == first.outcome.result == {"text": "hello"}
    (before,), (after,) = first.outcome.exchanges, second.outcome.exchanges
    assert (after.request, after.response) == (before.request, before.response)
    assert (after.origin.source, after.origin.recorded) == (AnswerSource.RECORDING, before.id)
    assert before.origin.source is AnswerSource.LIVE


RETRIES = """
import time
import urllib.request
from contextlib import suppress

async def ask():
    async with aiohttp.ClientSession() as session, session.get("{http}/text") as response:
        return await response.text()

started = time.monotonic()
found = []
with suppress(TimeoutError):
    async with asyncio.timeout(60):
        await asyncio.Event().wait()
for wait in (20, 30):
    await asyncio.sleep(wait)
    time.sleep(wait)
    found.append(await ask())
found.append(await asyncio.to_thread(lambda: urllib.request.urlopen("{http}/text").read().decode()))
return {{"found": found, "long": time.monotonic() - started > 15}}
"""


def _exchange(number: int, url: str, library: str = "aiohttp", **more) -> Exchange:
    response = more.pop("response", Response(200, "OK", body=b"hello", size=5))
    return Exchange(number, number, 1, library, Request("GET", url), 0.0, 1.0, response, body_state="complete", **more)


def test_nobody_waits_in_a_replay(run, integration) -> None:
    http = "http://api.example.com"
    body = "import asyncio\nimport aiohttp\n" + RETRIES.format(http=http)
    recorded = tuple(_exchange(number, f"{http}/text") for number in (1, 2, 3))
    seen = run(integration(body, answers=Answers(AnswerSource.RECORDING, "", recorded), timeout=200.0))

    assert seen.finished.status is Status.SUCCEEDED, seen.finished.error
    assert seen.outcome.result == {"found": ["hello"] * 3, "long": False}
    assert [one.origin.recorded for one in seen.outcome.exchanges] == [1, 2, 3]


def test_nobody_waits_beside_a_library_whose_sockets_are_looked_for(run, integration) -> None:
    body = """
        import asyncio
        import threading
        import psycopg2
        await asyncio.sleep(3600)
        return {"threads": [one.name for one in threading.enumerate()]}
        """
    files = {"psycopg2/__init__.py": "def connect(): ...\nfrom psycopg2 import _psycopg", "psycopg2/_psycopg.py": ""}
    seen = run(integration(body, files=files, answers=Answers(AnswerSource.RECORDING, "none"), timeout=4000.0))

    assert seen.finished.status is Status.SUCCEEDED, seen.finished.error
    assert seen.outcome.result == {"threads": ["MainThread"]}


def test_nobody_waits_beside_a_channel_of_grpc(run, integration) -> None:
    body = """
        import asyncio
        import grpc.aio
        async with grpc.aio.insecure_channel("127.0.0.1:1"):
            started = time.monotonic()
            await asyncio.sleep(20)
            return {"long": time.monotonic() - started > 15}
        """
    seen = run(integration("import time\n" + textwrap.dedent(body), answers=Answers(AnswerSource.RECORDING, "none")))

    assert seen.finished.status is Status.SUCCEEDED, seen.finished.error
    assert seen.outcome.result == {"long": False}


CONNECTIONS = """
import asyncio
import socket
import urllib.request

errors, packets = [], socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for connect in (
    lambda: socket.create_connection(("127.0.0.1", {port})),
    lambda: socket.getaddrinfo("localhost.invalid", 80),
    lambda: urllib.request.urlopen("http://127.0.0.1:{port}/other?a=1"),
    lambda: socket.gethostbyname("localhost.invalid"),
    lambda: packets.sendmsg([b"one"], [], 0, ("127.0.0.1", 9)),
):
    try:
        connect()
    except Exception as error:
        errors.append(f"{{type(error).__name__}}: {{error}}")
try:
    await asyncio.open_connection("127.0.0.1", {port})
except Exception as error:
    errors.append(f"{{type(error).__name__}}: {{error}}")
packets.close()
print(socket.gethostbyname("127.0.0.1"), "needs no lookup")
print("\\n".join(errors))
await context.fetch("http://127.0.0.1:{port}/text?page=2")
"""


def test_a_replay_opens_no_connection_and_says_what_was_not_recorded(run, integration, http) -> None:
    port = http.rpartition(":")[2]
    recorded = (_exchange(1, f"{http}/text?page=1"),)
    seen = run(integration(CONNECTIONS.format(port=port), answers=Answers(AnswerSource.RECORDING, "", recorded)))

    numeric, *lines = seen.text("stdout").splitlines()
    assert numeric == "127.0.0.1 needs no lookup"
    assert [line.partition(":")[0] for line in lines] == ["NoRecordedAnswer"] * 6
    assert lines[0].endswith(f"no answer to a connection to 127.0.0.1:{port}: a replay opens none.")
    assert "GET http://127.0.0.1" in lines[2]
    assert seen.finished.status is Status.FAILED
    assert seen.finished.error.type.endswith("NoRecordedAnswer")
    assert seen.finished.error.message == (
        f"The recording has no answer to GET {http}/text?page=2. Exchange 1 comes closest; it differs in "
        'query /page: recorded "1", sent "2".'
    )
    assert [one.origin.unmatched.closest for one in seen.outcome.exchanges] == [1, 1]
    assert {one.error.kind for one in seen.outcome.exchanges} == {FailureKind.OTHER}
    assert seen.outcome.uncaptured == ()
    assert f"socket (probe.py:14) was not let connect to 127.0.0.1:{port}: a replay opens no connection." in seen.notes


def test_what_was_not_recorded_may_go_to_the_network(run, integration, http) -> None:
    body = f'return {{"text": await context.fetch("{http}/text")}}'
    answers = Answers(AnswerSource.RECORDING, "", (_exchange(1, f"{http}/other"),), on_unmatched=OnUnmatched.LIVE)
    seen = run(integration(body, answers=answers))

    assert seen.outcome.result == {"text": "hello"}
    (one,) = seen.outcome.exchanges
    assert (one.origin.source, one.origin.unmatched.closest) == (AnswerSource.LIVE, 1)
    assert seen.outcome.uncaptured == ()


def test_a_part_of_a_response_is_no_answer_but_where_the_closest_is_taken(run, integration, http) -> None:
    part = Response(200, "OK", headers=(("Content-Type", "text/plain"),), body=b"hel", size=2_000_000, cut=True)
    stored = (replace(_exchange(1, f"{http}/text"), response=part),)
    body = f'return {{"text": await context.fetch("{http}/text")}}'
    found = {
        choice: run(integration(body, answers=Answers(AnswerSource.RECORDING, "", stored, on_unmatched=choice)))
        for choice in OnUnmatched
    }
    failed, closest, live = (found[choice].outcome for choice in OnUnmatched)
    assert failed.status is Status.FAILED
    assert found[OnUnmatched.FAIL].finished.error.message == (
        f"The recorded response to GET {http}/text cannot be replayed: 3 of its 2,000,000 bytes are stored."
    )
    (unmatched,) = (one.origin.unmatched for one in failed.exchanges)
    assert (unmatched.closest, unmatched.stored, unmatched.size) == (1, 3, 2_000_000)
    assert (closest.result, live.result) == ({"text": "hel"}, {"text": "hello"})
    assert any("Only 3 of 2,000,000 bytes are stored" in note for note in found[OnUnmatched.CLOSEST].notes)
    moved = replace(part, status=302, body=b"", headers=(("Location", "/other"),))
    assert stored_in_part(replace(stored[0], response=moved)) is None, "nobody reads it, and browsers do not store it"


SLOW_THREADS = """
import asyncio
import threading
import urllib.request

import aiohttp
import httpx

loop = asyncio.get_running_loop()
tell = loop.call_soon_threadsafe

def tell_late(*args, **options):
    threading.Event().wait(0.05)
    told = tell(*args, **options)
    threading.Event().wait(0.05)  # the loop goes on meanwhile, and finds the thread at work
    return told

loop.call_soon_threadsafe = tell_late

async def by_aiohttp():
    async with aiohttp.ClientSession() as session, session.get("{http}/text") as response:
        return await response.text()

async def by_httpx():
    async with httpx.AsyncClient() as client, client.stream("GET", "{http}/text") as response:
        return (await response.aread()).decode()

async def by_thread():
    return await asyncio.to_thread(lambda: urllib.request.urlopen("{http}/text").read().decode())

async def of_pool():
    return await asyncio.to_thread(lambda: threading.Event().wait(0.05) or "hello")

found = []
for ask in (by_aiohttp, by_httpx, by_thread, of_pool):
    async with asyncio.timeout(60):
        found.append(await ask())
await asyncio.sleep(3600)  # a pool's thread that has nothing to do is still there
return {{"found": found}}
"""


def test_no_timeout_comes_while_a_thread_hands_over_what_it_fetched(run, integration, http) -> None:
    answers = Answers(AnswerSource.RECORDING, "", (_exchange(1, f"{http}/other"),), on_unmatched=OnUnmatched.LIVE)
    seen = run(integration(SLOW_THREADS.format(http=http), answers=answers))

    assert seen.finished.status is Status.SUCCEEDED, seen.finished.error
    assert seen.outcome.result == {"found": ["hello"] * 4}
    assert [one.error for one in seen.outcome.exchanges] == [None] * 3


CHILD = """
import subprocess
import sys
code = "import socket; socket.create_connection(('127.0.0.1', {port}), 5); print('connected')"
made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
return {{"said": made.stdout.strip() or made.stderr.strip().splitlines()[-1]}}
"""


def test_a_child_process_of_a_replay_has_no_network_and_is_named(run, integration, http) -> None:
    request = integration(CHILD.format(port=http.rpartition(":")[2]))
    first = run(request)
    assert first.outcome.result == {"said": "connected"}
    [started] = first.outcome.uncaptured
    assert (started.is_process, started.is_stopped) == (True, None)
    assert started.place is not None and started.place.line > 0
    second = run(replace(request, answers=Answers(AnswerSource.RECORDING, "none")))
    [child] = second.outcome.uncaptured
    is_portable = sys.platform != "linux" or os.environ.get(PORTABLE) == "1"  # where no system call does it
    said = "connected" if is_portable else ("OSError: [Errno 101]", "PermissionError: [Errno 13]")
    assert second.outcome.result["said"].startswith(said)
    assert child.is_stopped is not is_portable


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is of Linux")
def test_landlock_stops_connections_of_any_process() -> None:
    code = (
        "import socket\n"
        "from workbench.system import closed_network\n"
        "if not closed_network._without_tcp(): print('none')\n"
        "else:\n"
        "    try: socket.create_connection(('127.0.0.1', 9))\n"
        "    except OSError as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("PermissionError", "none")  # a kernel before 6.7 has none
