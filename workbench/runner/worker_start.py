"""What a worker must know when it starts, before it imports anything of others; most runs need nothing of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from workbench.domain import REIMPORTED, Dependencies, EnvironmentVariable, RunRequest
from workbench.runner.environment import needs_own_start
from workbench.system import system

OPTIONAL_PACKAGES = frozenset({"aiodns", "backports-zstd", "brotli", "brotlicffi", "pycares"})
"""What aiohttp imports where it is installed, and then asks servers for other encodings."""
SPARE_PACKAGES = (
    OPTIONAL_PACKAGES
    | system().packages
    | frozenset(
        {
            "aiohappyeyeballs",
            "aiohttp",
            "aiosignal",
            "attrs",
            "frozenlist",
            "idna",
            "jsonschema",
            "jsonschema-specifications",
            "msgspec",
            "multidict",
            "propcache",
            "referencing",
            "rpds-py",
            "typing-extensions",
            "yarl",
        }
    )
)
"""The packages that a spare has imported: another release of one of them is of no use to it."""


@dataclass(frozen=True, slots=True)
class WorkerStart:
    """The ``variables`` of a worker's environment, and the folders that it imports from before all that is installed.

    ``sdk`` is the folder with a published release of the SDK, None for ours, and ``sdk_release`` that release.
    ``is_own`` is whether a spare, which has started without all this, will not do; ``replays`` whether it needs what
    gives answers other than the network's.
    """

    variables: tuple[EnvironmentVariable, ...] = ()
    folders: tuple[Path, ...] = ()
    sdk: Path | None = None
    sdk_release: str = ""
    is_own: bool = False
    replays: bool = False

    @classmethod
    def of(cls, request: RunRequest, release: Path | None = None) -> Self:
        """The start that a run needs; ``release`` is the folder of the published SDK that it asks for."""
        variables, chosen = request.environment, request.sdk
        dependencies = request.root.absolute() / "dependencies"
        if not chosen.is_ours:
            folders = (dependencies,) if release is None else (dependencies, release)
            return cls(variables, folders, release or dependencies, chosen.release, is_own=True)
        if _replaces_imported(request.dependencies):
            return cls(variables, (dependencies,), is_own=True)
        return cls(variables, is_own=needs_own_start(variables), replays=request.answers.are_changed)

    @property
    def arguments(self) -> list[str]:
        """The arguments of the worker's command, after its descriptors."""
        if not self.folders:
            return []
        folders, sdk = [str(folder) for folder in self.folders], str(self.sdk) if self.sdk else ""
        return [json.dumps({"folders": folders, "sdk": sdk, "sdk_release": self.sdk_release})]


def _replaces_imported(dependencies: Dependencies) -> bool:
    """Whether a spare has imported another release, or has found that there is none."""
    return any(one.name in SPARE_PACKAGES - REIMPORTED for one in dependencies.replaced) or any(
        one.name in OPTIONAL_PACKAGES and one.vendored and not one.environment for one in dependencies.requirements
    )
