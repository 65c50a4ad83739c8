"""What every room's tests may use, and over how many processes they are spread."""

import os
from pathlib import Path

import pytest

CORPUS = Path(__file__).parent / "corpus"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of browsers, servers and workers wait for much of their time."""
    return (os.process_cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """The folders of the real ``config.json`` files, 41 of them."""
    folders = sorted(path.parent for path in CORPUS.glob("*/config.json"))
    assert len(folders) == 41
    return folders
