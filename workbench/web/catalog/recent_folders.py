"""The folders that were opened before, as the catalog offers them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.local_state import RecentFolder
from workbench.web.ui.moments import Moment, moment

SHOWN = 6


@dataclass(frozen=True, slots=True)
class FolderOffer:
    """A folder to open: its name, its path as it is posted, and its parent with the home folder as ``~``."""

    name: str
    path: str
    parent: str
    at: Moment


def offers(folders: Iterable[RecentFolder], open_roots: Iterable[Path]) -> tuple[FolderOffer, ...]:
    """The last folders, without those that are open, themselves or with the folder around them."""
    roots = tuple(open_roots)
    left = [each for each in folders if not any(Path(each.path).is_relative_to(root) for root in roots)]
    return tuple(_offer(each) for each in left[:SHOWN])


def _offer(folder: RecentFolder) -> FolderOffer:
    path = Path(folder.path)
    return FolderOffer(path.name or str(path), folder.path, _short(path.parent), moment(folder.opened_at))


def _short(path: Path) -> str:
    """The path, the home folder in it as ``~``."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)
