"""A real echo server on a free port, shared by the room's tests."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from workbench.echo import in_thread


@pytest.fixture(scope="session")
def echo() -> Iterator[str]:
    """The server's URL."""
    with in_thread() as url:
        yield url


@pytest.fixture
async def client(echo: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client whose paths are relative to the server."""
    async with aiohttp.ClientSession(echo) as session:
        yield session
