"""``ConfigWrites``: the last change that the workbench wrote to each ``config.json``, so that it can be undone."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final

from workbench.catalog import FileChange, WriteError, config_digest, restore, text_digest

_MOST: Final = 50
"""Files whose last change is remembered."""


@dataclass(frozen=True, slots=True)
class ConfigWrite:
    """A change of a file. ``title`` says what it does; ``run_ids`` are the run that led to it and the one after it."""

    change: FileChange = field(repr=False)
    title: str
    run_ids: tuple[str, ...]
    is_undone: bool = False

    @property
    def digest(self) -> str:
        """That of the file as this left it."""
        return text_digest(self.change.before if self.is_undone else self.change.after)


class ConfigWrites:
    """The last change of each folder's ``config.json``, as long as the workbench runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._writes: OrderedDict[Path, ConfigWrite] = OrderedDict()

    def put(self, root: Path, write: ConfigWrite) -> None:
        """Remember a change in place of the one before it."""
        with self._lock:
            self._writes[root] = write
            self._writes.move_to_end(root)
            if len(self._writes) > _MOST:
                self._writes.popitem(last=False)

    def last(self, root: Path) -> ConfigWrite | None:
        """The last change, where the file is still as it left it."""
        with self._lock:
            write = self._writes.get(root)
        return write if write is not None and config_digest(root) == write.digest else None

    def of_run(self, root: Path, run_id: str) -> ConfigWrite | None:
        """The last change, where that run has to do with it and the file is still as it left it."""
        with self._lock:
            write = self._writes.get(root)
        return self.last(root) if write is not None and run_id in write.run_ids else None

    def follow(self, root: Path, run_id: str, after: str) -> None:
        """Note that ``run_id`` repeats the run ``after``, which the last change has to do with."""
        with self._lock:
            write = self._writes.get(root)
            if write and after in write.run_ids:
                self._writes[root] = replace(write, run_ids=(*write.run_ids, run_id)[-3:])

    def undo(self, root: Path) -> ConfigWrite:
        """Put back the text before the last change. Raises :class:`WriteError` where the file is no longer that one."""
        with self._lock:
            write = self._writes.get(root)
            if write is None or write.is_undone:
                raise WriteError("There is no change of config.json to undo.")
            restore(root, write.digest, write.change.before)
            undone = self._writes[root] = replace(write, is_undone=True)
        return undone
