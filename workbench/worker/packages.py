"""The packages that a run has imported, with their releases, by the names of the folders that they came from."""

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from workbench.domain import INSTALLED_FOLDERS, ImportedPackage, PackagePlace
from workbench.domain.module_names import bringing, canonical_name, distribution_of
from workbench.worker.import_path import ImportPath
from workbench.worker.sdk import PACKAGE

_OURS = (PACKAGE, "workbench")


def imported_packages(root: Path, path: ImportPath) -> tuple[ImportedPackage, ...]:
    """The packages, in the order of their names; those of the integration's own code and of Python are left out."""
    dependencies = str(root / "dependencies")
    places = dict.fromkeys(path.folders, PackagePlace.SDK) | {dependencies: PackagePlace.DEPENDENCIES}
    found = {
        name: ImportedPackage(name, release, places.get(folder, PackagePlace.ENVIRONMENT))
        for module, folder in _modules()
        for name, release in _package(module, folder)
    }
    return tuple(found[name] for name in sorted(found))


def imported_files(root: Path) -> tuple[str, ...]:
    """The files of the integration's own modules, relative to its folder, sorted; without those in packages."""
    start = f"{root}{os.sep}"
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    own = {file.removeprefix(start) for file in files if isinstance(file, str) and file.startswith(start)}
    return tuple(sorted(file.replace(os.sep, "/") for file in own if not INSTALLED_FOLDERS & {*Path(file).parts}))


def _modules() -> Iterator[tuple[str, str]]:
    """The modules that a package may bring, and the folder that each was imported from."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in sys.stdlib_module_names or name.partition(".")[0] in _OURS:
            continue
        file = getattr(module, "__file__", None)
        if not isinstance(file, str):
            continue
        depth = name.count(".") + (os.path.basename(file).startswith("__init__."))  # noqa: PTH119 - called often
        folder = file
        for _ in range(depth + 1):
            folder = os.path.dirname(folder)  # noqa: PTH120
        parent = sys.modules.get(name.rpartition(".")[0])
        if parent is None or not isinstance(getattr(parent, "__file__", None), str):  # not inside a known package
            yield name, folder


def _package(module: str, folder: str) -> Iterator[tuple[str, str]]:
    releases = _distributions(folder)
    if not releases:
        return
    exact = canonical_name(module)
    if name := exact if exact in releases else bringing(module, releases):
        yield name, releases[name]


def _distributions(folder: str) -> Mapping[str, str]:
    try:
        return _listed(folder, os.stat(folder).st_mtime_ns)  # noqa: PTH116
    except OSError:
        return {}


@cache
def _listed(folder: str, changed: int) -> Mapping[str, str]:
    """The distributions of a folder as it was when it ``changed``; read before the fork where a worker is forked."""
    return dict(filter(None, map(distribution_of, os.listdir(folder))))  # noqa: PTH208
