"""The ``config.json`` that a new one is compared with: of another folder, or of a revision in git."""

import subprocess
from pathlib import Path
from typing import Final

from workbench.catalog import Document, parse_document, read_document
from workbench.git_command import TIMEOUT, run_git

_MOST: Final = 20_000_000
_NAME: Final = "config.json"


class PreviousConfigError(Exception):
    """There is nothing to compare with; the message says why and what to do."""


def previous_config(root: Path, against: str) -> Document:
    """The document to compare the integration at ``root`` with. Raises :class:`PreviousConfigError`.

    ``against`` is a folder, or a revision of the git repository that ``root`` lies in (``HEAD``, ``v1.2.0``).
    """
    folder = Path(against)
    if against and folder.is_dir():
        return _usable(read_document(folder), str(folder / _NAME))
    text = _of_revision(root, against)
    return _usable(parse_document(text), f"{_NAME} of {against}")


def _usable(document: Document, where: str) -> Document:
    if isinstance(document.value, dict):
        return document
    reason = document.findings[0] if document.findings else None
    place = f" ({reason.place}: {reason.message})" if reason else ""
    raise PreviousConfigError(f"{where} cannot be compared: it is not a JSON object{place}.")


def _of_revision(root: Path, revision: str) -> str:
    """The text in git. ``cat-file`` runs no filter that a repository may have set."""
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        said = found.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = f" Git says: {said[0]}" if said else ""
        raise PreviousConfigError(f"{revision!r} is neither a folder nor a revision in git at {root}.{reason}")
    commit = found.stdout.decode("ascii", "replace").strip()
    blob = _git(root, "cat-file", "blob", f"{commit}:./{_NAME}")
    if blob.returncode:
        raise PreviousConfigError(f"Revision {revision} has no {_NAME} in this folder, so there is nothing to compare.")
    if len(blob.stdout) > _MOST:
        raise PreviousConfigError(f"{_NAME} of {revision} is larger than {_MOST // 1_000_000} MB.")
    return blob.stdout.decode("utf-8-sig", "replace")


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """A git command in the folder. Raises :class:`PreviousConfigError` where git is missing or hangs."""
    try:
        return run_git(root, *arguments)
    except OSError as error:
        raise PreviousConfigError("git is not installed. Name a folder to compare with instead.") from error
    except subprocess.TimeoutExpired as error:
        raise PreviousConfigError(f"git did not answer within {TIMEOUT} s.") from error
