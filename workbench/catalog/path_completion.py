"""Completing a folder's path while it is typed."""

import os
from itertools import islice
from pathlib import Path

from workbench.catalog.config.document import NAME

_MOST = 50
_MOST_LOOKED_AT = 5_000


def complete_folder(typed: str) -> tuple[str, ...]:
    """Folders whose path begins with what was typed, sorted, at most 50; what cannot be read completes to nothing.

    An integration's folder comes without a slash at its end, any other with one, so that typing goes on in it. What
    was typed stays as it is, a ``~`` included; nothing typed begins at the home folder. Hidden folders come only where
    their dot was typed.
    """
    parent, slash, begun = (typed or "~/").rpartition("/")
    try:
        folder = Path(parent + slash).expanduser() if slash else Path()
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MOST_LOOKED_AT) if _fits(entry, begun)]
    except (OSError, RuntimeError, ValueError):
        return ()
    return tuple(f"{parent}{slash}{name}{_end(folder / name)}" for name in sorted(names, key=str.lower)[:_MOST])


def _fits(entry: os.DirEntry[str], begun: str) -> bool:
    if not entry.name.isprintable() or not entry.name.lower().startswith(begun.lower()):
        return False
    if entry.name.startswith(".") and not begun.startswith("."):
        return False
    try:
        return entry.is_dir()
    except OSError:
        return False


def _end(folder: Path) -> str:
    try:
        return "" if (folder / NAME).exists() else "/"
    except OSError:
        return "/"
