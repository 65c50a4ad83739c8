"""The installation of an integration's requirements into its ``dependencies/``."""

from collections.abc import Iterator
from pathlib import Path

from workbench.catalog.files.file_reader import UnreadableError, read_bytes
from workbench.catalog.packages.distributions import vendored_names
from workbench.domain.module_names import distribution_of
from workbench.installer.installation import Installation

DEPENDENCIES = "dependencies"
LEFTOVER = f".{DEPENDENCIES}-installation"
FILE = "requirements.txt"
_MAX_RECORD = 4 * 1024 * 1024


def install_requirements(root: Path) -> Installation:
    """Start ``pip install -r requirements.txt --target dependencies``. Raises as :class:`Installation` does."""
    root = root.absolute()
    return Installation(("-r", FILE), root, root / DEPENDENCIES, keep=tuple(sorted(_by_hand(root))))


def _by_hand(root: Path) -> Iterator[str]:
    """The entries of ``dependencies/`` that no installer has put there, by its own records: they are kept."""
    names = vendored_names(root)
    installed = {top for name in names if distribution_of(name) for top in _recorded(root, name)}
    for name in names - installed:
        if distribution_of(name) is None and name not in ("bin", "__pycache__"):
            yield name


def _recorded(root: Path, info: str) -> set[str]:
    """The top names of the files that a distribution's record lists."""
    try:
        text = read_bytes(root, f"{DEPENDENCIES}/{info}/RECORD", most=_MAX_RECORD).decode("utf-8", "replace")
    except UnreadableError:
        return set()
    return {line.partition(",")[0].strip('"').partition("/")[0] for line in text.splitlines()}
