"""Writes ``workbench.toml``: as a whole or not at all, where it is still the text that was shown."""

from pathlib import Path

from workbench.catalog.config.writer import text_digest
from workbench.catalog.files.file_reader import CatalogError, UnreadableError, inside, read_text
from workbench.catalog.workbench_toml import LARGEST, NAME
from workbench.whole_file import write_whole

_BOM = "\ufeff"


class TomlWriteError(CatalogError):
    """``workbench.toml`` was not written and is as it was; the message says why and what to do."""


def toml_text(root: Path) -> str:
    """The text of the file, a byte order mark included; empty where it is missing. Raises :class:`TomlWriteError`."""
    try:
        read = read_text(root, NAME, most=LARGEST)
    except UnreadableError as error:
        if error.code == "missing":
            return ""
        raise TomlWriteError(str(error)) from error
    return (_BOM if read.bom else "") + read.text


def write_toml(root: Path, digest: str, text: str) -> None:
    """Put ``text`` in the place of the text of ``digest``. Raises :class:`TomlWriteError`."""
    place = inside(root, NAME)
    if place is None:
        raise TomlWriteError(f"{NAME} is outside the integration's folder, so it was not written.")
    if text_digest(toml_text(root)) != digest:
        raise TomlWriteError(f"{NAME} has changed since this was shown, so it was not written. Review it again.")
    try:
        write_whole(place.resolve(), text.encode(), durable=True)
    except OSError as error:
        raise TomlWriteError(f"{NAME} cannot be written: {error.strerror}. The file is unchanged.") from error
