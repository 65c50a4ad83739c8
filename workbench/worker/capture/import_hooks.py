"""Calls once a module has been imported: a library is hooked when the integration imports it, never before."""

import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from workbench.worker.capture.patches import Patches

type Action = Callable[[Any], None]


class ImportHooks(MetaPathFinder):
    """The first finder of the import system: it finds nothing itself, and lets the loader of a module call back."""

    def __init__(self, failed: Callable[[str, Exception], None]) -> None:
        self._failed = failed
        self._actions: dict[str, list[Action]] = {}
        self._finding: set[str] = set()

    def install(self) -> None:
        """Start."""
        sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        """Stop; nothing is called back from here on."""
        self._actions.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def when_imported(self, name: str, action: Action) -> None:
        """Call ``action`` with the module ``name``: now if it is imported, else each time once it has been."""
        self._actions.setdefault(name, []).append(action)
        if name in sys.modules:
            self._call(action, sys.modules[name])

    def patch_when_imported(self, name: str, patches: Patches, hook: Callable[[Patches, Any], None]) -> None:
        """Let ``hook`` replace attributes of that module once it is imported; all of them, or none if it fails."""

        def patch(module: Any) -> None:
            own = Patches()
            hook(own, module)
            patches.add(own)

        self.when_imported(name, patch)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """The spec that the other finders find; its loader calls back."""
        if fullname not in self._actions or fullname in self._finding:
            return None
        self._finding.add(fullname)
        try:
            spec = next(filter(None, (_found(finder, fullname, path, target) for finder in list(sys.meta_path))), None)
        finally:
            self._finding.discard(fullname)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            self._call_after(spec.loader, fullname)
        return spec

    def _call_after(self, loader: Any, fullname: str) -> None:
        """Let this loader, which is for one module, call back: its class and the module's are those of any other."""
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module
            execute(module)
            for action in self._actions.get(fullname, ()):
                self._call(action, sys.modules.get(fullname, module))

        try:
            loader.exec_module = exec_module
        except AttributeError as error:
            self._failed(fullname, error)

    def _call(self, action: Action, module: ModuleType) -> None:
        try:
            action(module)
        except Exception as error:
            self._failed(module.__name__, error)


def _found(finder: Any, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
    find = getattr(finder, "find_spec", None)
    spec: ModuleSpec | None = find(fullname, path, target) if find else None
    return spec
