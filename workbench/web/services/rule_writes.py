"""``RuleWrites``: the last change that the page of rules made to each ``workbench.toml``, so that it can be undone."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final

from workbench.catalog.config.writer import text_digest
from workbench.catalog.workbench_toml_writer import TomlWriteError, toml_text, write_toml

_MOST: Final = 50
"""Files whose last change is remembered."""


@dataclass(frozen=True, slots=True)
class RuleWrite:
    """The text before and after a change; ``title`` says what was done."""

    before: str = field(repr=False)
    after: str = field(repr=False)
    title: str
    is_undone: bool = False

    @property
    def digest(self) -> str:
        """That of the file as this left it."""
        return text_digest(self.before if self.is_undone else self.after)


class RuleWrites:
    """Writes changes of rules and remembers the last of each folder, as long as the workbench runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._writes: OrderedDict[Path, RuleWrite] = OrderedDict()

    def write(self, root: Path, digest: str, write: RuleWrite) -> None:
        """Make a change where the file is still that of ``digest``. Raises :class:`TomlWriteError`."""
        with self._lock:
            write_toml(root, digest, write.after)
            self._writes[root] = write
            self._writes.move_to_end(root)
            if len(self._writes) > _MOST:
                self._writes.popitem(last=False)

    def last(self, root: Path) -> RuleWrite | None:
        """The last change, where the file is still as it left it."""
        with self._lock:
            write = self._writes.get(root)
        try:
            return write if write is not None and text_digest(toml_text(root)) == write.digest else None
        except TomlWriteError:
            return None

    def undo(self, root: Path) -> None:
        """Put back the text before the last change. Raises :class:`TomlWriteError`."""
        with self._lock:
            write = self._writes.get(root)
            if write is None or write.is_undone:
                raise TomlWriteError("There is no change of workbench.toml to undo.")
            write_toml(root, write.digest, write.before)
            self._writes[root] = replace(write, is_undone=True)
