"""Work that a handler does not wait for: tasks and threads that still run, and errors that nobody asks for."""

from typing import Any

import pytest

from workbench.domain import Run, Status
from workbench.explain import headline
from workbench.explain.statuses import status_word
from workbench.explain.text import plain
from workbench.explain.warnings import run_warnings

HELPERS = """
import threading
from concurrent.futures import ThreadPoolExecutor
kept = []

async def refresh(seconds=30):
    await asyncio.sleep(seconds)

async def fail():
    raise ValueError("no cache")

def crunch(seconds=3.0):
    time.sleep(seconds)

def explode():
    raise OSError("disk")
"""


def said(run: Run) -> list[str]:
    return [plain(warning.sentence) for warning in run_warnings.of_run(run)]


def line(run: Run, text: str) -> str:
    source = (run.request.root / "one.py").read_text().splitlines()
    return f"one.py:{next(number for number, each in enumerate(source, 1) if text in each)}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "kept.append(asyncio.create_task(refresh()))  # here\nreturn {'a': 1}",
            "1 task was still running when the handler was over: refresh (started in {here}). "
            "Await tasks before the handler returns.",
        ),
        (
            "threading.Thread(target=crunch, daemon=True).start()  # here\nreturn {'a': 1}",
            "1 thread was still running when the handler was over: crunch (started in {here}). "
            "Join threads before the handler returns.",
        ),
        (
            "threading.Timer(3, print).start()  # here\nkept.append(asyncio.ensure_future(refresh()))\nreturn {}",
            "1 task and 1 thread were still running when the handler was over: refresh (started in {next}), "
            "Timer (started in {here}). Await tasks and join threads before the handler returns.",
        ),
        (
            "kept.append(asyncio.create_task(asyncio.sleep(30)))  # here\nawait asyncio.sleep(0)\nreturn {}",
            "1 task was still running when the handler was over: sleep (started in {here}). "
            "Await tasks before the handler returns.",
        ),
        (
            "for _ in range(5): kept.append(asyncio.create_task(refresh()))  # here\nreturn {}",
            "5 tasks were still running when the handler was over: refresh (started in {here}), "
            "refresh (started in {here}), refresh (started in {here}) and 2 more. "
            "Await tasks before the handler returns.",
        ),
    ],
)
def test_what_still_runs_is_named_with_its_line(do_run: Any, body: str, expected: str) -> None:
    run = do_run(body, before=HELPERS)
    here = line(run, "# here")
    following = f"one.py:{int(here.partition(':')[2]) + 1}"
    [words] = said(run)
    assert words == expected.format(here=here, next=following)
    assert (run.outcome.status, status_word(run).tone) == (Status.SUCCEEDED, "ok")


