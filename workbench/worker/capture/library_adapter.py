"""What the adapters of libraries begin with: their recorder, and the functions that they replace."""

from collections.abc import Callable
from typing import Any

from workbench.worker.capture.import_hooks import ImportHooks
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder


class LibraryAdapter:
    """Replaces functions of a library that the worker has imported. A subclass has ``install``."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches = Patches()

    def uninstall(self) -> None:
        """Stop; the library is as it was."""
        self._patches.undo()


class ImportedLibraryAdapter(LibraryAdapter):
    """The same of a library that the integration imports, or does not."""

    def __init__(self, recorder: Recorder, imports: ImportHooks) -> None:
        super().__init__(recorder)
        self._imports = imports

    def _when_imported(self, module: str, hook: Callable[[Patches, Any], None]) -> None:
        """Let ``hook`` replace attributes of that module once it is imported; all of them, or none if it fails."""
        self._imports.patch_when_imported(module, self._patches, hook)
