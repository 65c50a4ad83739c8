"""Reads files of a folder that is not trusted: only regular files inside it, up to a size limit."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_CONFIG = 8 * 1024 * 1024
MAX_SOURCE = 4 * 1024 * 1024


class CatalogError(Exception):
    """A path that cannot be opened; the message says why and what to do, ready to be shown."""


class UnreadableError(Exception):
    """A file that was not read: ``code`` names the kind of reason, the message says it in words, ``line`` where."""

    def __init__(self, code: str, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text. ``bom`` tells that it began with a byte order mark, which is not in ``text``."""

    text: str
    bom: bool = False


def inside(root: Path, name: str) -> Path | None:
    """The place of a relative path, or None where it leads out of ``root`` by ``..``, a symlink or an absolute path.

    Backslashes and control characters are rejected too: another system reads them as another path.
    """
    if not name or "\\" in name or not name.isprintable() or Path(name).is_absolute():
        return None
    place = root / name
    try:
        return place if _straight(root, name) or place.resolve().is_relative_to(root.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _straight(root: Path, name: str) -> bool:
    """Whether a path goes down from ``root`` without ``..`` or a symlink: most do, and it is quick to see."""
    steps = Path(name).parts
    return ".." not in steps and not any(
        os.path.islink(root.joinpath(*steps[:count]))  # noqa: PTH114 - a third of the time of Path.is_symlink
        for count in range(1, len(steps) + 1)
    )


def is_hidden(root: Path, name: str) -> bool:
    """Whether a path inside ``root``, or where its symlinks lead, has a part that starts with a dot."""
    place = root.resolve() / name
    return any(part.startswith(".") for part in (*Path(name).parts, *place.resolve().relative_to(root.resolve()).parts))


def read_bytes(root: Path, name: str, *, most: int) -> bytes:
    """The content of a file inside ``root``. Raises :class:`UnreadableError`."""
    place = inside(root, name)
    if place is None:
        raise UnreadableError("outside", f"{name} is outside the integration's folder, so it was not read.")
    return _content(place, name, most)


def read_text(root: Path, name: str, *, most: int) -> Text:
    """Read a file inside ``root`` as UTF-8. Raises :class:`UnreadableError`."""
    return _decoded(name, read_bytes(root, name, most=most))


def _content(place: Path, name: str, most: int) -> bytes:
    try:
        # Non-blocking, because a FIFO would otherwise wait for a writer before it could be rejected.
        descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UnreadableError("missing", f"There is no {name}.") from None
    except OSError as error:
        raise UnreadableError("unreadable", f"{name} cannot be read: {error.strerror}.") from error
    try:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise UnreadableError("not-a-file", f"{name} is not a file.")
        if seen.st_size > most:
            size, limit = seen.st_size / 1024**2, most // 1024**2
            raise UnreadableError("too-large", f"{name} is too large: {size:.1f} MiB. The limit is {limit} MiB.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    except OSError as error:
        raise UnreadableError("unreadable", f"{name} cannot be read: {error.strerror}.") from error
    finally:
        os.close(descriptor)


def _decoded(name: str, raw: bytes) -> Text:
    bom = raw.startswith(b"\xef\xbb\xbf")
    try:
        return Text(raw[3 if bom else 0 :].decode(), bom)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"0x{raw[error.start]:02x}"
        raise UnreadableError("not-utf-8", f"{name} is not UTF-8: invalid byte {byte} on line {line}.", line) from error


type Signature = tuple[int, int, int, int] | None


def signature(path: Path) -> Signature:
    """What changes when a file or a folder's list of names does: times of content and of inode, size, inode.

    None where there is nothing.
    """
    try:
        seen = path.stat()
    except (OSError, ValueError):
        return None
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino
