"""The integration's own modules, read as text: each text is parsed and walked once."""

import ast
import contextlib
import hashlib
import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.catalog.code.module_facts import CodeReads, ModuleFacts
from workbench.catalog.code.module_walk import module_facts
from workbench.catalog.code.reads import code_reads
from workbench.catalog.files.file_reader import MAX_SOURCE, UnreadableError, inside, read_text
from workbench.catalog.findings.check_registry import finding
from workbench.catalog.findings.ignores import comments_of_source
from workbench.domain import Finding
from workbench.jsondoc.collection import no_collection

_MAX_MODULES = 200
_MAX_NAMES = 10_000
_MAX_CACHED = 2_000


@dataclass(frozen=True, slots=True)
class UnreadableModule:
    """A module that was not read or does not parse, and what there is to say about it."""

    path: str
    finding: Finding


class ModuleCache:
    """What modules say, by path and content; of too many the one that was not asked for longest is forgotten.

    Safe to use from several threads: two that ask for the same text at once may both walk it.
    """

    def __init__(self, most: int = _MAX_CACHED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, bytes], ModuleFacts | UnreadableModule] = OrderedDict()
        self._linked: OrderedDict[tuple[int, ...], tuple[tuple[ModuleFacts, ...], CodeReads]] = OrderedDict()

    def facts(self, path: str, text: str) -> ModuleFacts | UnreadableModule:
        """The facts of the module at ``path`` in its integration with this text."""
        key = path, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            known = self._known.pop(key, None)
            if known is not None:
                self._known[key] = known
                return known
        made = _walked(path, text)
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return made

    def reads(self, modules: Sequence[ModuleFacts]) -> CodeReads:
        """The reads of the modules of one integration, the entry point first."""
        key = tuple(map(id, modules))
        with self._lock:
            known = self._linked.pop(key, None)
            if known is not None:
                self._linked[key] = known
                return known[1]
        found = code_reads(modules)
        with self._lock:
            self._linked[key] = tuple(modules), found
            while len(self._linked) > self._most:
                self._linked.popitem(last=False)
        return found


def modules(root: Path, entry_point: str, cache: ModuleCache) -> Iterator[ModuleFacts | UnreadableModule]:
    """The entry point and every module inside the folder that it imports, directly or through others."""
    pending, seen, folders = [entry_point], {entry_point}, _Folders(root)
    while pending and len(seen) <= _MAX_MODULES:
        module = _module(root, pending.pop(0), cache)
        yield module
        if isinstance(module, ModuleFacts):
            for path in _local_imports(folders, module):
                if path not in seen:
                    seen.add(path)
                    pending.append(path)


def _module(root: Path, path: str, cache: ModuleCache) -> ModuleFacts | UnreadableModule:
    try:
        return cache.facts(path, read_text(root, path, most=MAX_SOURCE).text)
    except UnreadableError as error:
        return UnreadableModule(path, finding(f"file-{error.code}", path, error.line, 1, message=error))


def _walked(path: str, text: str) -> ModuleFacts | UnreadableModule:
    try:
        with warnings.catch_warnings(), no_collection():
            warnings.simplefilter("ignore")
            return replace(module_facts(path, ast.parse(text)), ignores=comments_of_source(path, text))
    except SyntaxError as error:
        place = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        return UnreadableModule(path, finding("source-invalid", path, *place, module=path, reason=error.msg))
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or "it is too deep for Python"
        return UnreadableModule(path, finding("source-invalid", path, 1, 1, module=path, reason=reason))


class _Folders:
    """The names in the folders of an integration, each folder listed once. Folders are relative, "" is its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._entries: dict[str, dict[str, bool]] = {}

    def modules(self, folder: str, name: str) -> Iterator[str]:
        """The files of the module and of the package called ``name`` in a folder."""
        place = f"{folder}/{name}" if folder else name
        if self.has(folder, name) and self._has_file(place, "__init__.py"):
            yield f"{place}/__init__.py"
        if self._has_file(folder, f"{name}.py"):
            yield f"{place}.py"

    def has(self, folder: str, name: str) -> bool:
        """Whether a folder has that name."""
        return name in self._listed(folder)

    def _has_file(self, folder: str, name: str) -> bool:
        is_plain = self._listed(folder).get(name)
        if is_plain is None or is_plain:
            return bool(is_plain)
        found = inside(self._root, f"{folder}/{name}" if folder else name)
        return found is not None and found.is_file()

    def _listed(self, folder: str) -> dict[str, bool]:
        """The names in a folder, and whether each is a file that no link leads to."""
        known = self._entries.get(folder)
        if known is None:
            known = self._entries[folder] = dict(self._scanned(folder))
        return known

    def _scanned(self, folder: str) -> Iterator[tuple[str, bool]]:
        place = inside(self._root, folder) if folder else self._root
        if place is None:
            return
        with contextlib.suppress(OSError, ValueError), os.scandir(place) as entries:
            for entry, _ in zip(entries, range(_MAX_NAMES), strict=False):
                yield entry.name, entry.is_file(follow_symlinks=False)


def _local_imports(folders: _Folders, module: ModuleFacts) -> Iterator[str]:
    """The files that a module's imports load, if they are the integration's own."""
    asked: set[tuple[str, str]] = set()
    for each in module.imports:
        base = _base(module.path, each.level)
        if base is None:
            continue
        for name in (each.module, f"{each.module}.{each.name}"):
            if (base, name) not in asked:
                asked.add((base, name))
                yield from _files(folders, base, name)


def _base(path: str, level: int) -> str | None:
    """The folder that an import starts from; None where its dots lead out of the integration's."""
    parents = path.split("/")[:-1]
    if not level:
        return ""
    return "/".join(parents[: len(parents) - level + 1]) if level <= len(parents) + 1 else None


def _files(folders: _Folders, base: str, dotted: str) -> Iterator[str]:
    """The files of a dotted name below ``base``: every package's ``__init__.py`` on the way, and the module."""
    for step in dotted.split("."):
        if step and step != "*":
            yield from folders.modules(base, step)
            if not folders.has(base, step):
                return
            base = f"{base}/{step}" if base else step
