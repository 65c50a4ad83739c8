"""The files of an integration that were saved, as they are saved."""

import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from watchfiles import Change, watch
from watchfiles.main import FileChange

from workbench.reruns.saved_files import is_left_out

_MOST_FOLDERS: Final = 1_000
_QUIET: Final = 20
"""Milliseconds without a change after which a burst is over."""
_LONGEST_BURST: Final = 400
_LOOK: Final = 50
"""Milliseconds after which it is seen whether the time is over."""


class FileWatch:
    """Waits for files of one folder to be saved, from when it is made on.

    Installed packages, caches and hidden folders are not looked at.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._changes = self._watch()
        self._first = next(self._changes)

    def wait(self, seconds: float) -> frozenset[str]:
        """The files that were saved, relative to the folder; empty where none was within about ``seconds``."""
        end = monotonic() + seconds
        changes, self._first = self._first, set()
        while not (found := self._files(changes)) and monotonic() < end:
            changes = next(self._changes)
        return found

    def _files(self, changes: Iterable[FileChange]) -> frozenset[str]:
        """The files among the changes; a folder that is new is watched from now on."""
        paths = [path for _, path in changes]
        if any(Path(path).is_dir() for path in paths):
            self._changes.close()
            self._changes = self._watch()
            self._first = next(self._changes)
        return frozenset(self._relative(path) for path in paths if path.endswith(".py") or Path(path).is_file())

    def _watch(self) -> Generator[set[FileChange]]:
        return watch(
            *_folders(self._root),
            watch_filter=self._is_own,
            debounce=_LONGEST_BURST,
            step=_QUIET,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=True,
            ignore_permission_denied=True,
        )

    def close(self) -> None:
        """End the watch."""
        self._changes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _is_own(self, change: Change, path: str) -> bool:
        return not any(map(is_left_out, Path(self._relative(path)).parts))

    def _relative(self, path: str) -> str:
        return Path(os.path.relpath(path, self._root)).as_posix()


def saved_since(root: Path, moment: float) -> frozenset[str]:
    """The files that were saved after ``moment``, in seconds since the epoch; those of folders that are watched."""
    found: set[str] = set()
    for folder in _folders(root.absolute()):
        for entry in _entries(folder):
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime > moment:
                found.add(Path(entry.path).relative_to(root.absolute()).as_posix())
    return frozenset(found)


def _folders(root: Path) -> tuple[Path, ...]:
    """The folder and those in it that are watched."""
    return tuple(folder for folder, _ in zip(_walk(root), range(_MOST_FOLDERS), strict=False))


def _walk(root: Path) -> Iterator[Path]:
    todo = [root]
    while todo:
        folder = todo.pop(0)
        yield folder
        todo += [Path(entry.path) for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted((one for one in found if not is_left_out(one.name)), key=lambda one: one.name)
    except OSError:
        return []
