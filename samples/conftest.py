"""What the samples' tests need: the real echo server on a free port."""

from collections.abc import Iterator

import pytest

from workbench.echo import in_thread


@pytest.fixture(scope="session")
def echo() -> Iterator[str]:
    """The echo server's URL, without a slash at its end."""
    with in_thread() as url:
        yield url
