"""What a worker must know when it starts, before it imports anything of others; most runs need nothing of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from workbench.domain import Dependencies, EnvironmentVariable, RunRequest
from workbench.runner.environment import needs_own_start

SPARE_PACKAGES = frozenset(
    {
        "aiohappyeyeballs",
        "aiohttp",
        "aiosignal",
        "attrs",
        "frozenlist",
        "idna",
        "jsonschema",
        "jsonschema-rs",
        "jsonschema-specifications",
        "multidict",
        "propcache",
        "referencing",
        "rpds-py",
        "typing-extensions",
        "yarl",
    }
)
"""The packages that a spare has imported: another release of one of them is of no use to it."""


@dataclass(frozen=True, slots=True)
class WorkerStart:
    """The ``variables`` of a worker's environment, and the folders that it imports from before all that is installed.

    ``is_own`` is whether a spare, which has started without them, will not do.
    """

    variables: tuple[EnvironmentVariable, ...] = ()
    folders: tuple[Path, ...] = ()
    is_own: bool = False

    @classmethod
    def of(cls, request: RunRequest) -> Self:
        """The start that a run needs."""
        folders = (request.root.absolute() / "dependencies",) if _replaces_imported(request.dependencies) else ()
        return cls(request.environment, folders, bool(folders) or needs_own_start(request.environment))

    @property
    def arguments(self) -> list[str]:
        """The arguments of the worker's command, after its descriptors."""
        if not self.folders:
            return []
        return [json.dumps({"folders": [str(folder) for folder in self.folders], "sdk": "", "sdk_release": ""})]


def _replaces_imported(dependencies: Dependencies) -> bool:
    return any(one.name in SPARE_PACKAGES for one in dependencies.replaced)
