"""A file that is written as a whole or not at all."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path


def write_whole(place: Path, data: bytes, *, mode: int | None = None, durable: bool = False) -> None:
    """Put ``data`` in the place of a file, which may be missing. Raises :class:`OSError`; the file is then unchanged.

    Without a ``mode`` the file keeps its own, and a new one has the usual. ``durable``: it outlasts a loss of power.
    What is no regular file, a symlink too, is replaced.
    """
    wanted = _mode_of(place) if mode is None else mode
    written = place.with_name(f".new-{secrets.token_hex(6)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(written, flags, 0o666 if wanted is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if wanted is not None:
                os.fchmod(descriptor, wanted)
            if durable:
                os.fsync(descriptor)
        written.replace(place)
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise


def _mode_of(place: Path) -> int | None:
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return None
    return stat.S_IMODE(mode) if stat.S_ISREG(mode) else None
