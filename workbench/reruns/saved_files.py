"""Which files of an integration matter to a run."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from workbench.domain import INSTALLED_FOLDERS, Run

_CACHES: Final = frozenset({"__pycache__", "build", "dist"})
_NOT_READ: Final = frozenset(
    {".md", ".pyc", ".svg", ".png", ".jpg", ".gif", ".ico", ".log", ".tmp", ".swp", ".bak", ".orig"}
)
"""Ends of names of files that a handler is not expected to read."""
_TESTS: Final = "tests"


def is_left_out(name: str) -> bool:
    """Whether this is the name of something installed, cached or hidden, such as a folder of version control."""
    return name in INSTALLED_FOLDERS or name in _CACHES or name.startswith(".") or name.endswith("~")


def concerns(run: Run, files: Iterable[str]) -> tuple[str, ...]:
    """Those of the saved ``files`` (relative to the folder) that may change what ``run`` does, sorted.

    Of Python files those that the run imported; all where its code failed to load, since what failed is not among
    them. Of others all but tests, pictures and documents: what a handler reads is not known.
    """
    return tuple(sorted(file for file in files if _matters(run, PurePosixPath(file))))


def _matters(run: Run, file: PurePosixPath) -> bool:
    if any(map(is_left_out, file.parts)) or file.parts[0] == _TESTS:
        return False
    if file.suffix == ".py":
        outcome = run.outcome
        return str(file) in outcome.files or outcome.started_at is None
    return file.suffix.lower() not in _NOT_READ
