"""The integration's own modules, read as text: each text is parsed and walked once."""

import ast
import hashlib
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.catalog.check_registry import finding
from workbench.catalog.file_reader import MAX_SOURCE, UnreadableError, inside, read_text
from workbench.catalog.module_facts import ImportedName, ModuleFacts
from workbench.catalog.module_walk import module_facts
from workbench.domain import Finding

_MAX_MODULES = 200
_MAX_CACHED = 4_000


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


def modules(root: Path, entry_point: str, cache: ModuleCache) -> Iterator[ModuleFacts | UnreadableModule]:
    """The entry point and every module inside the folder that it imports, directly or through others."""
    pending, seen = [entry_point], {entry_point}
    while pending and len(seen) <= _MAX_MODULES:
        module = _module(root, pending.pop(0), cache)
        yield module
        if isinstance(module, ModuleFacts):
            for path in _local_imports(root, module):
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return module_facts(path, tree)
    except SyntaxError as error:
        place = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        return UnreadableModule(path, finding("source-invalid", path, *place, module=path, reason=error.msg))
    except (ValueError, RecursionError, MemoryError) as error:
        reason = str(error) or "it is too deep for Python"
        return UnreadableModule(path, finding("source-invalid", path, 1, 1, module=path, reason=reason))


def _local_imports(root: Path, module: ModuleFacts) -> Iterator[str]:
    asked: set[tuple[PurePosixPath, str]] = set()
    for each in module.imports:
        base = _base(module.path, each)
        if base is None:
            continue
        dotted = ".".join(filter(None, (each.module, each.name)))
        for name in (each.module, dotted):
            if (base, name) not in asked:
                asked.add((base, name))
                yield from _files(root, base, name)


def _base(path: str, imported: ImportedName) -> PurePosixPath | None:
    """The folder that an import starts from; None where its dots lead out of the integration's."""
    if not imported.level:
        return PurePosixPath()
    parents = PurePosixPath(path).parents
    return parents[imported.level - 1] if imported.level <= len(parents) else None


def _files(root: Path, base: PurePosixPath, dotted: str) -> Iterator[str]:
    """The files of a dotted name below ``base``: every package's ``__init__.py`` on the way, and the module."""
    steps = [step for step in dotted.split(".") if step and step != "*"]
    for count in range(1, len(steps) + 1):
        place = base.joinpath(*steps[:count])
        for path in (f"{place}/__init__.py", f"{place}.py"):
            found = inside(root, path)
            if found is not None and found.is_file():
                yield path
