"""The integrations that the workbench was pointed at."""

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autohive_integrations_sdk import contracts

from workbench.catalog.checks.integration import Examination, examine, watched_code, with_import
from workbench.catalog.checks.saved_checks import SavedChecks
from workbench.catalog.code.module_facts import CodeReads
from workbench.catalog.code.python_source import ModuleCache
from workbench.catalog.config.document import NAME
from workbench.catalog.files.file_cache import FileCache
from workbench.catalog.files.file_reader import CatalogError
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.integration_reader import WatchedIntegration, read, slug
from workbench.domain import Finding, Integration, Outcome, Severity

_MAX_FOLDERS = 5_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder with a config.json. ``is_outside`` where it is a link out of the folder that was opened."""

    root: Path
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """An integration without a look at its code. Unless it is ``whole``, only the code can say the contract."""

    integration: Integration
    whole: bool


class Catalog:
    """Integrations by id, read again when their files change. Safe to use from several threads.

    A path is an integration's folder (it has a ``config.json``) or a folder of them, looked at one level deep and
    hidden folders left out.
    """

    def __init__(self, paths: Sequence[Path] = (), saved: SavedChecks | None = None) -> None:
        """Open every path, in order. Checks are ``saved`` there for other processes. Raises :class:`CatalogError`."""
        self._lock = threading.RLock()
        self._roots: list[Path] = []
        self._ids: dict[Path, str] = {}
        self._by_id: dict[str, Path] = {}
        self._places: dict[Path, _Place] = {}
        self._last_readable: dict[Path, Integration] = {}
        self._saved = saved
        self._read: FileCache[Path, WatchedIntegration] = FileCache()
        self._outlined: FileCache[Path, Outline] = FileCache()
        self._modules = ModuleCache()
        self._checked: FileCache[Path, Examination] = FileCache()
        self._code: FileCache[Path, CodeReads] = FileCache()
        for path in paths:
            self.add(path)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The paths that were opened, absolute, in order."""
        with self._lock:
            return tuple(self._roots)

    def integrations(self) -> tuple[Integration, ...]:
        """All integrations as they stand on disk now, in the order of the roots and of their names."""
        with self._lock:
            return tuple(map(self._current, self._look()))

    def outlines(self) -> tuple[Outline, ...]:
        """The same integrations without a look at their code, which may take seconds for a hundred of them."""
        with self._lock:
            return tuple(map(self._outline, self._look()))

    def get(self, integration_id: str) -> Integration | None:
        """The integration of that id as it stands on disk now, or None."""
        with self._lock:
            place = self._place(integration_id)
            if place is None or not (place.root / NAME).exists(follow_symlinks=False):
                self._look()
                place = self._place(integration_id)
            return self._current(place) if place else None

    def check(
        self, integration: Integration, outcome: Outcome | None = None, *, timeout: float = 0.0
    ) -> tuple[Finding, ...]:
        """The full check as the folder stands on disk now, with ``outcome`` as :func:`workbench.catalog.check` has it.

        Without one it is remembered while nothing in the folder changes.
        """
        examination = self._known(integration.root) or self._examine(integration)
        if outcome is None:
            return examination.findings
        return with_import(examination, integration, outcome, timeout, self._read.peek(integration.root))

    def files_to_watch(self, integration: Integration) -> tuple[Path, ...]:
        """The files that a check looks at, and the folders of the code."""
        return (self._known(integration.root) or self._examine(integration)).watched

    def is_checked(self, integration: Integration) -> bool:
        """Whether :meth:`check` would answer at once."""
        return self._checked.peek(integration.root) is not None

    def reads(self, integration: Integration) -> CodeReads:
        """The keys that the code reads as it stands on disk now: remembered while none of its files changes."""
        if integration.unreadable is None and (known := self._known(integration.root)):
            return known.reads
        return self._code.get(integration.root, lambda: watched_code(integration, self._modules))

    def open(self, path: Path) -> tuple[Outline, ...]:
        """Add an integration or a folder of them; gives those found there. Raises :class:`CatalogError`."""
        with self._lock:
            return tuple(map(self._outline, self.add(path)))

    def _known(self, root: Path) -> Examination | None:
        """The last examination of a folder, by this process or another, if nothing has changed since."""
        known = self._checked.peek(root)
        if known is None and self._saved and (saved := self._saved.load(root)):
            known = self._checked.get(root, lambda: (saved, saved.watched))
        return known

    def _examine(self, integration: Integration) -> Examination:
        """A look at the folder, saved if nothing has changed meanwhile."""
        root = integration.root

        def make() -> tuple[Examination, tuple[Path, ...]]:
            made = examine(integration, self._modules, self._read.peek(root))
            return made, made.watched

        examination = self._checked.get(root, make)
        if self._saved and self._checked.peek(root) is examination:
            self._saved.save(root, examination)
        return examination

    def _place(self, integration_id: str) -> _Place | None:
        root = self._by_id.get(integration_id)
        return self._places.get(root) if root else None

    def add(self, path: Path) -> tuple[_Place, ...]:
        """Add an integration or a folder of them, of which nothing is read yet. Raises :class:`CatalogError`."""
        root = _absolute(path)
        places = _places(root)
        if not places:
            raise CatalogError(_no_integration(root))
        with self._lock:
            if root not in self._roots:
                self._roots.append(root)
            self._places |= {self._named(place).root: place for place in places}
        return places

    def _look(self) -> tuple[_Place, ...]:
        """What lies in the folders that were opened, as it stands on disk now; what is gone is forgotten."""
        self._places = {self._named(place).root: place for path in self._roots for place in _places(path)}
        for cache in (self._read, self._outlined, self._checked, self._code):
            cache.keep_only(self._places.keys())
        return tuple(self._places.values())

    def _outline(self, place: _Place) -> Outline:
        root = place.root
        if place.is_outside or self._read.peek(root) is not None:
            return Outline(self._current(place), whole=True)

        def make() -> tuple[Outline, tuple[Path, ...]]:
            reading = read(root, code=False)
            whole = reading.decision is not None
            return Outline(replace(reading.integration, id=self._id(root)), whole), reading.watched

        found = self._outlined.get(root, make)
        return replace(found, integration=self._with_last(root, found.integration))

    def _current(self, place: _Place) -> Integration:
        root = place.root
        if place.is_outside:
            return _outside(root, self._id(root))

        def make() -> tuple[WatchedIntegration, tuple[Path, ...]]:
            known = self._known(root)
            reading = read(root, cache=self._modules, decided=known.decision if known else None)
            return replace(reading, integration=replace(reading.integration, id=self._id(root))), reading.watched

        return self._with_last(root, self._read.get(root, make).integration)

    def _with_last(self, root: Path, found: Integration) -> Integration:
        """What was read, or what could be read last where ``config.json`` is being edited and is not JSON now."""
        if found.readable:
            self._last_readable[root] = found
            return found
        last = self._last_readable.get(root)
        why = next((each for each in found.findings if each.severity is Severity.ERROR), None)
        return found if last is None or why is None else replace(last, findings=found.findings, unreadable=why)

    def _named(self, place: _Place) -> _Place:
        """The place, once it has an id: ids are given in the order in which folders are found."""
        self._id(place.root)
        return place

    def _id(self, root: Path) -> str:
        """The slug of the folder's name, with a hash of the path where an earlier folder has the same slug."""
        if root not in self._ids:
            plain = slug(root.name)
            digest = hashlib.sha256(os.fsencode(root)).hexdigest()
            candidates = (plain, *(f"{plain}-{digest[:length]}" for length in range(6, 65)))
            self._ids[root] = next(name for name in candidates if name not in self._by_id)
            self._by_id[self._ids[root]] = root
        return self._ids[root]


