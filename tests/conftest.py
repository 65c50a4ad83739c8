"""What every room's tests may use."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """The folders of the real ``config.json`` files, 41 of them."""
    folders = sorted(path.parent for path in CORPUS.glob("*/config.json"))
    assert len(folders) == 41
    return folders
