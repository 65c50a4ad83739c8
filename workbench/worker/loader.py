"""The import of an integration: its path, its entry point, its ``Integration`` object."""

import importlib
import importlib.util
import os
import re
import sys
from dataclasses import replace
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from workbench.domain import ErrorInfo, ErrorKind, LoadFailure, RunRequest
from workbench.worker.errors import describe
from workbench.worker.handlers import handler_of
from workbench.worker.hidden_modules import HiddenImport, hide_modules
from workbench.worker.sdk import is_of_sdk
from workbench.worker.source import OwnCode, frame_of

_RELATIVE_IMPORT = re.compile(rb"^\s*from\s+\.", re.MULTILINE)


class LoadError(Exception):
    """The integration could not be loaded. ``info`` has the reason and the fix; the run's status is ``load_failed``."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info.message)
        self.info = info


class FreshLoader(SourceFileLoader):
    """Compiles the integration's own files each time, so that an edit within the same second is seen too.

    It writes no ``__pycache__`` beside them. Modules in ``dependencies`` are loaded and compiled as usual.
    """

    def get_code(self, fullname: str) -> CodeType:
        """The code of the module as its file is now."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def enter(root: Path, entry: Path, own: OwnCode) -> None:
    """Make ``root`` the current folder and the first place to import from, then the entry's own, then dependencies."""

    def own_finder(path: str) -> FileFinder:
        if not own.has(os.path.join(path, "x.py")):  # noqa: PTH118  called for every place there is to import from
            raise ImportError(path)
        return FileFinder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, SOURCE_SUFFIXES))

    os.chdir(root)
    first = dict.fromkeys(str(path) for path in (root, entry.parent, root / "dependencies"))
    sys.path[:] = [*first, *(path for path in sys.path if path not in first)]
    sys.path_hooks.insert(0, own_finder)
    sys.argv[:] = [str(entry)]
    importlib.invalidate_caches()


def load(request: RunRequest, own: OwnCode) -> Any:
    """The integration of the entry point, imported. Anything that user code raises becomes a :class:`LoadError`."""
    entry = request.root / request.entry_point
    if not request.entry_point or not entry.is_file():
        raise _error(
            LoadFailure.ENTRY_POINT_MISSING,
            f"There is no file {request.entry_point!r} in {request.root}. "
            "Set entry_point in config.json to the integration's main file.",
        )
    enter(request.root, entry, own)
    if failed := hide_modules(request.root):
        raise LoadError(_hidden(failed, request.root))
    try:
        module = _import(entry, request.root)
    except BaseException as error:
        raise LoadError(_explain(error, request, own)) from error
    return _find(module, request, own)


def _import(entry: Path, root: Path) -> ModuleType:
    """Run the entry point as a module known by its stem, so that ``from slack import slack`` in a helper finds it."""
    name, package = entry.stem, ""
    if entry.parent != root and (entry.parent / "__init__.py").is_file():
        package = ".".join(entry.parent.relative_to(root).parts)
        importlib.import_module(package)
    # A main file with "from . import x" must be a package itself; any other stays a plain module.
    relative = not package and _RELATIVE_IMPORT.search(entry.read_bytes())
    if entry.suffix not in SOURCE_SUFFIXES:
        raise ImportError(f"{entry.name} is not a Python file: entry_point must end in .py.")
    qualified = f"{package}.{name}" if package else name
    loader = FreshLoader(qualified, str(entry))
    spec = ModuleSpec(qualified, loader, origin=str(entry))
    spec.has_location = True
    spec.submodule_search_locations = [str(entry.parent)] if relative else None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = sys.modules[qualified] = module
    loader.exec_module(module)
    return module


def _explain(error: BaseException, request: RunRequest, own: OwnCode) -> ErrorInfo:
    info = replace(describe(error, own), kind=ErrorKind.IMPORT)
    if isinstance(error, SystemExit | KeyboardInterrupt):
        message = f"{request.entry_point} ended the process while it was imported ({info.type}: {info.message})."
        return replace(info, message=message)
    return info


def _hidden(failed: HiddenImport, root: Path) -> ErrorInfo:
    files = " and ".join(failed.files[:3])
    message = (
        f"The SDK cannot be imported ({failed.type}: {failed.message}), because {files} in the integration's folder "
        "hides a module that it needs. Rename the file: on the platform no code of this integration runs."
    )
    frames = tuple(frame_of(str(root / file), 1) for file in failed.files)
    return ErrorInfo(LoadFailure.HIDDEN_MODULE, message, frames=frames, kind=ErrorKind.IMPORT)


def _find(module: ModuleType, request: RunRequest, own: OwnCode) -> Any:
    """The integration of the entry point, or of any own module; of several, one with the requested handler."""
    others = [other for other in list(sys.modules.values()) if own.has(getattr(other, "__file__", None) or "")]
    found = [value for one in (module, *others) for value in vars(one).values() if is_of_sdk(value, "Integration")]
    if not found:
        raise _error(
            LoadFailure.INTEGRATION_MISSING,
            f"{request.entry_point} has no Integration object. "
            "Add a line such as `my_integration = Integration.load()` to it.",
        )
    return next((one for one in found if handler_of(one, request.kind, request.name)), found[0])


def _error(failure: LoadFailure, message: str) -> LoadError:
    return LoadError(ErrorInfo(failure, message, kind=ErrorKind.IMPORT))
