"""Writes to a user's files, in one place: a JSON Patch applied to the text of ``config.json``.

Only the patched lines change. A file that changed since its run was started is not written, nor is one that a symlink
in the folder points to outside of it.
"""

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.catalog.config.document import NAME
from workbench.catalog.files.file_reader import MAX_CONFIG, CatalogError, UnreadableError, inside, read_text
from workbench.jsondoc.patch import Patch, apply
from workbench.jsondoc.rewrite import parse_document, rewrite

_BOM = "\ufeff"


class WriteError(CatalogError):
    """``config.json`` was not written and is as it was; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """``config.json`` as it is and as it would be. ``digest`` is that of the text as it is."""

    before: str
    after: str
    digest: str


def config_digest(root: Path) -> str:
    """What tells one content of ``config.json`` from another; empty where the file cannot be read."""
    try:
        return text_digest(_read(root))
    except WriteError:
        return ""


def config_text(root: Path) -> str:
    """``config.json`` as it is, a byte order mark included. Raises :class:`WriteError` where it cannot be read."""
    return _read(root)


def plan_change(root: Path, digest: str, patch: Patch) -> FileChange:
    """``config.json`` with ``patch`` applied, nothing written.

    Raises :class:`WriteError` where the file is no longer the one of ``digest``, or cannot take the patch.
    """
    before = _read(root)
    if not digest:
        raise WriteError("The workbench has no copy of config.json from this run. Run it again, then apply the fix.")
    if text_digest(before) != digest:
        raise WriteError("config.json has changed since this run, so it was not written. Run it again first.")
    try:
        after = rewrite(before, patch)
        same = parse_document(after) == apply(parse_document(before), patch)
    except (ValueError, RecursionError) as error:
        raise WriteError(f"This change cannot be made in config.json: {error} Edit the file yourself.") from error
    if not same:
        raise WriteError("This change cannot be made in config.json. Edit the file yourself.")
    return FileChange(before, after, digest)


def write_change(root: Path, digest: str, patch: Patch) -> FileChange:
    """Do what :func:`plan_change` tells of. The new file stands in place of the old one at once or not at all.

    Raises :class:`WriteError`.
    """
    change = plan_change(root, digest, patch)
    _replace(root, digest, change.after)
    return change


def restore(root: Path, digest: str, text: str) -> None:
    """Put ``text`` back, where ``config.json`` is still the file of ``digest``. Raises :class:`WriteError`."""
    if config_digest(root) != digest:
        raise WriteError("config.json has changed since the workbench wrote it, so the change was not undone.")
    _replace(root, digest, text)


def text_digest(text: str) -> str:
    """The digest of a file with that text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _replace(root: Path, digest: str, text: str) -> None:
    place = _place(root)
    try:
        with _folder(place.parent) as folder:
            mode = os.stat(place.name, dir_fd=folder, follow_symlinks=False).st_mode
            if not stat.S_ISREG(mode):
                raise WriteError("config.json is no longer a regular file, so it was not written.")
            with _written(folder, text.encode(), stat.S_IMODE(mode)) as written:
                if text_digest(_read(root)) != digest:
                    raise WriteError("config.json has just changed, so it was not written. Run it again first.")
                os.replace(written, place.name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise WriteError(f"config.json cannot be written: {error.strerror}. The file is unchanged.") from error


def _place(root: Path) -> Path:
    """Where the file really stands: inside the folder, whatever symlinks there are."""
    found = inside(root, NAME)
    if found is None:
        raise WriteError("config.json is outside the integration's folder, so it was not written.")
    return found.resolve()


def _read(root: Path) -> str:
    try:
        read = read_text(root, NAME, most=MAX_CONFIG)
    except UnreadableError as error:
        raise WriteError(str(error)) from error
    return (_BOM if read.bom else "") + read.text


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    """The folder itself, whatever its path may lead to a moment later."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _written(folder: int, content: bytes, mode: int) -> Iterator[str]:
    """A new file with that content beside the old one; taken away again where it was not put in its place."""
    name = f".{NAME}.{secrets.token_hex(6)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        yield name
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
