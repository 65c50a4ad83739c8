"""A folder that is made beside its place and takes that place once it is whole; the old one stays until then."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderBusy(Exception):
    """Another installation into the folder is running, here or in another process."""


class Staging:
    """The place where the new folder is made. ``temporary`` is for the tool's own files."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._base = _base(target)
        self.folder = self._base / "new"
        self.temporary = self._base / "tmp"

    def prepare(self) -> None:
        """Clean up after an earlier installation and make the place. Raises :class:`OSError`."""
        self.discard()
        self.temporary.mkdir(parents=True)

    def commit(self, keep: tuple[str, ...] = ()) -> None:
        """Put the new folder in its place, with the entries ``keep`` of the old one that it does not have."""
        self.folder.mkdir(exist_ok=True)
        for name in keep:
            if not (self.folder / name).exists(follow_symlinks=False):
                _copy(self._target / name, self.folder / name)
        old = self._base / "old"
        had_one = self._target.exists(follow_symlinks=False)
        if had_one:
            self._target.rename(old)
        try:
            self.folder.rename(self._target)
        except OSError:
            if had_one:
                old.rename(self._target)
            raise
        self.discard()

    def discard(self) -> None:
        """Remove what is not in its place; an old folder that was moved away is put back where there is no new one."""
        old = self._base / "old"
        with contextlib.suppress(OSError):
            if old.exists(follow_symlinks=False) and not self._target.exists(follow_symlinks=False):
                old.rename(self._target)
        if self._base.is_symlink():
            self._base.unlink()
        elif self._base.exists():
            shutil.rmtree(self._base, ignore_errors=True)


def recover(target: Path) -> None:
    """Clean up after an installation that was interrupted with its process; one that is running is not touched."""
    if _base(target).exists(follow_symlinks=False):
        with contextlib.suppress(FolderBusy, OSError), locked(target.parent):
            Staging(target).discard()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one installation. Raises :class:`FolderBusy` and :class:`OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy(f"An installation into {folder} is running already. Wait for its end.") from None
        yield
    finally:
        os.close(descriptor)


def _base(target: Path) -> Path:
    return target.parent / f".{target.name}-installation"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    elif source.exists(follow_symlinks=False):
        shutil.copy2(source, target, follow_symlinks=False)
