"""The plugin of pytest: each recording in ``tests/recordings`` of an integration's folder is a test.

The packages in ``dependencies/`` of such a folder have no tests of its own.

It is imported in every run of pytest where the workbench is installed, so it imports nothing before a recording is
found. ``-p no:workbench`` turns it off.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from workbench.testing.replays import ReplayResult, Replays

_FOLDERS = ("recordings", "tests")
_REPLAYS: pytest.StashKey[Replays] = pytest.StashKey()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The recording that stands at ``file_path``, of a folder that has a ``config.json``."""
    if file_path.suffix != ".json" or (file_path.parents[1].name, file_path.parents[2].name) != _FOLDERS:
        return None
    from workbench.recordings.files import file_at

    found = file_at(file_path)
    if found is None or not (found.root / "config.json").is_file():
        return None
    made: RecordedFile = RecordedFile.from_parent(parent, path=file_path)
    return made


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Whether it is the folder of packages beside a ``config.json``: pytest would import their tests, and with them
    other releases than those that are installed, such as an SDK of an earlier one.
    """
    is_packages = collection_path.name == "dependencies" and (collection_path.parent / "config.json").is_file()
    return True if is_packages else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the workers."""
    if (replays := config.stash.get(_REPLAYS, None)) is not None:
        replays.close()


class RecordingFailed(Exception):
    """A recording that its replay differs from, or that could not be replayed; the message says all of it."""


class RecordedFile(pytest.File):
    """A recording's file, which is one test."""

    def collect(self) -> Iterator[pytest.Item]:
        """The test, under the name of the recording."""
        yield RecordedItem.from_parent(self, name=self.path.stem)


class RecordedItem(pytest.Item):
    """The test that a recording is."""

    def runtest(self) -> None:
        """Replay it. Raises :class:`RecordingFailed`."""
        from workbench.testing.report import failure_report

        told = failure_report(self._result())
        if told is not None:
            raise RecordingFailed("\n".join(told.lines))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What the page and ``workbench test`` say; anything else as pytest has it."""
        from workbench.own_sdk import SdkReplaced

        if isinstance(excinfo.value, RecordingFailed | SdkReplaced):
            from workbench.explain.terminal_text import visible

            return visible(str(excinfo.value))
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, and the handler and the name of the recording."""
        return self.path, None, f"{self.path.parent.name}/{self.path.stem}"

    def _result(self) -> ReplayResult:
        from workbench.recordings.files import file_at
        from workbench.testing.replays import Replays

        file = file_at(self.path)
        assert file is not None, "it was one when it was collected"  # noqa: S101
        stash = self.config.stash
        if _REPLAYS not in stash:
            stash[_REPLAYS] = Replays(1)
        result: ReplayResult = stash[_REPLAYS].replay(file)
        return result
