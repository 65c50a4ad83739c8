"""A folder of small files that may be lost at any time: private, bounded, and safe for several processes."""

import contextlib
import hashlib
import os
import stat
from pathlib import Path

from workbench.whole_file import write_whole

_LARGEST = 1024 * 1024
_DIGEST_LENGTH = 32


class CacheFolder:
    """Files by name below ``path``, which is made when the first is written. Nothing is raised: a cache may be missing.

    A file that is damaged, or that another user could have written, counts as missing.
    """

    def __init__(self, path: Path, *, most: int) -> None:
        """Hold at most about ``most`` files; :meth:`prune` deletes the oldest."""
        self.path = path
        self._most = most
        self._usable: bool | None = None
        self._has_written = False

    def read(self, name: str) -> bytes | None:
        """The content of a file as it was written, or None."""
        if not self._is_usable():
            return None
        try:
            descriptor = os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.getuid() or facts.st_size > _LARGEST:
                return None
            with contextlib.suppress(OSError):
                digest, data = file.read(_DIGEST_LENGTH), file.read(_LARGEST)
                return data if digest == _digest(data) else None
        return None

    def write(self, name: str, data: bytes) -> None:
        """Replace a file as a whole: another process reads the old one or the new one."""
        if len(data) + _DIGEST_LENGTH > _LARGEST or not self._is_usable(make=True):
            return
        with contextlib.suppress(OSError):
            write_whole(self.path / name, _digest(data) + data, mode=0o600)
            self._has_written = True

    def prune(self) -> None:
        """Delete the oldest of too many files, if any was written."""
        if not self._has_written:
            return
        with contextlib.suppress(OSError), os.scandir(self.path) as entries:
            ages = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries)
            for _, path in ages[: max(0, len(ages) - self._most)]:
                os.unlink(path)  # noqa: PTH108

    def _is_usable(self, *, make: bool = False) -> bool:
        """Whether the folder is there and nobody else can write to it."""
        if self._usable is None or (make and not self._usable):
            self._usable = self._look(make=make)
        return self._usable

    def _look(self, *, make: bool) -> bool:
        try:
            if make:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.mkdir(mode=0o700, exist_ok=True)
            facts = self.path.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def _digest(data: bytes) -> bytes:
    """What stands before the data in its file, so that a torn or damaged one is noticed."""
    return hashlib.blake2b(data, digest_size=_DIGEST_LENGTH).digest()