def _absolute(path: Path) -> Path:
    try:
        absolute = path.expanduser().resolve()
        if absolute.name == NAME and absolute.is_file():
            return absolute.parent
        if absolute.is_dir():
            return absolute
        there = absolute.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise CatalogError(f"{str(path)!r} is not a valid path ({error}). Check the spelling.") from error
    if there:
        raise CatalogError(f"{absolute} is a file. Open the folder that contains config.json.")
    raise CatalogError(f"Folder {absolute} not found. Check the path.")


def _no_integration(root: Path) -> str:
    if not os.access(root, os.R_OK | os.X_OK):
        return f"{root} cannot be read. Check its permissions."
    return f"{root} is not an integration and contains none. Open a folder that contains {NAME}."


def _places(path: Path) -> tuple[_Place, ...]:
    """The opened path itself where it is an integration, else its folders that are."""
    if _is_integration(path):
        return (_Place(path),)
    try:
        with os.scandir(path) as entries:
            folders = [entry for entry, _ in zip(entries, range(_MAX_FOLDERS), strict=False) if _is_folder(entry)]
    except OSError:
        return ()
    found = (path / entry.name for entry in sorted(folders, key=lambda entry: (entry.name.lower(), entry.name)))
    return tuple(_Place(root, not _is_within(path, root)) for root in found if _is_integration(root))


def _is_integration(root: Path) -> bool:
    try:
        return (root / NAME).exists(follow_symlinks=False)
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir()
    except OSError:
        return False


def _is_within(path: Path, root: Path) -> bool:
    try:
        return not root.is_symlink() or root.resolve().is_relative_to(path)
    except (OSError, RuntimeError):
        return False


def _outside(root: Path, integration_id: str) -> Integration:
    why = finding("folder-outside", ".", name=root.name)
    return Integration(integration_id, root, root.name, contracts.DEFAULT, findings=(why,))
