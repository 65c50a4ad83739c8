"""What this machine remembers for the pages: the last folders, the layout of the catalog, the editor of links."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from workbench.profiles.private_folder import PrivateFolder, ProfilesError

MOST = 12
"""Folders that are remembered."""
_FILE = "pages.json"


class Layout(StrEnum):
    """How the catalog is laid out."""

    CARDS = "cards"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class RecentFolder:
    """A folder that was opened, at ``opened_at`` in seconds since the epoch."""

    path: str
    opened_at: float


@dataclass(frozen=True, slots=True)
class _State:
    folders: tuple[RecentFolder, ...] = ()
    layout: Layout | None = None
    editor: str | None = None


class LocalState:
    """Reads and writes one small file; without a ``folder`` it is in memory.

    It is a convenience: where the file cannot be read or written, nothing is remembered and nothing fails.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = PrivateFolder(folder) if folder else None
        self._lock = threading.Lock()
        self._in_memory = _State()

    @classmethod
    def of_this_machine(cls) -> Self:
        """The state in the person's folder for such files."""
        import platformdirs  # not needed where a folder is given

        return cls(platformdirs.user_state_path("autohive-workbench"))

    @property
    def folders(self) -> tuple[RecentFolder, ...]:
        """The folders that were opened, the last one first."""
        return self._read().folders

    @property
    def layout(self) -> Layout | None:
        """The layout that was chosen, None where none was."""
        return self._read().layout

    @property
    def editor(self) -> str | None:
        """The editor that was chosen, as a name or an address; None where none was."""
        return self._read().editor

    def choose_editor(self, editor: str) -> None:
        """Remember an editor."""
        self._change(lambda old: replace(old, editor=editor))

    def remember(self, paths: Iterable[Path]) -> None:
        """Put folders at the top of the list."""
        new = tuple(RecentFolder(str(path), time.time()) for path in paths)
        names = {each.path for each in new}

        def change(state: _State) -> _State:
            others = tuple(each for each in state.folders if each.path not in names)
            return replace(state, folders=(new + others)[:MOST])

        self._change(change)

    def forget(self, path: str) -> None:
        """Take a folder off the list."""
        self._change(lambda old: replace(old, folders=tuple(each for each in old.folders if each.path != path)))

    def choose(self, layout: Layout) -> None:
        """Remember a layout."""
        self._change(lambda old: replace(old, layout=layout))

    def _change(self, change: Callable[[_State], _State]) -> None:
        with self._lock:
            self._in_memory = change(self._in_memory)
            if self._folder is not None:
                with suppress(ProfilesError), self._folder.locked():
                    self._folder.write(_FILE, json.dumps(asdict(change(self._read())), indent=2).encode())

    def _read(self) -> _State:
        if self._folder is None:
            return self._in_memory
        try:
            data = self._folder.read(_FILE)
        except ProfilesError:
            return self._in_memory
        return _parsed(data) if data is not None else _State()


def _parsed(data: bytes) -> _State:
    """The state in the file; what is not as it was written is left out."""
    try:
        written = json.loads(data)
        folders = written["folders"]
        layout, editor = written.get("layout"), written.get("editor")
        found = [RecentFolder(each["path"], float(each["opened_at"])) for each in folders]
    except (ValueError, TypeError, KeyError, AttributeError):
        return _State()
    valid = tuple(each for each in found if isinstance(each.path, str) and "\0" not in each.path)
    return _State(
        valid[:MOST],
        Layout(layout) if layout in tuple(Layout) else None,
        editor if isinstance(editor, str) else None,
    )
