"""Requests of tasks that are made of a library's coroutines belong to the line that made the task."""

import asyncio
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest

from tests.worker.capture.wire_server import WireServer

CLIENT = """
import asyncio

async def fetch(client, url):
    return (await client.get(url)).content

async def fetch_later(client, url):
    return await asyncio.create_task(fetch(client, url))
"""


@pytest.fixture
def client() -> Any:
    """A package of other people's code, as the client of an API is."""
    package: dict[str, Any] = {"__name__": "client"}
    exec(compile(CLIENT, "/elsewhere/client.py", "exec"), package)
    return SimpleNamespace(**package)


async def test_a_task_of_a_library_belongs_to_the_line_that_made_it(captured, client) -> None:
    server = WireServer()
    url = f"{server.url}/ok"
    async with httpx.AsyncClient() as session:
        await asyncio.gather(client.fetch(session, url), client.fetch_later(session, url))  # gather
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(client.fetch(session, url))  # a group of tasks
        async with anyio.create_task_group() as started:
            started.start_soon(client.fetch, session, url)  # anyio
        task = asyncio.get_running_loop().create_task(client.fetch(session, url))  # the loop
        asyncio.get_running_loop().set_task_factory(lambda loop, coro: asyncio.Task(coro, loop=loop))
        await asyncio.gather(task, client.fetch(session, url))  # a factory that takes no context
        asyncio.get_running_loop().set_task_factory(None)
    server.close()

    sources = [one.call_site.source.rpartition("# ")[2] for one in captured.exchanges if one.call_site]
    assert sorted(sources) == sorted(
        ["gather", "gather", "a group of tasks", "anyio", "the loop", "a factory that takes no context"]
    )


async def test_a_task_of_own_code_shows_its_own_line(captured) -> None:
    server = WireServer()

    async def fetch(session: httpx.AsyncClient) -> None:
        await session.get(f"{server.url}/ok")  # its own line

    async with httpx.AsyncClient() as session:
        await asyncio.gather(fetch(session), fetch(session))
    server.close()
    assert {one.call_site.source.strip() for one in captured.exchanges} == {
        'await session.get(f"{server.url}/ok")  # its own line'
    }
