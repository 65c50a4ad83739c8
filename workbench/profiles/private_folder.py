"""A folder that only its owner can read, and files in it: written as a whole or not at all, no symlink followed."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from workbench.whole_file import write_whole

_LARGEST: Final = 8 * 1024 * 1024


class FileTrouble(StrEnum):
    """Why a file of saved profiles was not read or written."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NEWER = "newer"
    SYMLINK = "symlink"
    NOT_OURS = "not-ours"
    TOO_LARGE = "too-large"
    FAILED = "failed"
    KEYRING_FAILED = "keyring-failed"
    KEYRING_EMPTY = "keyring-empty"


class ProfilesError(Exception):
    """Saved profiles that were not read or written: the kind of reason, the file, and what the system said of it."""

    def __init__(self, trouble: FileTrouble, path: Path, detail: str = "") -> None:
        super().__init__(f"{path}: {trouble}{f' ({detail})' if detail else ''}")
        self.trouble = trouble
        self.path = path
        self.detail = detail


class PrivateFolder:
    """A folder of mode 0700 with files of mode 0600; it is made when the first file is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none. Raises :class:`ProfilesError`."""
        place = self.path / name
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _error(place, error) from error
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.getuid():
                raise ProfilesError(FileTrouble.NOT_OURS, place)
            if facts.st_size > _LARGEST:
                raise ProfilesError(FileTrouble.TOO_LARGE, place)
            if facts.st_mode & 0o077:
                os.fchmod(descriptor, 0o600)
            return file.read(_LARGEST)

    def write(self, name: str, data: bytes) -> None:
        """Replace a file as a whole. Raises :class:`ProfilesError`."""
        self._make()
        place = self.path / name
        if place.is_symlink():
            raise ProfilesError(FileTrouble.SYMLINK, place)
        try:
            write_whole(place, data, mode=0o600, durable=True)
        except OSError as error:
            raise _error(place, error) from error

    def remove(self, name: str) -> None:
        """Delete a file, where there is one. Raises :class:`ProfilesError`."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise _error(self.path / name, error) from error

    def set_aside(self, name: str) -> Path:
        """Give a file that cannot be read another name, which is returned. Raises :class:`ProfilesError`."""
        place = self.path / name
        stamp = time.strftime("%Y%m%dT%H%M%S")
        other = next(
            path
            for number in range(1, 1000)
            if not (path := self.path / f"{name}.set-aside-{stamp}-{number}").exists(follow_symlinks=False)
        )
        try:
            place.rename(other)
        except OSError as error:
            raise _error(place, error) from error
        return other

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from writing meanwhile. Raises :class:`ProfilesError`."""
        self._make()
        place = self.path / ".lock"
        try:
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _error(place, error) from error
        with os.fdopen(descriptor):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        """Make the folder, or see that it is one of ours that nobody else can enter."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=0o700, exist_ok=True)
            facts = self.path.lstat()
            if stat.S_ISLNK(facts.st_mode):
                raise ProfilesError(FileTrouble.SYMLINK, self.path)
            if facts.st_uid != os.getuid():
                raise ProfilesError(FileTrouble.NOT_OURS, self.path)
            if facts.st_mode & 0o077:
                self.path.chmod(0o700)
        except OSError as error:
            raise _error(self.path, error) from error


def _error(path: Path, error: OSError) -> ProfilesError:
    is_link = path.is_symlink()
    return ProfilesError(FileTrouble.SYMLINK if is_link else FileTrouble.FAILED, path, error.strerror or str(error))