def test_a_thread_of_a_pool_is_named_by_where_it_is(do_run: Any) -> None:
    body = "kept.append(ThreadPoolExecutor(1).submit(crunch, 3.0))\nawait asyncio.sleep(0.1)\nreturn {}"
    run = do_run(body, before=HELPERS)
    [words] = said(run)
    assert words.startswith("1 thread was still running when the handler was over: ThreadPoolExecutor-")
    assert f"(at {line(run, 'time.sleep(seconds)')})" in words


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "kept.append(asyncio.create_task(fail()))  # here\nawait asyncio.sleep(0.01)\nreturn {'a': 1}",
            "Returned an object with a, but the task fail (started in {here}) failed: ValueError: no cache in {fail}, "
            "and nothing awaited it.",
        ),
        (
            "asyncio.create_task(fail())  # here\nawait asyncio.sleep(0.01)\nreturn {'a': 1}",
            "Returned an object with a, but the task fail (started in {here}) failed: ValueError: no cache in {fail}, "
            "and nothing awaited it.",
        ),
        (
            "with ThreadPoolExecutor(1) as pool:\n    pool.submit(explode)  # here\nreturn {'a': 1}",
            "Returned an object with a, but the call explode (started in {here}) failed: OSError: disk in {disk}, "
            "and nothing asked for its result.",
        ),
        (
            "with ThreadPoolExecutor(1) as pool:\n    pool.map(lambda one: explode(), [1])  # here\nreturn {'a': 1}",
            "Returned an object with a, but the call Go.execute.<locals>.<lambda> (started in {here}) failed: "
            "OSError: disk in {disk}, and nothing asked for its result.",
        ),
        (
            "t = threading.Thread(target=explode)\nt.start()  # here\nt.join()\nreturn {'a': 1}",
            "Returned an object with a, but the thread explode (started in {here}) failed: OSError: disk in {disk}.",
        ),
    ],
)
def test_an_error_that_nobody_asked_for_is_in_the_headline(do_run: Any, body: str, expected: str) -> None:
    run = do_run(body, before=HELPERS)
    places = {"here": line(run, "# here"), "fail": line(run, "no cache"), "disk": line(run, '"disk"')}
    assert plain(headline.tell(run)) == expected.format(**places)
    assert (status_word(run).text, status_word(run).tone) == ("Background error", "warn")
    if "kept" not in body and "Pool" not in body:  # Python prints it when the task is freed
        assert any("no cache" in item.text or "disk" in item.text for item in run.outcome.output)


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.gather(refresh(0), asyncio.to_thread(crunch, 0.0))\nreturn {}",
        "await asyncio.gather(fail(), refresh(0), return_exceptions=True)\nreturn {}",
        "async with asyncio.TaskGroup() as group:\n    group.create_task(refresh(0))\nreturn {}",
        "async with asyncio.timeout(5):\n    await asyncio.wait_for(refresh(0), 5)\nreturn {}",
        "task = asyncio.create_task(refresh())\ntask.cancel()\nawait asyncio.sleep(0)\nreturn {}",
        "task = asyncio.create_task(fail())\ntry:\n    await task\nexcept ValueError:\n    return {}",
        "with ThreadPoolExecutor(2) as pool:\n    list(pool.map(crunch, [0.0, 0.0]))\nreturn {}",
        "with ThreadPoolExecutor(1) as pool:\n    one = pool.submit(explode)\n"
        "assert isinstance(one.exception(), OSError)\nreturn {}",
        "with ThreadPoolExecutor(1) as pool:\n    pool.submit(explode).add_done_callback(lambda one: one.exception())\n"
        "return {}",
        "pool = ThreadPoolExecutor(1)\ntry:\n    await asyncio.get_running_loop().run_in_executor(pool, explode)\n"
        "except OSError:\n    return {}",
        "pool = kept\npool.append(ThreadPoolExecutor(2))\npool[0].submit(crunch, 0.0).result()\nreturn {}",
        "asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)\n"
        "await asyncio.gather(refresh(0), refresh(0))\nreturn {}",
        "asyncio.get_running_loop().call_later(30, print)\nreturn {}",
    ],
)
def test_work_that_is_waited_for_is_no_warning(do_run: Any, body: str) -> None:
    run = do_run(body, before=HELPERS)
    assert (run.outcome.status, run.outcome.background) == (Status.SUCCEEDED, ())


def test_tasks_of_libraries_are_not_the_integrations(do_run: Any) -> None:
    body = """
    async def answer(request):
        return web.json_response({})
    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    return await context.fetch(f"http://127.0.0.1:{port}/")
    """
    assert said(do_run(body, before="from aiohttp import web")) == []


def test_a_handler_that_fails_tells_what_it_left(do_run: Any) -> None:
    run = do_run("kept.append(asyncio.create_task(refresh()))\nraise KeyError('x')", before=HELPERS)
    assert run.outcome.status is Status.FAILED
    assert [words.partition(":")[0] for words in said(run)] == ["1 task was still running when the handler was over"]


def test_only_the_first_tasks_are_told(do_run: Any) -> None:
    run = do_run("kept.extend(asyncio.create_task(refresh()) for _ in range(500))\nreturn {}", before=HELPERS)
    assert len(run.outcome.background) == 20
